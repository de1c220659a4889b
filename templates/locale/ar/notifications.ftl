# الرسائل الصادرة

outbox-title = الرسائل الصادرة
outbox-lead = كل رسالة كتبتها البلدية لأصحاب المعاملات، وما صار إليه أمرها. الأحدث أولًا.
outbox-sms = رسالة نصية
outbox-email = بريد إلكتروني
outbox-parts = { $parts ->
    [one] بطول رسالة واحدة
    [two] بطول رسالتين
    [few] بطول { $parts } رسائل
   *[other] بطول { $parts } رسالة
}
outbox-reason = ما حال دون وصولها في آخر محاولة
outbox-none = لا رسائل هنا
outbox-none-text = تظهر هنا الرسائل عندما يدخل المراجعون أو تتقدم معاملاتهم.
outbox-template-sign-in-code = رمز الدخول
outbox-template-application-received = استلام طلب
outbox-template-application-stopped = توقف طلب
outbox-template-payment-received = استلام دفعة
outbox-template-payment-failed = دفع لم يكتمل
outbox-template-licence-issued = صدور ترخيص

refusal-message-unknown = لا يوجد نص للرسالة «{ $template }».
refusal-message-undeliverable = تعذّر تسليم الرسالة: { $reason }
refusal-receipt-early = هذا الإشعار عن رسالة ما زال تسليمها جاريًا. أعد إرساله بعد قليل.
