# الأرشيف: إدخال الوثائق وقراءتها والبحث فيها

archive-upload-title = إدخال الوثائق
archive-upload-lead = اختر نوع الوثيقة وقسيمتها، ثم أفلت ملفات المسح الضوئي. يُقرأ كل ملف صفحةً صفحة ويظهر في البحث فور قراءته.
-types-read = {"\u200F"}PDF أو DXF أو TIFF أو JPEG أو PNG أو WebP أو JPEG 2000 أو HEIC
archive-upload-hint = ملفات { -types-read }، حتى ‎300‎ ميغابايت للملف. ما تكتبه أعلاه يسري على كل ملف ترسله بعده.
archive-recent = آخر ما أُدخل
archive-documents = الوثائق
archive-all-documents = كل الوثائق
archive-document = الوثيقة
archive-title = العنوان
archive-kind = نوع الوثيقة
archive-kind-choose = اختر النوع
archive-parcel = القسيمة
archive-parcel-hint = رمز المنطقة ثم القطعة ثم القسيمة، مثل { $example }
archive-owner = اسم المالك
archive-year = السنة
archive-state = الحالة
archive-pages = الصفحات
archive-words = الكلمات
archive-doubts = كلمات فيها شك
archive-filed-at = تاريخ الإدخال
archive-file = الملف
archive-confidential = وثيقة سرية
archive-confidential-hint = لا يفتحها ولا يجدها في البحث إلا من يحمل صلاحية السرية.
archive-none = لا وثائق بعد
archive-none-text = ما تُدخله يظهر هنا مع تقدّم قراءته.
archive-on-file = هذا الملف محفوظ من قبل بوصفه «{ $kind }»، ولم يُسجَّل مرة ثانية.
archive-on-file-there = هذا الملف محفوظ هناك من قبل، ولم يُسجَّل مرة ثانية.
archive-correct-filing = تصحيح القيد
archive-correct-filing-lead = صحّح نوع الوثيقة وما كُتب عنها عند إدخالها. يُحفظ ما كان وما صار في سجل التدقيق.
archive-correct-filing-hint = القسيمة والسرية لا تُغيَّران هنا: الملف نفسه لقسيمة أخرى وثيقة أخرى، فأدخله لها من جديد.
archive-correct-filing-save = صحّح القيد
archive-correct-filing-leave = اترك القيد كما هو
archive-filing-corrected = صُحّح قيد الوثيقة
archive-filing-corrected-text = تظهر الوثيقة في البحث بقيدها الجديد خلال لحظات.
archive-filing-unchanged = القيد المحفوظ هو ما كتبته، فلم يتغيّر شيء.
archive-filing-compared = ما كتبته وما هو محفوظ الآن
archive-filing-field = الحقل
archive-filing-typed = ما كتبته
archive-filing-stands = المحفوظ الآن
archive-yes = نعم
archive-no = لا
archive-same-bytes = الملف نفسه محفوظ من قبل
archive-same-bytes-text = هذا الملف مطابق تمامًا لوثيقة سابقة. حُفظ الملف مرة واحدة، وسُجّلت الوثيقة في الموضعين.
archive-reading-now = تُقرأ الصفحات
archive-waiting-to-be-read = الوثيقة محفوظة وتنتظر دورها في القراءة.
archive-refused = لم تُقرأ هذه الوثيقة
archive-stopped = توقفت
archive-stopped-again = أعد قراءتها من صفحتها
archive-stopped-lead = وثائق توقفت قراءتها قبل تمامها. أصولها محفوظة، وتُعاد قراءة كلٍّ منها من صفحتها.
archive-stopped-none = لا وثائق توقفت قراءتها
archive-reading-stopped = توقفت قراءة هذه الوثيقة قبل تمامها
archive-reading-stopped-text = حُفظ الأصل. اختر «اقرأها من جديد»، وإن تكرر ذلك فأبلغ مسؤول النظام.
archive-page-n = صفحة { $n }
archive-page-of = صفحة { $n } من { $total }
archive-original = تنزيل الملف الأصلي
archive-searchable = تنزيل نسخة PDF قابلة للبحث
archive-searchable-ask = إعداد نسخة PDF قابلة للبحث
archive-searchable-asked = تُعدّ الآن نسخة PDF القابلة للبحث، ويمكن تنزيلها من هنا فور اكتمالها.
archive-searchable-none = تعذّر إعداد نسخة PDF قابلة للبحث من هذه الوثيقة
archive-searchable-stopped-text = توقف إعدادها قبل تمامه. اطلبها من جديد، وإن تكرر ذلك فأبلغ مسؤول النظام.
archive-read-again = اقرأها من جديد
archive-back-to-results = نتائج البحث
archive-scan-of = صورة الصفحة { $n }
archive-no-picture = لا صورة لهذه الصفحة
archive-text = النص المقروء
archive-text-hint = قرأه الحاسوب من الصورة. الأرقام التي تحتها خط متقطع تحتاج إلى مقارنة بالصورة.
archive-no-text = لا نص في هذه الصفحة.
archive-in-doubt = قارنه بالصورة
archive-search-page = ابحث في هذه الصفحة
archive-search-title = البحث في الأرشيف
archive-search-label = ما الذي تعرفه؟
archive-search-hint = اسم مالك، أو رقم قسيمة أو رخصة، أو بعض كلمة. ضع العبارة بين علامتي تنصيص «…» لتُطلب كما هي.
archive-found = { $documents ->
    [zero] لا وثائق
    [one] وثيقة واحدة
    [two] وثيقتان
    [few] { $documents } وثائق
    [many] { $documents } وثيقة
   *[other] { $documents } وثيقة
}، { $pages ->
    [zero] لا صفحات
    [one] صفحة واحدة
    [two] صفحتان
    [few] { $pages } صفحات
    [many] { $pages } صفحة
   *[other] { $pages } صفحة
}
archive-nothing-found = لم نجد ما يطابق
archive-nothing-found-text = جرّب كلمات أقل، أو بداية الكلمة وحدها، أو احذف التضييق. لا فرق بين أ وا، ولا بين ة وه، ولا بين الأرقام العربية والهندية.
archive-widen = احذف هذا التضييق
archive-more-pages = { $count ->
    [zero] لا صفحات أخرى
    [one] وصفحة أخرى في هذه الوثيقة
    [two] وصفحتان أخريان في هذه الوثيقة
    [few] و{ $count } صفحات أخرى في هذه الوثيقة
    [many] و{ $count } صفحة أخرى في هذه الوثيقة
   *[other] و{ $count } صفحة أخرى في هذه الوثيقة
}

kind-building-permit = رخصة بناء
kind-building-file = ملف بناء
kind-ownership-summary = ملخص ملكية
kind-area-schedule = جدول مساحات
kind-drawing = مخطط هندسي
kind-engineering-report = تقرير هندسي
kind-inspection-report = تقرير كشف
kind-completion-certificate = شهادة إنجاز
kind-neighbours-consent = موافقة الجيران
kind-health-licence = ترخيص صحي
kind-violation-notice = إخطار مخالفة
kind-fee-receipt = إيصال رسوم
kind-committee-minutes = محضر لجنة
kind-correspondence = مراسلات
kind-other = وثيقة أخرى

state-received = بانتظار القراءة

refusal-document-unknown = لا توجد وثيقة بهذا الرقم، أو ليست متاحة لحسابك.
refusal-document-unread = لم تُقرأ هذه الوثيقة. نسخة PDF القابلة للبحث تُعدّ مما قُرئ في صفحاتها.
refusal-read-before-searchable = قرأ إصدار سابق هذه الوثيقة ولم يدوّن من صفحاتها ما يكفي. اختر «اقرأها من جديد» ثم اطلب نسخة PDF القابلة للبحث.
refusal-upload-unknown = لا يوجد إرسال بهذا الرقم. ابدأ إرسال الملف من جديد.
refusal-upload-incomplete = لم يصل الملف كاملًا. أعد إرساله؛ لم يُحفظ شيء منه.
refusal-upload-too-large = الملف أكبر مما أُعلن عنه. أعد اختياره وإرساله.
refusal-upload-broken = انقطع الاتصال قبل وصول الملف كاملًا. لم يُحفظ شيء منه؛ أعد الإرسال.
refusal-file-empty = الملف فارغ (صفر بايت). امسح الورقة من جديد ثم أرسله.
refusal-file-too-large = الملف أكبر من { $limit } ميغابايت. قسّمه إلى ملفات أصغر ثم أرسلها.
refusal-kind-unknown = اختر نوع الوثيقة من القائمة.
refusal-year-implausible = اكتب سنة بين { NUMBER($first, useGrouping: 0) } و{ NUMBER($last, useGrouping: 0) }.
refusal-filing-changed = تغيّر قيد هذه الوثيقة بعد أن فتحت الصفحة، فلم يُحفظ ما كتبته. قارنه بالمحفوظ الآن، ثم صحّح القيد أو اتركه كما هو.
refusal-search-empty = اكتب كلمة واحدة على الأقل، أو اختر قسيمة أو نوعًا أو سنة.
refusal-search-cursor-invalid = انتهت صلاحية رابط هذه الصفحة من النتائج. ابحث من جديد.
refusal-search-writer-busy = فهرس البحث مشغول الآن. حاول بعد قليل.
refusal-search-read-only = فهرس البحث مفتوح للقراءة فقط هنا.
refusal-blob-missing = لم نجد هذا الملف في المخزن. أبلغ مسؤول النظام.
refusal-blob-retained = يجب حفظ هذا الملف حتى { $until }، ولا يمكن حذفه قبل ذلك.
refusal-link-expired = انتهت صلاحية هذا الرابط. افتح الصفحة من جديد.
refusal-link-invalid = هذا الرابط غير صحيح. افتح الصفحة من جديد.

# لماذا لم يُقرأ ملف أو صفحة
reading-empty-file = الملف فارغ (صفر بايت). امسح الورقة من جديد ثم أرسله.
reading-truncated-file = الملف مقطوع أو تالف ولا يمكن فتحه. امسح الورقة من جديد أو أرسل نسخة سليمة.
reading-password-protected = الملف محمي بكلمة مرور. أزل كلمة المرور ثم أرسله من جديد.
reading-mislabelled = اسم الملف يقول إنه من نوع ومحتواه من نوع آخر. أرسل الملف الأصلي الصحيح.
reading-unsupported-type = لا نقرأ هذا النوع من الملفات. أرسله { -types-read }.
reading-too-many-pages = صفحات الملف أكثر من الحدّ. قسّمه إلى ملفات أصغر ثم أرسلها.
reading-file-missing = لم نجد الملف في المخزن. أبلغ مسؤول النظام.
reading-reader-crashed = توقف القارئ عند هذا الملف. حُفظ الأصل؛ جرّب قراءته من جديد، وإن تكرر فامسح الورقة مرة أخرى.
reading-reader-timeout = تجاوزت القراءة الوقت المسموح. حُفظ الأصل؛ امسح الورقة بدقة 300 نقطة ثم أرسله.
reading-reader-out-of-memory = يحتاج هذا الملف إلى ذاكرة أكثر من المسموح. امسحه بدقة أقل ثم أرسله.
reading-too-many-pixels = أبعاد الصفحة أكبر من الحدّ. امسحها بدقة أقل (300 نقطة تكفي للمخططات) ثم أرسلها.
reading-page-damaged = صورة هذه الصفحة تالفة. امسحها وحدها من جديد.
reading-page-timeout = تجاوزت قراءة هذه الصفحة الوقت المسموح. امسحها بدقة 300 نقطة.
reading-nothing-legible = في الصفحة كتابة لم نستطع قراءتها. قد تكون بخط اليد أو شديدة البهتان.
reading-number-in-doubt = في الصفحة أرقام تحتاج إلى مقارنة بالصورة.
reading-page-mirrored = الصفحة معكوسة كما في المرآة، وقُرئت من خلفها.
reading-read-outside = لم يقرأ القارئ هذه الصفحة بوضوح، فقرأتها خدمة خارجية. قارن نصّها بالصورة.
reading-poorly-legible = الصفحة غير واضحة، وقد يكون في نصّها خطأ. قارنه بالصورة.
reading-no-pages = لا صفحات في هذا الملف.
