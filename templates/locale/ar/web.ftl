# ما يقوله الموقع نفسه: النماذج والطلبات والعناوين

refusal-refused = تعذّر تنفيذ طلبك. حاول مرة أخرى.
refusal-internal-error = حدث خلل عندنا وقد سُجّل. إذا اتصلت بنا فاذكر رقم الطلب { $request }.
refusal-not-found = لا يوجد شيء بهذا العنوان، أو ليس متاحًا لحسابك.
refusal-not-permitted = حسابك لا يسمح بهذا الإجراء.
refusal-fields-invalid = صحّح الحقول المشار إليها ثم أعد الإرسال. لم يُحفظ شيء.
refusal-field-missing = هذا الحقل مطلوب.
refusal-field-too-long = النص أطول مما يتسع له هذا الحقل. { $limit ->
    [zero] اكتبه أقصر.
    [one] اكتبه في حرف واحد.
    [two] اكتبه في حرفين على الأكثر.
    [few] اكتبه في { $limit } أحرف على الأكثر.
    [many] اكتبه في { $limit } حرفًا على الأكثر.
   *[other] اكتبه في { $limit } حرف على الأكثر.
}
refusal-field-unknown = لا يُطلب هنا حقل بهذا الاسم.
refusal-field-malformed = ما كُتب في هذا الحقل غير صحيح. راجعه ثم أعد الإرسال.
refusal-body-invalid = في الطلب حقول ناقصة أو غير صحيحة؛ تفصيلها في errors.
refusal-body-malformed = لم نفهم محتوى الطلب. أعد إرساله من الصفحة نفسها.
refusal-body-too-large = الطلب أكبر من الحدّ المسموح. الملفات الكبيرة تُرسل من صفحة إدخال الوثائق.
refusal-body-broken-off = انقطع الاتصال قبل أن يصل طلبك كاملًا، ولم يُحفظ شيء. أعد الإرسال.
refusal-method-not-allowed = لا يمكن فعل هذا في هذا العنوان. ارجع إلى الصفحة وأعد المحاولة منها.
refusal-form-not-ours = بقي هذا النموذج مفتوحًا مدة طويلة أو فُتح من موقع آخر. افتح الصفحة من جديد ثم أرسله.
refusal-idempotency-key-missing = هذا الطلب يُنشئ شيئًا: أرسل معه الترويسة Idempotency-Key من 8 إلى 100 حرف.
refusal-idempotency-key-reused = استُعمل هذا المفتاح من قبل مع طلب آخر. أرسل مفتاحًا جديدًا.
refusal-idempotency-in-progress = الطلب الأول بهذا المفتاح ما زال قيد التنفيذ. اسأل بعد لحظات.
refusal-store-unknown = في الإعداد { $setting } القيمة { $found }: مخزن لا يعرفه هذا التركيب، أو خيار أو عنوان ليس له. اكتب { $wanted }.
refusal-store-incomplete = في الإعداد { $setting } القيمة { $found }، وهي غير مكتملة: ينقص بعد علامة الاستفهام { $missing }. اكتب { $wanted }.
refusal-setting-malformed = في الإعداد { $setting } القيمة { $found }، وهي لا تصلح له. اكتب { $wanted }.
refusal-place-unusable = لا يمكن استعمال { $found }: { $reason }. يحدّده الإعداد { $setting }، أو مجلد البيانات الذي هو فيه (DIWAN_DATA أو --data): اكتب مجلدًا يمكن الكتابة فيه.
refusal-municipality-unreadable = تعذّر استعمال ملف البلدية { $file }: { $reason }. يحدّده DIWAN_MUNICIPALITY، ومفاتيحه في docs/runbooks/begin-a-town.md.
refusal-towns-mixed = مجلد البيانات وملف DIWAN_MUNICIPALITY ليسا لبلدية واحدة: أحدهما البلدية التجريبية، وكلمات مرورها معلنة. حدّد ملف بلديتك في DIWAN_MUNICIPALITY أو اختر مجلدًا آخر بالخيار --data.
refusal-schema-unknown = غيّر إصدارٌ أحدث من ديوان قاعدة البيانات هذه ({ $revision }). شغّل ذلك الإصدار، أو استعد النسخة المحفوظة قبله.
refusal-backup-elsewhere = يسمّي الإعداد { $setting } مخزنًا ليس على هذا الجهاز، فلن تحوي النسخة الاحتياطية ما فيه. لذلك المخزن نسخه الخاصة، وفي infra/README.md بيان نسخ AWS.
refusal-nothing-to-back-up = لا توجد بلدية في { $path } لتُنسخ. حدّد مجلد بياناتها بالخيار --data.
refusal-backup-among-data = المجلدان { $path } و{ $place } أحدهما داخل الآخر، فما يصيب البيانات يصيب نسخها معها. اختر مجلدًا منفصلًا عن البيانات، والأفضل أن يكون على قرص جهاز آخر. لم يُنسخ شيء.
refusal-backup-busy = جهة أخرى تنسخ إلى { $path } في هذه اللحظة. أعد المحاولة بعد أن تنتهي.
refusal-originals-gone = أصول محفوظة في النسخة الأخيرة لم تعد في { $path }: { $files }. تأكد من أن قرصها موصول؛ وما فُقد منها حقًا فخذه من تلك النسخة (docs/runbooks/operations.md). لم يُنسخ شيء.
refusal-copying-failed = توقف النسخ عند { $path }: { $reason }. ما كان هناك من قبل باقٍ كما كان.
refusal-backup-missing = لا توجد في { $path } نسخة كاملة، أو لا توجد نسخة بهذه البصمة.
refusal-backup-changed = النسخة الاحتياطية في { $path } ليست كما كانت حين أُخذت؛ تغيّر أو فُقد: { $files }. استعمل نسخة أخرى، وابحث عمّن كان يستطيع الكتابة هناك.
refusal-restore-not-empty = في { $path } شيء من قبل، ولا يُستبدل شيء. اختر مجلدًا فارغًا بالخيار --data، أو قاعدة بيانات فارغة.
refusal-restore-unfinished = استعادة نسخة إلى { $path } جارية أو انقطعت، وما فيه ليس بلدية بعد. انتظر انتهاءها، أو أعد أمر الاستعادة نفسه: يزيل ما بقي ويبدأ من جديد.
refusal-restore-other-database = النسخة من قاعدة بيانات { $made }، ويسمّي الإعداد DIWAN_DATABASE قاعدة { $named }. سمِّ قاعدة من النوع نفسه.
refusal-dump-program-missing = البرنامج { $program } غير موجود، وبه تُنسخ PostgreSQL. ثبّت برامج عميل PostgreSQL (في Debian: apt-get install postgresql-client).
refusal-dump-failed = توقف البرنامج { $program }: { $reason }
refusal-snapshot-damaged = قاعدة البيانات المنسوخة غير سليمة ({ $reason }). استعمل نسخة أخرى.
refusal-store-unavailable = أحد المخازن لا يجيب الآن. لم يضع شيء؛ أعد المحاولة بعد دقائق. ({ $service } { $operation }: { $reason })
refusal-store-denied = أحد المخازن يرفض طلبنا. على مسؤول النظام أن يمنح الصلاحية الناقصة. ({ $service } { $operation }: { $reason })
refusal-clock-wrong = ساعة هذا الجهاز خاطئة بدقائق، فيرفضنا المخزن. على مسؤول النظام ضبطها. ({ $service } { $operation }: { $reason })
refusal-secret-missing = السرّ { $name } غير موجود أو أقصر مما يجب. على مسؤول النظام إنشاؤه.

desk-title = عملي اليوم
desk-lead = ما ينتظر، وما انتهى، وما يحتاج إليك.
desk-reading = وثائق تُقرأ الآن
desk-refused = وثائق لم تُقرأ
desk-stopped = وثائق توقفت قراءتها
desk-doubts = وثائق فيها شكوك
desk-read = وثائق مقروءة
desk-dead = أعمال توقفت
desk-dead-title = أعمال توقفت وتحتاج إلى تدخل
desk-dead-none = لا أعمال متوقفة.
desk-queue = العمل
desk-reason = السبب
desk-attempts = المحاولات
desk-retry = أعد المحاولة
desk-dead-reasons = بحسب السبب
desk-dead-latest = أحدثها واحدًا واحدًا
desk-retry-all = أعد محاولتها كلها
desk-retry-most = كل ضغطة تعيد محاولة { $count } عمل على الأكثر، الأقدم أولًا. اضغط مرة أخرى لما بقي.
desk-retried = { $count ->
    [zero] لا عمل متوقفًا بهذا السبب الآن.
    [one] عمل واحد ينتظر الآن محاولة جديدة.
    [two] عملان ينتظران الآن محاولة جديدة.
    [few] { $count } أعمال تنتظر الآن محاولة جديدة.
    [many] { $count } عملًا تنتظر الآن محاولة جديدة.
   *[other] { $count } عمل تنتظر الآن محاولة جديدة.
}
desk-recent = آخر الوثائق
desk-lines = رسائل الأعمال، وما وُضع منها جانبًا

job-append-audit = القيد في سجل التدقيق
job-check-index = تفقّد فهرس البحث
job-forget-pages = إزالة صفحات قديمة من الفهرس
job-forget-probe = محو علامات فحص المخازن
job-index-pages = إدراج صفحات في الفهرس
job-issue-licence = إصدار ترخيص
job-make-searchable = إعداد نسخة قابلة للبحث
job-probe-issuing = فحص المخازن من مسار الإصدار
job-probe-prompt = فحص المخازن من المسار السريع
job-probe-reading = فحص المخازن من مسار القراءة
job-read-document = قراءة وثيقة
job-rebuild-index = بناء الفهرس من جديد
job-reconcile-payments = مطابقة المدفوعات
job-send-notification = إرسال رسالة
job-settle-application = متابعة طلب مدفوع
job-tell-party = إبلاغ صاحب الطلب

lines-title = رسائل الأعمال
lines-lead = كل عمل مطلوب محفوظ في قاعدة البيانات، والرسالة تدل العامل عليه. الرسالة التي لم تنفع بعد محاولات تُوضع جانبًا.
lines-lane = المسار
lines-lane-prompt = الأعمال السريعة
lines-lane-reading = قراءة الوثائق
lines-lane-issuing = إصدار التراخيص
lines-lane-arrivals = وصول الملفات
lines-waiting = رسائل تنتظر
lines-aside = رسائل وُضعت جانبًا
lines-send-back = أعدها إلى المسار
lines-nothing-aside = لا شيء
lines-none = لا رسائل هنا
lines-none-text = العاملون على هذا الجهاز يبحثون عن الأعمال في قاعدة البيانات بأنفسهم.
lines-dead = الأعمال التي توقفت وتحتاج إلى تدخل

api-title = واجهة البرامج
api-lead = كل ما تفعله الصفحات تفعله البرامج من هنا، بالصلاحيات نفسها.
api-document = الوصف الكامل (OpenAPI 3.1)
api-how = كيف تبدأ
api-how-sign-in = اطلب جلسة من ⁦POST /api/v1/sessions⁩ ثم أرسل رمزها في الترويسة ⁦Authorization: Bearer⁩.
api-how-idempotency = كل طلب يُنشئ شيئًا يحمل Idempotency-Key؛ إعادة الطلب نفسه بالمفتاح نفسه تعيد الجواب نفسه.
api-how-problems = الأخطاء بصيغة ⁦application/problem+json⁩، وفيها ⁦code⁩ ثابت و⁨detail⁩ بلغة الترويسة Accept-Language.
api-how-pages = القوائم تُقرأ بالمؤشر: خذ next وأرسله في ⁦?cursor=⁩.
api-method = الطلب
api-path = العنوان
api-summary = ما يفعله
api-permission = الصلاحية
