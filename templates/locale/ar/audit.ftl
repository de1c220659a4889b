# سجل التدقيق

audit-title = سجل التدقيق
audit-lead = كل ما جرى، بالترتيب الذي قُيّد به. يُضاف إليه ولا يُمحى منه، وكل قيد مختوم بما قبله.
audit-whole = السجل سليم
audit-whole-text = { $size ->
    [zero] لا قيود فيه بعد.
    [one] فُحص القيد الوحيد فيه ولم يتغيّر.
    [two] فُحص القيدان ولم يتغيّر فيهما شيء.
    [few] فُحصت { $size } قيود من أولها إلى آخرها ولم يتغيّر فيها شيء.
    [many] فُحص { $size } قيدًا من أولها إلى آخرها ولم يتغيّر فيها شيء.
   *[other] فُحص { $size } قيد من أولها إلى آخرها ولم يتغيّر فيها شيء.
}
audit-broken = تغيّر شيء في السجل
audit-broken-text = أول خلل عند القيد { $place }. ما قبله سليم. أوقف التعامل مع القاعدة وأبلغ مسؤول النظام، وقارن بآخر نسخة احتياطية.
audit-missing = { $count ->
    [one] حدث واحد لم يُقيَّد بعد
    [two] حدثان لم يُقيَّدا بعد
    [few] { $count } أحداث لم تُقيَّد بعد
    [many] { $count } حدثًا لم يُقيَّد بعد
   *[other] { $count } حدث لم يُقيَّد بعد
}
audit-missing-text = تُقيَّد الأحداث خلال ثوانٍ من وقوعها. إذا بقي العدد على حاله دقائق فأبلغ مسؤول النظام.
audit-root = بصمة السجل كله
audit-entries = القيود، الأحدث أولًا
audit-place = القيد
audit-at = الوقت
audit-what = ما جرى
audit-subject = موضوعه
audit-who = الفاعل
audit-changed = { $field }: من «{ $before }» إلى «{ $after }»
audit-filled = { $field }: كُتب «{ $after }» وكان فارغًا
audit-emptied = { $field }: حُذف «{ $before }»
audit-none = لا قيود في هذه الصفحة
audit-actor-citizen = مراجع
audit-actor-staff = موظف
audit-actor-system = النظام
audit-actor-anonymous = زائر

event-archive-document-filed = أُدخلت وثيقة إلى الأرشيف
event-archive-filing-corrected = صُحّح قيد وثيقة
event-archive-pages-read = قُرئت صفحات من وثيقة
event-archive-document-read = انتهت قراءة وثيقة
event-archive-searchable-asked = طُلب إعداد نسخة PDF قابلة للبحث من وثيقة
event-archive-searchable-repeated = طُلب من جديد إعداد نسخة PDF قابلة للبحث كان إعدادها قد توقف
event-archive-searchable-ended = انتهى إعداد نسخة PDF قابلة للبحث
event-archive-reading-repeated = طُلبت قراءة وثيقة من جديد
event-audit-accessed = اطّلاع على وثيقة
event-identity-party-registered = سُجّل صاحب علاقة
event-identity-staff-registered = سُجّل موظف أو تغيّرت صفته
event-identity-directory-account-bound = رُبط حساب في البلدية بموظف
event-identity-directory-account-released = فُك ارتباط موظف بحسابه في البلدية
event-identity-staff-ended = انتهى إذن دخول موظف
event-identity-code-requested = طُلب رمز دخول
event-identity-signed-in = دخول
event-identity-sign-in-failed = محاولة دخول لم تُقبل
event-identity-signed-out = خروج
event-jobs-job-retried = أُعيدت محاولة عمل متوقف
event-jobs-messages-sent-back = { $aside ->
    [one] طُلب أن تُعاد إلى مسارها رسالة وُضعت جانبًا
    [two] طُلب أن تُعاد إلى مسارهما رسالتان وُضعتا جانبًا
    [few] طُلب أن تُعاد إلى مسارها { $aside } رسائل وُضعت جانبًا
   *[other] طُلب أن تُعاد إلى مسارها { $aside } رسالة وُضعت جانبًا
}
event-jobs-reason-retried = { $count ->
    [zero] لم تُعد محاولة عمل
    [one] أُعيدت محاولة عمل واحد متوقف لسبب بعينه
    [two] أُعيدت محاولة عملين متوقفين لسبب واحد
    [few] أُعيدت محاولة { $count } أعمال متوقفة لسبب واحد
    [many] أُعيدت محاولة { $count } عملًا متوقفًا لسبب واحد
   *[other] أُعيدت محاولة { $count } عمل متوقف لسبب واحد
}
event-licensing-application-submitted = قُدّم طلب
event-licensing-application-stopped = توقف طلب
event-licensing-licence-issued = صدر ترخيص
event-payments-payment-succeeded = تمت دفعة
event-payments-payment-failed = لم تتم دفعة

access-page-opened = فُتحت الصفحة { $n } من وثيقة
access-original-downloaded = نُزّل الملف الأصلي لوثيقة
access-searchable-downloaded = نُزّلت نسخة PDF قابلة للبحث من وثيقة

subject-account = حساب
subject-application = طلب
subject-citizen = مراجع
subject-code = رمز دخول
subject-document = وثيقة
subject-job = عمل
subject-line = المسار:
subject-reason = سبب
subject-session = جلسة
subject-staff = موظف
subject-unknown = حساب غير معروف

system-archive-reading = قراءة الوثائق
system-archive-searchable = إعداد النسخ القابلة للبحث
system-identity = تسجيل الدخول
system-jobs-issue-licence = إصدار التراخيص
system-jobs-settle-application = متابعة الطلبات المدفوعة
system-licensing-screening = فحص الطلبات
system-payments-inquiry = الاستعلام من بوابة الدفع
system-sample-municipality = إدخال البلدية التجريبية
system-terminal = أوامر مسؤول النظام
