"""A whole building file of 1987 to 1996, as it comes out of the cabinet: six papers in one scan."""

from samples.papers.blocks import fields, foot, gap, head, para, points, sign, stamp, table, title
from samples.papers.document import A4_LANDSCAPE, Document, Page
from samples.papers.records import parcel
from samples.papers.scanner import Scan
from samples.papers.script import indic

BLACK = "#222222"


def building_file() -> Document:
    """Cover, request, permit, site visit, register sheet (on its side), closing letter; Arabic-Indic digits."""
    land = parcel("SQ-1-0014")
    office = ("بلدية مرسى النور", "إدارة التنظيم والمباني")
    place = [("المنطقة", land.area), ("القطعة", indic(land.block)), ("القسيمة", indic(land.plot))]
    cover = [
        head(office),
        gap(18),
        title("ملف قسيمة", indic("رقم الملف 1987/3/0562"), boxed=True),
        gap(12),
        fields(
            place,
            [("الرقم الموحد", land.number), ("الشارع", land.street)],
            [("اسم المالك", land.owner)],
            [("المالك السابق", "سعود راشد محمد اللؤلؤي")],
            [("تاريخ فتح الملف", indic("1987/06/02")), ("تاريخ الإقفال", indic("1996/12/29"))],
            [("عدد الأوراق", indic("48")), ("رقم الرف", indic("14 / 7 / 3"))],
            dotted=True,
            gap=8,
        ),
        stamp("أرشيف", indic("1997"), x=14, y=28, turn=-20, colour="#222222"),
    ]
    request = [
        para("السيد / مدير إدارة التنظيم والمباني المحترم", bold=True, justify=False),
        para("بعد التحية،", justify=False),
        para("الموضوع: طلب ترخيص هدم وإعادة بناء", bold=True, align="center", justify=False),
        gap(3),
        para(
            f"أرجو التكرم بالموافقة على هدم البناء القديم القائم على القسيمة رقم {indic(land.plot)} بالقطعة رقم",
            f"{indic(land.block)} بمنطقة {land.area}، والبالغة مساحتها "
            f"{indic(str(land.m2))} م²، وإعادة بنائها من دورين: أرضي",
            "لمحلات تجارية وأول للسكن، حسب المخططات المرفقة من مكتب المنارة الهندسي.",
        ),
        para(
            "علمًا بأن البناء القائم مشيد من الطين والحجر البحري "
            f"منذ سنة {indic('1949')} تقريبًا، وقد أصبح آيلًا للسقوط",
            f"وفق تقرير لجنة المباني الآيلة رقم {indic('218')} بتاريخ {indic('1987/05/20')}.",
        ),
        points(
            f"وثيقة التملك رقم {indic('7714')} لسنة {indic('1971')}.",
            f"أربع نسخ من المخططات بمقياس {indic('1:50')}.",
            f"إيصال رسم الطلب رقم {indic('30925')} بمبلغ {indic('3.000')} د.ك.",
            marks=[f"{indic(n)}-" for n in "123"],
        ),
        gap(2),
        para("وتقبلوا وافر الاحترام،", justify=False, align="center"),
        sign(("مقدم الطلب", "سعود راشد محمد اللؤلؤي"), pen=BLACK),
        stamp("وارد", indic("1987/06/02"), indic("562"), x=10, y=170, turn=8, colour="#222222"),
    ]
    permit = [
        head(office),
        title("رخصة هدم وبناء", indic("رقم 1987/441"), boxed=True),
        fields(
            [("المرخص له", "سعود راشد محمد اللؤلؤي")],
            place,
            [("تاريخ الرخصة", indic("1987/09/15")), ("مدتها", "سنتان")],
            [("نوع البناء", "محلات وسكن"), ("عدد الأدوار", indic("2"))],
            dotted=True,
            gap=5,
        ),
        table(
            ["البيان", "المساحة (م²)", "الفئة (فلس)", "الرسم (د.ك)"],
            ["دور أرضي — محلات", indic("201.60"), indic("150"), indic("30.240")],
            ["دور أول — سكن", indic("187.20"), indic("100"), indic("18.720")],
            ["هدم بناء قائم", indic("164.00"), indic("50"), indic("8.200")],
            ["المجموع", "", "", indic("57.160")],
            widths=[2, 1.2, 1.2, 1.2],
            centred=[1, 2, 3],
        ),
        gap(3),
        para(
            "على المرخص له أن يبدأ الهدم بحضور مندوب الإدارة، وأن يحيط الموقع بسياج، وأن يرفع الأنقاض خلال",
            f"{indic('15')} يومًا، وألا يبرز بأي جزء من البناء على الشارع "
            f"أكثر من {indic('0.80')} م فوق ارتفاع {indic('4.00')} م.",
        ),
        sign(("المهندس", "ميشيل إلياس"), ("المدير", "عيسى خليل البحري"), pen=BLACK),
        stamp("بلدية مرسى النور", "التنظيم والمباني", x=64, y=190, turn=-10, colour="#222222", shape="round"),
        foot("نموذج 4", ""),
    ]
    visit = [
        head(office),
        title("تقرير زيارة موقع", indic("رقم 1988/1207")),
        fields(
            place,
            [("تاريخ الزيارة", indic("1988/11/09")), ("المهندس", "ميشيل إلياس")],
            gap=4.5,
        ),
        para(
            f"تمت زيارة الموقع الساعة {indic('8:45')} صباحًا، وتبين "
            "أن الدور الأرضي مكتمل، وأن سقف الدور الأول قيد التسليح.",
            justify=False,
        ),
        points(
            f"عرض الواجهة على الشارع {indic('18.00')} م، وهو مطابق للمخطط.",
            f"البروز فوق الرصيف {indic('0.95')} م، ويزيد عن المسموح بمقدار {indic('0.15')} م.",
            f"سمك بلاطة السقف {indic('14')} سم والتسليح حديد {indic('12')} ملم كل {indic('15')} سم.",
            f"عدد المحلات {indic('4')} بدلًا من {indic('3')} في المخطط المعتمد.",
            marks=[f"{indic(n)}-" for n in "1234"],
        ),
        para(
            "الرأي: ينذر المالك بتعديل البروز خلال شهر، ويقدم مخططًا معدلًا لعدد المحلات قبل متابعة العمل،",
            "ولا يصب السقف إلا بعد كتاب آخر من هذه الإدارة.",
        ),
        sign(("مهندس الموقع", "ميشيل إلياس"), pen=BLACK),
    ]
    register = [
        title("بطاقة متابعة القسيمة", f"{land.number} — {indic('ملف 1987/3/0562')}"),
        table(
            ["م", "التاريخ", "الإجراء", "الرقم", "الموظف"],
            *[
                [indic(str(n)), indic(day), what, indic(number), who]
                for n, (day, what, number, who) in enumerate(
                    [
                        ("1987/06/02", "فتح الملف وورود طلب الهدم والبناء", "562", "جابر الخور"),
                        ("1987/09/15", "صدور رخصة هدم وبناء", "441", "عيسى البحري"),
                        ("1988/11/09", "زيارة موقع وملاحظة بروز زائد", "1207", "ميشيل إلياس"),
                        ("1988/11/16", "إنذار المالك بتعديل البروز", "3380", "عيسى البحري"),
                        ("1989/02/04", "اعتماد مخطط معدل لأربعة محلات", "117", "ميشيل إلياس"),
                        ("1991/10/27", "حصر الأضرار وإعادة ترقيم المحلات", "64", "جابر الخور"),
                        ("1996/12/29", "انتقال الملكية وإقفال الملف", "2954", "يعقوب الساحلي"),
                    ],
                    start=1,
                )
            ],
            widths=[0.4, 1.3, 3.4, 0.9, 1.6],
            centred=[0, 1, 3],
            pad=2.8,
        ),
        foot("بطاقة 9", ""),
    ]
    closing = [
        head(office),
        fields([("الرقم", indic("1996/2954")), ("التاريخ", indic("1996/12/29"))], gap=4),
        para(f"السيد / {land.owner} المحترم", bold=True, justify=False),
        para("تحية طيبة،", justify=False),
        para(
            f"نفيدكم بأنه تم قيد انتقال ملكية القسيمة رقم {indic(land.plot)} "
            f"قطعة {indic(land.block)} منطقة {land.area} إليكم، بموجب",
            f"حصر الورثة رقم {indic('1403')} لسنة {indic('1996')} الصادر من المحكمة الكلية، وعقد القسمة المسجل برقم",
            f"{indic('5528')} بتاريخ {indic('1996/12/08')}، وأقفل ملف "
            f"الترخيص رقم {indic('562')} على أن يفتح ملف جديد عند أي طلب.",
        ),
        para(
            f"وتبلغكم الإدارة بأن على العقار رسوم نظافة متأخرة قدرها {indic('84.750')} "
            f"د.ك عن السنوات من {indic('1993')} إلى {indic('1996')}،",
            f"يرجى سدادها قبل {indic('1997/01/31')}.",
        ),
        sign(("مدير الإدارة", "يعقوب سالم الساحلي"), pen=BLACK),
        gap(4),
        para("صورة إلى: السجل العقاري — قسم التحصيل — الملف", justify=False, scale=0.9),
    ]
    return Document(
        name="building-file-SQ-1-0014",
        kind="building-file",
        title_ar="ملف قسيمة رقم 1987/3/0562",
        title_en="Building file 1987/3/0562",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=1987,
        container="tiff",
        font="Noto Naskh Arabic",
        text_size=13,
        leading=0.45,
        pages=[
            Page(cover, Scan(dpi=200, mode="bilevel", skew=1.4, specks=350, threshold=140)),
            Page(request, Scan(dpi=200, mode="bilevel", skew=-1.8, specks=400, blur=0.9, threshold=165)),
            Page(permit, Scan(dpi=200, mode="bilevel", skew=0.7, specks=350, threshold=140)),
            Page(visit, Scan(dpi=200, mode="bilevel", skew=2.0, specks=400, blur=1.0, threshold=175)),
            Page(
                register, Scan(dpi=200, mode="bilevel", skew=-0.5, specks=300, rotation=90), size=A4_LANDSCAPE
            ),
            Page(closing, Scan(dpi=200, mode="bilevel", skew=-1.0, specks=350, blur=0.8, threshold=120)),
        ],
    )
