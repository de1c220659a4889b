"""Correspondence: a citizen's request, neighbours' consent, a consultant's letter, committee minutes."""

from samples.papers.blocks import fields, foot, gap, head, para, points, rule, sign, stamp, table, title
from samples.papers.document import A4_LANDSCAPE, Document, Page
from samples.papers.records import parcel
from samples.papers.scanner import Scan
from samples.papers.script import indic, latin


def correspondence() -> Document:
    """Two pages of 2008 with Arabic-Indic digits: the request and the answer."""
    land = parcel("RD-5-0344")
    request = [
        para("بسم الله الرحمن الرحيم", align="center", bold=True, justify=False),
        gap(4),
        fields([("التاريخ", indic("2008/03/09")), ("الموافق", indic("1 ربيع الأول 1429 هـ"))], gap=4),
        para("السيد الفاضل / مدير إدارة تراخيص البناء المحترم", bold=True, justify=False),
        para("تحية طيبة وبعد،", justify=False),
        para("الموضوع: طلب ترخيص إضافة مظلة سيارات وغرفة حارس", bold=True, align="center", justify=False),
        gap(2),
        para(
            f"أتقدم إليكم أنا {land.owner}، مالكة القسيمة رقم {indic(land.plot)}",
            f"بالقطعة رقم {indic(land.block)} بمنطقة {land.area}، بطلب الموافقة على إضافة مظلة سيارات من الشبك",
            f"المعدني بمساحة {indic('36.00')} م² أمام السور، وغرفة حارس بمساحة {indic('9.50')} م² داخل حدود القسيمة،",
            "علمًا بأن الإضافة المطلوبة لا تمس الارتداد المقرر ولا تحجب الرؤية عن الجيران.",
        ),
        para(
            f"وقد سبق أن صدرت للقسيمة رخصة بناء رقم {indic('1994/1187')} بتاريخ {indic('1994/11/26')}، ورخصة ترميم رقم",
            f"{indic('2003/402')}، ولم تسجل عليها أي مخالفة حتى تاريخه. وأرفق لكم مع هذا الطلب:",
        ),
        points(
            "صورة من وثيقة التملك وصورة من البطاقة المدنية.",
            f"مخططًا معماريًا للإضافة من {indic('3')} نسخ بمقياس رسم {indic('1:100')}.",
            "تعهدًا بإزالة المظلة عند الطلب دون تعويض.",
            marks=[f"{indic(n)}-" for n in "123"],
        ),
        gap(2),
        para("راجية التكرم بالنظر والموافقة، وتفضلوا بقبول فائق الاحترام والتقدير.", justify=False),
        sign(("مقدمة الطلب", land.owner)),
        stamp("وارد", indic("2008/03/10"), f"رقم {indic('2251')}", x=6, y=196, turn=-6, colour="#2a4fa3"),
        foot(f"هاتف {indic('50001157')}", indic("1 / 2")),
    ]
    answer = [
        head(("بلدية مرسى النور", "إدارة تراخيص البناء")),
        fields(
            [("الرقم", indic("2008/4/1093")), ("التاريخ", indic("2008/04/02")), ("المرفقات", indic("3"))],
            gap=4,
        ),
        para(f"السيدة الفاضلة / {land.owner} المحترمة", bold=True, justify=False),
        para("تحية طيبة وبعد،", justify=False),
        para(
            f"بالإشارة إلى كتابكم الوارد برقم {indic('2251')} بتاريخ {indic('2008/03/10')} بشأن طلب ترخيص إضافة مظلة",
            f"سيارات وغرفة حارس بالقسيمة رقم {indic(land.plot)} قطعة "
            f"{indic(land.block)} منطقة {land.area}، نفيدكم بما يلي:",
        ),
        para(
            f"أولًا: لا مانع من إقامة المظلة بعمق لا يزيد على {indic('5.50')} م وارتفاع لا يزيد على {indic('3.00')} م،",
            "وأن تكون أعمدتها داخل حدود القسيمة، وألا تصب مياه الأمطار على الطريق العام.",
        ),
        para(
            f"ثانيًا: تعدل غرفة الحارس لتصبح مساحتها {indic('9.00')} م² كحد أقصى، وتبعد عن حد الجار {indic('1.50')} م.",
            justify=False,
        ),
        para(
            f"ثالثًا: تسدد الرسوم المقررة وقدرها {indic('27.500')} د.ك (سبعة وعشرون دينارًا وخمسمائة فلس)",
            f"خلال {indic('30')} يومًا من تاريخه، ويعد الطلب لاغيًا بعد ذلك.",
        ),
        gap(2),
        para("وتفضلوا بقبول فائق الاحترام،", align="center", justify=False),
        sign(("مدير الإدارة", "عبداللطيف صالح البحري"), pen="#222222"),
        gap(8),
        rule(),
        para(
            f"نسخة إلى: ملف القسيمة {land.number} — قسم الكشف — الأرشيف",
            justify=False,
            scale=0.88,
        ),
        stamp("بلدية مرسى النور", "صادر", x=116, y=150, turn=-18, shape="round"),
        foot("ص.ب: بلدية مرسى النور، الميناء", indic("2 / 2")),
    ]
    return Document(
        name="correspondence-RD-5-0344",
        kind="correspondence",
        title_ar="مراسلة بشأن إضافة مظلة وغرفة حارس",
        title_en="Correspondence on a car shade and a guard room",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2008,
        container="pdf",
        font="Noto Naskh Arabic",
        text_size=13,
        leading=0.45,
        pages=[
            Page(request, Scan(dpi=200, mode="bilevel", skew=1.9, specks=220)),
            Page(answer, Scan(dpi=200, mode="bilevel", skew=-1.2, specks=180, blur=0.6)),
        ],
    )


def neighbours_consent() -> Document:
    """A signed consent of 2011 and, sideways, the list of neighbours."""
    land = parcel("RD-5-0342")
    consent = [
        head(("بلدية مرسى النور", "إدارة تراخيص البناء")),
        title("إقرار موافقة جيران", boxed=True),
        para(
            "نقر نحن الموقعين أدناه، مالكي القسائم المجاورة للقسيمة المبينة بعد، بأنه لا مانع لدينا من قيام مالكتها",
            "بفتح باب جانبي على السكة الفاصلة وإقامة ملحق من دور واحد ملاصق لحد الجار، وذلك حسب المخطط",
            "المرفق، وهذا إقرار منا بذلك نلتزم به ويلتزم به خلفنا العام والخاص.",
        ),
        gap(3),
        fields(
            [("المالكة", land.owner)],
            [("المنطقة", land.area), ("القطعة", indic(land.block)), ("القسيمة", indic(land.plot))],
            [("رقم القسيمة الموحد", land.number), ("المساحة", f"{indic(str(land.m2))} م²")],
            [("نوع الطلب", "ملحق وباب جانبي"), ("رقم الطلب", indic("2011/0658"))],
            dotted=True,
            gap=5,
        ),
        gap(3),
        para(
            f"حرر هذا الإقرار في يوم الأربعاء {indic('2011/05/18')} الموافق "
            f"{indic('15')} جمادى الآخرة {indic('1432')} هـ من ثلاث نسخ.",
            justify=False,
        ),
        gap(4),
        sign(
            ("الجار الأول", parcel("RD-5-0341").owner),
            ("الجار الثاني", parcel("RD-5-0343").owner),
            pen="#1b1b1b",
        ),
        gap(4),
        sign(("صادق على التواقيع", "مختار المنطقة: غانم دعيج الصفار"), pen="#1b1b1b"),
        stamp("مختارية الروضة", indic("2011/05/18"), x=40, y=206, turn=-5, colour="#1f6b3a", shape="round"),
        foot("نموذج ت ب 15", indic("1 / 2")),
    ]
    neighbours = [
        title("كشف بأسماء الجيران وتواقيعهم", f"القسيمة {land.number}"),
        table(
            ["م", "القسيمة", "اسم المالك", "الجهة", "طول الحد (م)", "التوقيع"],
            ["١", indic("341"), parcel("RD-5-0341").owner, "غربًا", indic("25.00"), "وقع"],
            ["٢", indic("343"), parcel("RD-5-0343").owner, "شرقًا", indic("25.00"), "وقع"],
            ["٣", indic("346"), parcel("RD-5-0346").owner, "شمالًا", indic("20.00"), "تعذر الاتصال"],
            ["٤", "—", "شارع النرجس", "جنوبًا", indic("20.00"), "—"],
            widths=[0.4, 0.9, 3, 0.9, 1.2, 1.2],
            centred=[0, 1, 3, 4, 5],
            pad=3.2,
        ),
        gap(6),
        para(
            "تم التحقق من التواقيع ومطابقتها للبطاقات المدنية بمعرفة الموظف "
            f"المختص بتاريخ {indic('2011/05/22')}، رقم القيد {indic('7340')}.",
            justify=False,
        ),
        foot("مرفق بنموذج ت ب 15", indic("2 / 2")),
    ]
    return Document(
        name="neighbours-consent-RD-5-0342",
        kind="neighbours-consent",
        title_ar="إقرار موافقة جيران على ملحق وباب جانبي",
        title_en="Neighbours' consent to an annex and a side door",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2011,
        container="pdf",
        font="Amiri",
        text_size=14,
        leading=0.42,
        pages=[
            Page(consent, Scan(dpi=200, mode="grey", skew=-0.9, grain=2.5, contrast=0.85, edge=0.35)),
            Page(
                neighbours, Scan(dpi=200, mode="bilevel", skew=0.5, specks=80, rotation=90), size=A4_LANDSCAPE
            ),
        ],
    )


def consultant_letter() -> Document:
    """Two pages in two languages on one sheet: Latin names, codes and units inside Arabic lines."""
    land = parcel("MN-3-0128")
    firm = "Sawari Engineering Consultants"
    letter = [
        head(
            ("مكتب الصواري للاستشارات الهندسية", "ترخيص رقم 418"),
            (firm, "License No. 418"),
        ),
        fields([("الإشارة", latin("SEC/21/0388")), ("التاريخ", "2021/06/08"), ("الصفحات", "2")], gap=4),
        para("السادة / بلدية مرسى النور — إدارة تراخيص البناء المحترمين", bold=True, justify=False),
        para(
            f"الموضوع: تدعيم سقف المقهى {latin('Coffee Harbour Café')} بالقسيمة MN-3-0128",
            bold=True,
            justify=False,
        ),
        para("السلام عليكم ورحمة الله وبركاته،", justify=False),
        para(
            "نفيدكم بأننا أجرينا معاينة إنشائية (Structural survey) للمبنى بتاريخ 2021/05/27 بطلب من المالك",
            f"السيد {land.owner}، وتبين وجود هبوط في البلاطة {latin('Slab S-12')} قدره 18 ملم",
            f"عند منتصف البحر البالغ 6.40 م، ويتجاوز ذلك الحد المسموح {latin('L/360')} في الكود {latin('ACI 318-19')}.",
        ),
        para(
            f"ونوصي بالتدعيم بألياف الكربون (CFRP) من نوع {latin('CFRP-300C')} بطبقتين، مع دهان مقاوم للحريق",
            f"لمدة 90 دقيقة، وتركيب كمرة حديدية {latin('HEB 200')} كما هو مبين في المخطط رقم {latin('ST-04 Rev. B')}.",
        ),
        table(
            ["الاختبار", "Test", "النتيجة", "الحد"],
            ["مقاومة اللباب الخرساني", latin("Core strength, ASTM C42"), latin("24.6 N/mm²"), "25.0"],
            ["محتوى الكلوريد", latin("Chloride content, BS 1881"), "0.21%", "0.30%"],
            ["عمق الكربنة", latin("Carbonation depth"), latin("31 mm"), latin("25 mm")],
            ["جهد الخلية", latin("Half-cell potential"), latin("-280 mV"), latin("-350 mV")],
            widths=[1.5, 2, 1.2, 0.9],
            centred=[2, 3],
        ),
        gap(2),
        para("وتفضلوا بقبول خالص التحية،", justify=False),
        sign(("المهندس الإنشائي", "م. Daniel R. Varghese"), ("المدير العام", "م. حسام الدين هاني الصواري")),
        stamp(
            "Sawari Engineering",
            "Consultants",
            "KSE 2093",
            x=22,
            y=196,
            turn=-11,
            colour="#1f5f8f",
            shape="round",
        ),
        foot(f"هاتف {latin('+965 5000 0177')} — info@sawari.example", latin("Page 1 of 2")),
    ]
    annex = [
        head((), (firm, "Annex A: Summary for the file")),
        para(
            "Property: Block 3, Plot 128, Al-Nokhatha Street, Al-Mina. Parcel no. MN-3-0128.",
            f"Owner: {land.owner_en}. Use: coffee shop (activity 5630-1).",
            "Date of survey: 27 May 2021. Surveyor: D. R. Varghese, PE 11462.",
            align="left",
            justify=False,
        ),
        para(
            "1. Slab S-12 (span 6.40 m) shows a mid-span deflection of 18 mm; the limit is 17.8 mm (L/360).",
            "2. Two cores out of six gave less than 25.0 N/mm². The lowest was 22.9 N/mm².",
            "3. Reinforcement T12 @ 150 mm, cover 15 to 22 mm; light corrosion at grid line C/4.",
            "4. Live load on the roof is to be kept below 1.5 kN/m² until the works are complete.",
            align="left",
            justify=False,
        ),
        rule(),
        para(
            "الخلاصة: المبنى آمن للاستعمال الحالي بشرط عدم تخزين أي أحمال على السطح تزيد على 150 كجم/م²،",
            "وإتمام أعمال التدعيم خلال 60 يومًا، وتقديم تقرير متابعة في موعد أقصاه 2021/08/15.",
        ),
        table(
            ["البند", "Item", "الكمية", "السعر (KD)", "الإجمالي (KD)"],
            ["ألياف كربون", "CFRP, 2 layers", latin("48.0 m²"), "42.500", "2,040.000"],
            ["كمرة حديدية", "Steel beam HEB 200", latin("6.4 m"), "65.000", "416.000"],
            ["دهان مقاوم للحريق", "Fire paint, 90 min", latin("55.0 m²"), "9.250", "508.750"],
            ["المجموع", "Total", "", "", "2,964.750"],
            widths=[1.5, 1.9, 1, 1.1, 1.3],
            centred=[2, 3, 4],
        ),
        foot(f"هاتف {latin('+965 5000 0177')} — info@sawari.example", latin("Page 2 of 2")),
    ]
    return Document(
        name="consultant-letter-MN-3-0128",
        kind="engineering-report",
        title_ar="تقرير إنشائي عن سقف المقهى",
        title_en="Structural report on the coffee shop's roof slab",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2021,
        container="pdf",
        text_size=11.2,
        pages=[
            Page(letter, Scan(dpi=200, mode="colour", skew=0.3, grain=1.5)),
            Page(annex, Scan(dpi=200, mode="grey", skew=-0.6, grain=2.0, blur=0.7)),
        ],
    )


def committee_minutes() -> Document:
    """Two bilevel pages of 2015 at 300 dpi, a little out of focus."""
    land = parcel("MN-3-0124")
    first = [
        head(("بلدية مرسى النور", "المجلس البلدي", "اللجنة الفنية")),
        title("محضر الاجتماع رقم 7/2015", "المنعقد بتاريخ 2015/02/24"),
        para(
            "اجتمعت اللجنة الفنية في تمام الساعة 9:30 من صباح يوم الثلاثاء الموافق 24 فبراير 2015 بقاعة الاجتماعات",
            "بمبنى البلدية، برئاسة السيد إبراهيم محمد القلاف وحضور السادة الأعضاء المبينة أسماؤهم بعد:",
        ),
        table(
            ["م", "الاسم", "الصفة", "الحضور"],
            ["1", "إبراهيم محمد القلاف", "رئيس اللجنة", "حضر"],
            ["2", "م. سناء عبد الرزاق الخور", "عضو", "حضرت"],
            ["3", "أحمد يوسف أبو الفنار", "عضو", "حضر"],
            ["4", "د. ليلى رؤوف الهيرات", "عضو", "اعتذرت"],
            ["5", "بدر عبد الكريم الورّاق", "مقرر اللجنة", "حضر"],
            widths=[0.4, 2.4, 1.4, 1],
            centred=[0, 3],
        ),
        gap(2),
        para("البند الأول: طلب تغيير استعمال القسيمة MN-3-0124", bold=True, justify=False),
        para(
            f"عرض المقرر الطلب المقدم من السيدة {land.owner} بتاريخ 2015/01/11 والمقيد برقم 0319",
            f"بشأن تغيير استعمال القسيمة رقم {land.plot} قطعة {land.block} "
            f"منطقة {land.area} البالغة مساحتها {land.m2} م² من سكن خاص",
            "إلى استعمال تجاري (محلات ومطاعم). وأوضح أن القسيمة تطل على شارع الغوص بعرض 24 م، وأن إدارة المرور",
            "لم تبد اعتراضًا بكتابها رقم 2015/188، على أن توفر 12 موقفًا للسيارات داخل حدود القسيمة.",
        ),
        para(
            "وأشارت المهندسة سناء إلى أن المخطط الهيكلي المعتمد بالقرار رقم 95 لسنة 2009 يجيز الاستعمال التجاري",
            "للقسائم المطلة على شارع لا يقل عرضه عن 20 م، وأن ثلاث قسائم مجاورة سبق تغيير استعمالها.",
        ),
        foot("محاضر اللجنة الفنية 2015", "1 / 2"),
    ]
    second = [
        para("تابع محضر الاجتماع رقم 7/2015", bold=True, align="center", justify=False),
        gap(2),
        para("القرار رقم 31/2015:", bold=True, justify=False),
        para(
            "بعد المناقشة وافقت اللجنة بإجماع الحاضرين على تغيير استعمال القسيمة المذكورة وفق الشروط الآتية:",
            justify=False,
        ),
        points(
            "توفير 12 موقفًا للسيارات، منها موقف واحد لذوي الإعاقة بعرض 3.60 م.",
            "ألا تزيد نسبة البناء على 80% في الدور الأرضي و60% في بقية الأدوار.",
            "سداد فرق الرسوم وقدره 5.000 د.ك عن كل متر مربع، بإجمالي 4,500.000 د.ك.",
            "تقديم المخططات النهائية خلال 180 يومًا من تاريخ التبليغ.",
        ),
        gap(2),
        para("البند الثاني: ما يستجد من أعمال", bold=True, justify=False),
        para(
            "اطلعت اللجنة على شكوى سكان القطعة رقم 3 من تجمع مياه الأمطار عند تقاطع شارع الغوص مع شارع النوخذة،",
            "وقررت إحالتها إلى إدارة الإنشاءات لمعالجة ميول الطريق وتنظيف المناهيل من رقم 140 إلى رقم 156",
            "قبل بداية موسم الأمطار، وموافاة اللجنة بتقرير قبل 2015/09/30.",
        ),
        para("واختتم الاجتماع في الساعة 11:20 صباحًا.", justify=False),
        sign(
            ("مقرر اللجنة", "بدر عبد الكريم الورّاق"),
            ("رئيس اللجنة", "إبراهيم محمد القلاف"),
            pen="#222222",
        ),
        stamp(
            "المجلس البلدي",
            "مرسى النور",
            "اللجنة الفنية",
            x=66,
            y=142,
            turn=-9,
            shape="round",
            colour="#30308f",
        ),
        foot("محاضر اللجنة الفنية 2015", "2 / 2"),
    ]
    return Document(
        name="committee-minutes-MN-3-0124",
        kind="committee-minutes",
        title_ar="محضر اللجنة الفنية رقم 7/2015 بشأن تغيير استعمال",
        title_en="Technical committee minutes 7/2015 on a change of use",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2015,
        container="pdf",
        font="Amiri",
        text_size=13,
        leading=0.4,
        pages=[
            Page(first, Scan(dpi=300, mode="bilevel", skew=0.8, blur=1.3, specks=150)),
            Page(second, Scan(dpi=300, mode="bilevel", skew=-0.3, blur=1.3, specks=150)),
        ],
    )
