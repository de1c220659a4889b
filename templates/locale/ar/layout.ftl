# إطار الصفحات ومكوناتها

layout-service = ديوان: السجلات والتراخيص
layout-skip = انتقل إلى محتوى الصفحة
layout-navigation = أقسام الخدمة
layout-sign-in = تسجيل الدخول
layout-sign-out = تسجيل الخروج
layout-about = ديوان هو مكتب البلدية الإلكتروني: يحفظ سجلاتها، ويجدد التراخيص، ويحصّل الرسوم، ويصدر التراخيص موقّعة.
layout-contact = اتصل بنا
layout-accessibility = إتاحة الخدمة للجميع
layout-privacy = الخصوصية

nav-home = الرئيسية
nav-renew = تجديد ترخيص
nav-track = متابعة طلب
nav-verify = التحقق من ترخيص
nav-staff-home = عملي اليوم
nav-upload = إدخال الوثائق
nav-search = البحث في الأرشيف
nav-outbox = الرسائل الصادرة
nav-documents = الوثائق
nav-audit = سجل التدقيق

component-error-summary = راجع ما يلي ثم تابع
component-error = خطأ:
component-optional = (اختياري)
component-back = رجوع
component-breadcrumbs = مسار الصفحة
component-step = الخطوة { $current } من { $total }
component-change = تعديل
component-pages = صفحات النتائج
component-previous = السابق
component-next = التالي
component-shown-of = المعروض { $shown } من { $total }
component-done-of = { $done } من { $total }
component-search = بحث
component-search-label = كلمات البحث
component-filters = تضييق النتائج
component-apply-filters = تطبيق
component-hits = { $count ->
    [zero] لا مواضع في هذه الصفحة
    [one] موضع واحد في هذه الصفحة
    [two] موضعان في هذه الصفحة
    [few] { $count } مواضع في هذه الصفحة
    [many] { $count } موضعًا في هذه الصفحة
   *[other] { $count } موضع في هذه الصفحة
}
component-hits-list = المواضع في الصفحة
component-hit = الموضع { $n }: { $text }
component-zoom-in = تكبير
component-zoom-out = تصغير
component-full-image = افتح الصورة كاملة
component-connection-lost = تعذّر الوصول إلى الخادم، وقد لا يكون ما تراه آخر حال. تُعاد المحاولة.
component-upload-label = أفلت الملفات هنا، أو اخترها من جهازك
component-upload-hint = ملفات { -types-read }. يمكنك اختيار عدة ملفات معًا.
component-upload-send = أرسل الملفات
component-upload-open = افتح الوثيقة
component-upload-retry = أعد المحاولة
component-upload-remove = إزالة
component-upload-waiting = في الانتظار
component-upload-hashing = تُحسب بصمة الملف
component-upload-sending = أُرسل %percent%٪
component-upload-finishing = يُحفظ في الأرشيف
component-upload-done = حُفظ، وسيُقرأ الآن
component-upload-duplicate = الملف نفسه محفوظ من قبل: بقي مرة واحدة، وسُجّلت الوثيقة هنا أيضًا
component-upload-offline = انقطع الاتصال. لم يضع شيء، وسيُستأنف الإرسال عند عودته.
component-upload-failed = تعذّر الإرسال
component-upload-refused = لم يُقبل الملف
component-upload-unread = حُفظ الأصل، ولم تُقبل الوثيقة
component-upload-stopped = حُفظ الأصل، وتوقفت قراءته قبل تمامها. افتح الوثيقة لتطلب قراءتها من جديد.
component-upload-signed-out = انتهت جلستك. سجّل الدخول في نافذة أخرى ثم أعد المحاولة.
component-upload-summary = حُفظ %done% من %total%
component-upload-summary-refused = ، ولم يُقبل %refused%
component-upload-summary-failed = ، وتعذّر إرسال %failed%

# الحالات
state-draft = مسودة
state-submitted = مقدَّم
state-awaiting-documents = بانتظار مستندات
state-under-review = قيد النظر
state-inspection-due = بانتظار الكشف
state-inspected = تم الكشف
state-approved-awaiting-payment = معتمد بانتظار الدفع
state-awaiting-payment = بانتظار الدفع
state-paid = مدفوع
state-issued = صدر الترخيص
state-rejected = مرفوض
state-withdrawn = مسحوب
state-lapsed = سقط بانقضاء المدة
state-active = سارٍ
state-valid = صحيح وسارٍ
state-expiring = يوشك أن ينتهي
state-expired = منتهٍ
state-suspended = موقوف
state-cancelled = ملغى
state-revoked = مسحوب بقرار
state-replaced = استُبدل
state-created = أُنشئ
state-started = بدأ
state-success = ناجح
state-failed = لم ينجح
state-error = خطأ
state-refunded = مُستردّ
state-waiting = في الانتظار
state-queued = في الانتظار
state-reading = يُقرأ الآن
state-running = قيد التنفيذ
state-read = مقروء
state-read-with-doubts = مقروء مع شكوك
state-refused = لم يُقبل
state-done = تم
state-dead = توقف ويحتاج إلى تدخل
state-held = محتجز
state-sending = يُرسل الآن
state-sent = أُرسل
state-delivered = وصل
