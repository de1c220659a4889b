# الدخول والخروج

sign-in-title = تسجيل الدخول
sign-in-lead = أدخل رقمك المدني، ونرسل رمزًا إلى هاتفك المسجل لدى البلدية.
sign-in-civil-id = الرقم المدني
sign-in-civil-id-hint = 12 رقمًا، مكتوبة على وجه البطاقة المدنية
sign-in-send-code = أرسل الرمز
sign-in-to-staff = دخول موظفي البلدية
sign-in-ended-title = انتهت جلستك
sign-in-ended-text = حفاظًا على ملفك تنتهي الجلسة بعد مدة من التوقف. سجّل الدخول لتتابع من حيث كنت.
sign-in-out-title = تم تسجيل الخروج
sign-in-out-text = إذا كان الجهاز لغيرك فأغلق نافذة المتصفح.

sign-in-code-title = أدخل الرمز
sign-in-code-lead = إذا كان هذا الرقم المدني مسجلًا لدينا، فقد أرسلنا رسالة فيها رمز إلى هاتف صاحبه.
sign-in-code-other = ليس رقمي
sign-in-code-label = الرمز
sign-in-code-hint = 6 أرقام تصلح 5 دقائق. لا تعطها لأحد.
sign-in-code-button = تسجيل الدخول
sign-in-code-missing = لم يصلك الرمز؟
sign-in-code-missing-text = قد تتأخر الرسالة دقيقة. إذا تغيّر رقم هاتفك فراجع مركز الخدمة ومعك بطاقتك المدنية.
sign-in-code-again = أرسل رمزًا جديدًا

staff-sign-in-title = دخول الموظفين
staff-sign-in-lead = لموظفي البلدية وحدهم. كل دخول مسجل.
staff-sign-in-email = البريد الإلكتروني
staff-sign-in-password = كلمة المرور
staff-sign-in-code = رمز التحقق
staff-sign-in-code-hint = 6 أرقام من تطبيق المصادقة في هاتفك
staff-sign-in-button = دخول
staff-sign-in-directory = الدخول بحساب البلدية
staff-sign-in-directory-text = ننقلك إلى صفحة دخول البلدية ثم نعيدك إلى هنا.
staff-sign-in-own = أو بحساب ديوان
staff-sign-in-leave = الخروج من حساب البلدية
staff-sign-in-leave-title = قد يكون حساب البلدية ما زال مفتوحًا على هذا الجهاز
staff-sign-in-leave-text = إذا كان الحساب لغيرك، أو كان الجهاز مشتركًا، فاخرج منه أيضًا.
staff-sign-in-to-citizens = دخول المراجعين

refusal-unauthenticated = سجّل الدخول أولًا.
refusal-sign-in-refused = لم نتمكن من تسجيل دخولك. راجع البريد وكلمة المرور، وأدخل الرمز الظاهر الآن في تطبيق المصادقة.
refusal-own-accounts-closed = دخول الموظفين هنا بحساب البلدية وحده.
refusal-no-door-for-staff = الإعداد DIWAN_STAFF_ACCOUNTS=no يُغلق حسابات ديوان، ولا يسمّي DIWAN_STAFF_DIRECTORY دليلًا: لن يستطيع أي موظف الدخول. سمِّ دليلًا أو احذف الأول.
refusal-directory-unavailable = تعذّر الوصول إلى صفحة دخول البلدية الآن. حاول بعد دقائق، وإذا استمر ذلك فأبلغ مشرف النظام.
refusal-directory-clock-wrong = ساعة ديوان وساعة خدمة الدخول في البلدية مختلفتان، فلم نتمكن من قبول الدخول. أبلغ مشرف النظام.
refusal-directory-cancelled = لم يتم الدخول: أُوقف في صفحة دخول البلدية. ابدأ من جديد متى أردت، وإذا رفضتك تلك الصفحة فاطلب الإذن من مشرف النظام.
refusal-directory-answer-void = لم يعد هذا الدخول صالحًا: طال وقته، أو استُعمل من قبل، أو بدأ في متصفح آخر. ابدأ من جديد.
refusal-directory-answer-false = لم نتمكن من التحقق من رد خدمة الدخول في البلدية، فلم يدخل أحد. ابدأ من جديد، وإذا تكرر ذلك فأبلغ مشرف النظام.
refusal-second-factor-missing = يتطلب ديوان دخولًا بخطوة ثانية، مثل رمز من هاتفك. فعّلها في حساب البلدية ثم ابدأ من جديد.
refusal-staff-unknown = حساب البلدية هذا غير مسجل في ديوان. اطلب من مشرف النظام أن يضيف بريدك، ثم ابدأ من جديد.
refusal-staff-inactive = انتهى إذن دخولك إلى ديوان. إذا كنت تحتاج إليه في عملك فاطلبه من مديرك.
refusal-email-unverified = لا يوجد في حساب البلدية بريد إلكتروني موثّق لك. اطلب من مشرف النظام توثيقه، ثم ابدأ من جديد.
refusal-directory-account-differs = بريدك مرتبط في ديوان بحساب بلدية غير الذي دخلت به. اطلب من مشرف النظام فك الارتباط، ثم ابدأ من جديد.
refusal-code-refused = { $left ->
    [one] الرمز غير صحيح. بقيت لك محاولة واحدة.
    [two] الرمز غير صحيح. بقيت لك محاولتان.
    [few] الرمز غير صحيح. بقيت لك { $left } محاولات.
   *[other] الرمز غير صحيح. بقيت لك { $left } محاولة.
}
refusal-code-void = لم يعد هذا الرمز صالحًا. اطلب رمزًا جديدًا ثم أدخله.
refusal-too-many-attempts = { $minutes ->
    [one] محاولات كثيرة في وقت قصير. انتظر دقيقة ثم حاول من جديد.
    [two] محاولات كثيرة في وقت قصير. انتظر دقيقتين ثم حاول من جديد.
    [few] محاولات كثيرة في وقت قصير. انتظر { $minutes } دقائق ثم حاول من جديد.
   *[other] محاولات كثيرة في وقت قصير. انتظر { $minutes } دقيقة ثم حاول من جديد.
}
refusal-civil-id-malformed = { $why ->
    [length] اكتب الرقم المدني كاملًا: 12 رقمًا.
    [birth-date] أرقام تاريخ الميلاد في الرقم المدني غير ممكنة. راجع الرقم في بطاقتك.
   *[check-digit] في الرقم المدني خطأ، ربما تبدّل رقمان. راجعه في بطاقتك.
}
refusal-contact-malformed = اكتب رقم هاتف صحيحًا: 8 أرقام، أو رقمًا دوليًا يبدأ بعلامة +.
refusal-role-unknown = لا توجد صفة باسم «{ $role }» يمكن أن يحملها موظف. الصفات: { $roles }.
refusal-email-malformed = «{ $email }» ليس عنوان بريد إلكتروني.
refusal-name-misplaced = الاسم العربي أولًا بحروف عربية، ثم الاسم الإنجليزي بحروف لاتينية: «{ $name_ar }»، «{ $name_en }».
