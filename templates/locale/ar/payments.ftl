# الدفع والإيصالات

receipt = إيصال الدفع
receipt-number = رقم الإيصال
receipt-issued = صدر في
receipt-for = مقابل
receipt-paid = المدفوع
receipt-note = احتفظ بهذا الإيصال. يمكنك طباعة هذه الصفحة.

payment-failed-declined = رفض البنك الدفع
payment-failed-cancelled = ألغيت الدفع
payment-failed-expired = انتهى وقت صفحة الدفع
payment-failed-next = لم يُخصم شيء. يمكنك المحاولة مرة أخرى، أو استخدام بطاقة أخرى.

refusal-demand-paid = هذا المبلغ مدفوع، ورقم إيصاله { $receipt }. لا تدفع مرة أخرى.
refusal-demand-cancelled = لم يعد هذا المبلغ مستحقًا. لا تدفع شيئًا.
refusal-demand-frozen = المبلغ الذي أخذه البنك يختلف عن المستحق. لا تدفع مرة أخرى: يراجعه موظف ويتصل بك.
refusal-payment-under-way = صفحة الدفع لهذا الطلب ما زالت مفتوحة. أكمل الدفع أو ألغه فيها، ثم حاول مرة أخرى.
refusal-gateway-unavailable = بوابة الدفع لا تجيب الآن. لم يُخصم شيء. حاول بعد دقائق.
refusal-checkout-missing = لا توجد صفحة دفع بهذا العنوان. ارجع إلى طلبك وابدأ الدفع من هناك.

# بوابة الدفع التجريبية: جهة أخرى في نظر من يراها
sandbox-name = بوابة الدفع التجريبية
sandbox-no-money = للتجربة فقط: لا يُدفع فيها مال حقيقي، ولا تُطلب فيها بطاقة.
sandbox-title = تأكيد الدفع
sandbox-merchant = الجهة المستفيدة
sandbox-for = مقابل
sandbox-amount = المبلغ
sandbox-pay = ادفع { $amount }
sandbox-decline = جرّب: ارفض البطاقة
sandbox-cancel = ألغِ وارجع
sandbox-pay-and-close = جرّب: ادفع ثم أغلق دون رجوع
sandbox-closed = دُفع المبلغ، وانقطع الرجوع
sandbox-closed-text = هكذا يكون حين يغلق الدافع المتصفح قبل أن يعود. أغلق هذه الصفحة: ستسأل البلدية البوابة بنفسها خلال دقيقتين.
sandbox-state-pending = بانتظار الدفع
sandbox-state-captured = سبق دفع هذا المبلغ. لن يُدفع مرة أخرى.
sandbox-state-declined = رُفضت البطاقة.
sandbox-state-cancelled = أُلغي الدفع.
sandbox-state-expired = انتهى وقت هذه الصفحة.
sandbox-back = ارجع إلى البلدية
sandbox-footer = جهة مستقلة لتجربة الدفع، ليست من البلدية.
