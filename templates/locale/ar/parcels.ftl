# القسائم
parcel = القسيمة
parcel-number = رقم القسيمة
parcel-number-hint = رمز المنطقة ثم القطعة ثم القسيمة، مثل MN-3-0121
refusal-parcel-unknown = لا توجد قسيمة بالرقم { $number }. أقرب الأرقام الموجودة: { $suggestions }. راجع الرقم ثم أعد المحاولة.
refusal-parcel-number-malformed = «{ $number }» ليس رقم قسيمة. اكتب رمز المنطقة ثم القطعة ثم القسيمة، مثل MN-3-0121.
