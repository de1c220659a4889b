# التراخيص وتجديدها

licence-number = رقم الترخيص
licence-premises = المحل
licence-activity = النشاط
licence-address = العنوان
licence-parcel = القسيمة
licence-unit = رقم الوحدة
licence-commercial = الترخيص التجاري
licence-holder = صاحب الترخيص
licence-valid-from = سارٍ من
licence-expires = ينتهي في
licence-expired = انتهى في
licence-download = تنزيل الترخيص الموقّع (PDF)
application-number = رقم الطلب

renew-service = تجديد الترخيص الصحي
renew-step-details = البيانات
renew-step-check = المراجعة والدفع

# صفحة البداية
renew-start-lead = جدّد ترخيص محلك من هاتفك، وادفع الرسم، ونزّل الترخيص الجديد موقّعًا.
renew-start-need = ما تحتاج إليه
renew-start-need-id = رقمك المدني
renew-start-need-phone = هاتفك المسجّل لدى البلدية، ليصلك عليه رمز الدخول
renew-start-need-card = بطاقة للدفع
renew-start-on-file = لا ترفع أي ورقة: هذه المستندات محفوظة في ملف محلك.
renew-start-cost = الرسم
renew-start-price = رسم التجديد لسنة { $price }.
renew-start-late = إذا انتهى الترخيص تضاف غرامة عن كل يوم تأخير، ولها حد لا تتجاوزه. ترى كل مبلغ وسببه قبل أن تدفع.
renew-start-time = المدة
renew-start-time-text = تعبئة الطلب تأخذ نحو خمس دقائق. إذا لم يتغيّر شيء ولم يكن النشاط مما يحتاج إلى كشف صدر الترخيص خلال دقيقة من الدفع. وغير ذلك يراجعه موظف خلال { $days ->
    [one] يوم عمل واحد
    [two] يومي عمل
    [few] { $days } أيام عمل
    [many] { $days } يوم عمل
   *[other] { $days } يوم عمل
}.
renew-start-when = يُفتح التجديد قبل الانتهاء بـ { $days ->
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
}.
renew-start-now = ابدأ التجديد

# تراخيصي
renew-licences-title = تراخيصي
renew-licences-lead = اختر الترخيص الذي تريد تجديده.
renew-licences-none = لا توجد تراخيص باسمك
renew-licences-none-text = إذا كان لك محل مرخّص ولا تراه هنا فاتصل بنا لنربطه برقمك المدني.
renew-under-way = بدأت تجديد هذا الترخيص ولم ينته بعد.
renew-continue = تابع التجديد
renew-cannot = لا يمكن تجديده الآن
renew-violations = أرقام المخالفات:
renew-comma = ،
renew-this = جدّد هذا الترخيص، الرسم { $amount }

# البيانات المحفوظة
renew-details-title = هل هذه البيانات صحيحة؟
renew-unchanged = هل ما زالت كل البيانات كما هي؟
renew-unchanged-yes = نعم، لم يتغيّر شيء
renew-unchanged-yes-hint = يصدر الترخيص بعد الدفع مباشرة إذا لم يحتج النشاط إلى كشف.
renew-unchanged-no = لا، تغيّر شيء
renew-unchanged-no-hint = يراجع موظف ما تغيّر خلال { $days ->
    [one] يوم عمل واحد
    [two] يومي عمل
    [few] { $days } أيام عمل
    [many] { $days } يوم عمل
   *[other] { $days } يوم عمل
}.
renew-change = ما الذي تغيّر؟
renew-change-hint = إذا تغيّر شيء فاكتبه بكلماتك، مثل: نقلنا المحل إلى الوحدة المجاورة.
renew-phone = هاتف نراسلك عليه بشأن هذا الطلب
renew-phone-hint = صحّحه إذا تغيّر. تُقبل الأرقام العربية والإنجليزية.
renew-continue-to-check = تابع إلى المراجعة

# المراجعة
renew-check-title = راجع طلبك قبل الدفع
renew-answer-unchanged = البيانات المحفوظة
renew-answer-changed-no = صحيحة ولم تتغيّر
renew-answer-changed-yes = تغيّر منها شيء
renew-fee = الرسم
renew-total = المجموع
renew-instant = يصدر خلال دقيقة
renew-instant-text = بعد الدفع يصدر الترخيص موقّعًا دون انتظار موظف.
renew-looked-at = يراجعه موظف أولًا
renew-looked-at-text = لا تدفع الآن. يراجع موظف طلبك خلال { $days ->
    [one] يوم عمل واحد
    [two] يومي عمل
    [few] { $days } أيام عمل
    [many] { $days } يوم عمل
   *[other] { $days } يوم عمل
}، ثم تصلك رسالة لتدفع.
renew-pay = ادفع { $amount }
renew-send = أرسل الطلب

# ما بعد الإرسال
renew-state-title-submitted = وصلنا طلبك
renew-state-title-awaiting-documents = نحتاج منك إلى مستند
renew-state-title-under-review = وصلنا طلبك، ويراجعه موظف
renew-state-title-inspection-due = طلبك بانتظار الكشف على المحل
renew-state-title-inspected = تم الكشف على محلك
renew-state-title-approved-awaiting-payment = بقي الدفع
renew-state-title-paid = وصل الدفع
renew-state-title-issued = صدر ترخيصك
renew-state-title-rejected = لم يُقبل الطلب
renew-state-title-withdrawn = سُحب الطلب
renew-issued-text = الترخيص الجديد سارٍ حتى { $until }. نزّله واطبعه وعلّقه في المحل. من يمسح الرمز الذي فيه يتحقق من صحته.
renew-signing = نجهّز ترخيصك ونوقّعه
renew-signing-text = يأخذ هذا أقل من دقيقة عادة. يمكنك إغلاق الصفحة: ستصلك رسالة حين يصدر.
renew-refresh = حدّث الصفحة
renew-frozen = توقف هذا الدفع للمراجعة
renew-asking = نسأل البنك عن دفعتك
renew-asking-text = لا تدفع مرة أخرى. إذا خُصم المبلغ سجّلناه حين يجيب البنك، وتصلك رسالة.
renew-unfinished = فتحت صفحة الدفع ولم تكمله
renew-unfinished-text = اضغط الزر لتعود إلى صفحة الدفع نفسها. لن يُخصم المبلغ مرتين.
renew-approved-text = قُبل طلبك. ادفع الرسم ليصدر الترخيص.
renew-why-reviewed = سبب المراجعة
renew-reason-activity-needs-inspection = نشاط المحل يحتاج إلى كشف قبل كل تجديد.
renew-reason-details-changed = ذكرت أن شيئًا تغيّر في البيانات.
renew-reason-long-expired = مضى على انتهاء الترخيص أكثر من سنة.
renew-next = ما الذي يحدث الآن؟
renew-next-reviewed = يراجع موظف طلبك خلال { $days ->
    [one] يوم عمل واحد
    [two] يومي عمل
    [few] { $days } أيام عمل
    [many] { $days } يوم عمل
   *[other] { $days } يوم عمل
}. لا تدفع شيئًا قبل ذلك.
renew-next-message = نرسل لك رسالة على { $phone } عند كل خطوة.
renew-stopped-rejected = لم يُقبل طلبك. اتصل بنا لمعرفة ما ينقصه، ثم قدّم طلبًا جديدًا.
renew-stopped-withdrawn = سُحب الطلب كما أردت، ولا شيء عليك. يمكنك تقديم طلب جديد متى شئت.
renew-about = عن هذا الطلب
renew-submitted = تاريخ الإرسال
renew-withdraw = أريد سحب الطلب
renew-withdraw-text = يتوقف الطلب ولا تدفع شيئًا. لا يمكن التراجع عن السحب، لكن يمكنك تقديم طلب جديد.
renew-withdraw-button = اسحب الطلب

# المتابعة
track-title = تابع طلبك
track-lead = اكتب رقم الطلب لترى أين وصل. لا تظهر هنا أي بيانات شخصية.
track-hint = مكتوب في الرسالة التي وصلتك، مثل HR-7K3M-9QXD
track-button = اعرض حال الطلب
track-service = الخدمة
track-changed = آخر تغيير
track-next-draft = بدأ صاحب الطلب ولم يرسله بعد.
track-next-submitted = وصل الطلب.
track-next-under-review = يراجعه موظف خلال { $days ->
    [one] يوم عمل واحد
    [two] يومي عمل
    [few] { $days } أيام عمل
    [many] { $days } يوم عمل
   *[other] { $days } يوم عمل
} من إرساله.
track-next-inspection-due = يزور مفتش المحل ثم يُستكمل الطلب.
track-next-inspected = تم الكشف، والقرار قريب.
track-next-approved-awaiting-payment = قُبل الطلب. بقي أن يدفع صاحبه الرسم من صفحة «تراخيصي».
track-next-paid = وصل الدفع، والترخيص قيد التوقيع.
track-next-issued = صدر الترخيص، وينزّله صاحبه من صفحة «تراخيصي».
track-next-rejected = لم يُقبل الطلب.
track-next-withdrawn = سحبه صاحبه.

# التحقق
verify-title = التحقق من ترخيص
verify-lead = تأكد أن الترخيص صحيح وسارٍ. لا تحتاج إلى حساب، ولا نحفظ ما ترسله.
verify-by-number = برقم الترخيص
verify-number-hint = الرقم المكتوب أعلى الترخيص، مثل HL-2024-00417
verify-number-button = تحقق من الرقم
verify-by-file = بملف الترخيص
verify-file = ملف PDF
verify-file-hint = الملف الأصلي كما نُزّل، لا صورة عنه. حتى 10 ميغابايت.
verify-file-button = تحقق من الملف
verify-by-token = بالرمز المطبوع
verify-token-text = امسح المربّع الذي على الترخيص بكاميرا هاتفك، فتُفتح هذه الخدمة بالنتيجة. أو ألصق الرابط الذي قرأته الكاميرا هنا.
verify-token = رمز الترخيص
verify-token-hint = الرابط كله، أو ما بعد العلامة # منه
verify-token-button = تحقق من الرمز
verify-scanned-title = التحقق من الترخيص الذي مسحته
verify-scanned-lead = تظهر النتيجة بعد لحظة.
verify-scanned-hint = إذا لم تظهر النتيجة وحدها فألصق هنا الرابط الذي قرأته الكاميرا ثم اضغط الزر.
verify-another = تحقق من ترخيص آخر

verdict-valid = الترخيص صحيح وسارٍ
verdict-expired = الترخيص صحيح لكنه منتهٍ
verdict-not-yet-valid = الترخيص صحيح لكنه لم يبدأ بعد
verdict-suspended = الترخيص موقوف
verdict-cancelled = الترخيص ملغى
verdict-not-genuine = هذا الملف ليس ترخيصًا صحيحًا
verdict-valid-text = صادر عن هذه البلدية وسارٍ اليوم
verdict-expired-text = صدر عن هذه البلدية وانتهت مدته
verdict-not-yet-valid-text = صادر عن هذه البلدية ويبدأ لاحقًا
verdict-suspended-text = أوقفته البلدية بعد إصداره
verdict-cancelled-text = أُلغي بعد إصداره ولم يعد قائمًا
verdict-not-genuine-why = لا تعتمد عليه
verdict-next-valid = قارن البيانات أدناه بما هو مكتوب على الورقة وباسم المحل.
verdict-next-expired = لا يجوز العمل به. اطلب من صاحب المحل ترخيصه المجدَّد.
verdict-next-not-yet-valid = اطلب من صاحب المحل الترخيص الساري اليوم.
verdict-next-suspended = لا يجوز العمل به حتى يُرفع الإيقاف. أبلغ البلدية إذا كان المحل يعمل.
verdict-next-cancelled = لا يجوز العمل به. أبلغ البلدية إذا كان المحل يعمل.
verdict-renewed = جُدّد هذا الترخيص بعد هذه الورقة، وهو سارٍ حتى { $until }. اطلب الورقة الأحدث.
verdict-signed-at = وُقّع في
verdict-by-number = هذه النتيجة من سجل البلدية. الرقم وحده لا يثبت أن الورقة أصلية: امسح الرمز أو تحقق من الملف.
verdict-by-file = طابقنا توقيع الملف والرمز المطبوع فيه وسجل البلدية.
verdict-by-token = طابقنا توقيع الرمز وسجل البلدية. قارن الاسم والقسيمة بما على الورقة.

# رفض
refusal-renewal-not-open = يُفتح التجديد في { $opens_on }، فالترخيص سارٍ حتى { $expires_on }.
refusal-licence-suspended = الترخيص موقوف، ولا يُجدّد حتى يُرفع الإيقاف. راجع البلدية لمعرفة المطلوب.
refusal-licence-cancelled = انتهى هذا الترخيص نهائيًا ولا يُجدّد. لفتح المحل قدّم طلب ترخيص جديد.
refusal-violation-unpaid = على المحل { $count ->
    [one] مخالفة غير مدفوعة
    [two] مخالفتان غير مدفوعتين
    [few] { $count } مخالفات غير مدفوعة
    [many] { $count } مخالفة غير مدفوعة
   *[other] { $count } مخالفة غير مدفوعة
} بمبلغ { $amount }. سدّدها في مركز خدمة الجمهور ثم جدّد.
refusal-renewal-not-offered = لا يُجدّد هذا النوع من التراخيص إلكترونيًا بعد. راجع مركز خدمة الجمهور.
refusal-action-not-allowed = لا يمكن هذا والطلب في حاله الآن. افتح صفحة الطلب لترى أين وصل وما يمكنك عمله.
refusal-not-confirmed = أكّد بياناتك أولًا، ثم أرسل الطلب.
refusal-choice-missing = اختر: هل بقيت البيانات كما هي أم تغيّر شيء؟
refusal-change-missing = اكتب ما الذي تغيّر، ولو بكلمات قليلة.
refusal-phone-malformed = اكتب رقم هاتف صحيحًا من ثمانية أرقام، مثل 50001108، أو رقمًا دوليًا يبدأ بـ +.
refusal-application-unknown = لا يوجد طلب بهذا الرقم. راجعه في الرسالة التي وصلتك؛ يبدأ بحرفين ثم ثمانية رموز.
refusal-licence-unknown = لا يوجد ترخيص بهذا الرقم في سجلنا. راجع الرقم على الورقة؛ فإن كان كما كتبته فلا تعتمد عليها وأبلغ البلدية.
refusal-licence-file-missing = لا يوجد ملف موقّع للترخيص { $number }: صدر على الورق قبل هذه الخدمة، أو ما زال قيد التوقيع. يصدر الملف مع التجديد التالي.
refusal-verification-busy = يُتحقق الآن من ملفات كثيرة. أعد إرسال الملف بعد دقيقة، أو تحقق برقم الترخيص.
