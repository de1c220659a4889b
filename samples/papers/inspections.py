"""Inspection report, violation notice and an old health licence."""

from samples.papers.blocks import fields, foot, gap, head, para, points, rule, sign, stamp, table, title
from samples.papers.document import Document, Page
from samples.papers.records import parcel, person, shop
from samples.papers.scanner import Scan
from samples.papers.script import latin

HEALTH = ("بلدية مرسى النور", "قطاع الخدمات", "إدارة التراخيص الصحية")
HEALTH_EN = ("Marsa Al-Noor Municipality", "Services Sector", "Health Licensing Department")


def inspection_report() -> Document:
    """Three bilevel pages at 300 dpi; the second went through the feeder upside down."""
    land, restaurant = parcel("MN-3-0126"), shop("SH-0103")
    owner = person(restaurant["owner"])["name"]["ar"]
    first = [
        head(HEALTH),
        title("محضر كشف صحي", "رقم IR-2019-01466", boxed=True),
        fields(
            [("اسم المحل", restaurant["trade_name"]["ar"]), ("رقم المحل", restaurant["number"])],
            [("صاحب الترخيص", owner), ("النشاط", "مطعم")],
            [("العنوان", f"{land.area}، قطعة {land.block}، {land.street}، قسيمة {land.plot}")],
            [("رقم القسيمة الموحد", land.number), ("الرخصة التجارية", restaurant["commercial_licence"])],
            [("تاريخ الكشف", "2019/10/22"), ("ساعة البدء", "10:15"), ("ساعة الانتهاء", "11:40")],
            dotted=True,
            gap=4,
        ),
        gap(1),
        para("سبب الكشف: طلب تجديد الترخيص الصحي رقم 2019/3371", bold=True, justify=False),
        para(
            "انتقلنا نحن مفتشي الأغذية الموقعين أدناه إلى المحل المذكور بحضور المدير المسؤول، وبعد التعريف",
            "بأنفسنا وإبراز بطاقاتنا قمنا بالكشف على أقسام المحل كافة، وتبين لنا ما يلي:",
        ),
        table(
            ["م", "بند الكشف", "النتيجة", "الدرجة"],
            ["1", "نظافة الأرضيات والجدران والأسقف", "مستوفٍ", "10 / 10"],
            ["2", "درجة حرارة الثلاجات والمجمدات", "مستوفٍ", "9 / 10"],
            ["3", "تخزين المواد الغذائية وتواريخ صلاحيتها", "مستوفٍ", "9 / 10"],
            ["4", "الشهادات الصحية للعاملين وعددهم 14", "ناقص", "6 / 10"],
            ["5", "شفط الأبخرة والمداخن", "مستوفٍ", "8 / 10"],
            ["6", "مكافحة الحشرات والقوارض", "مستوفٍ", "10 / 10"],
            ["7", "فصل النفايات ومصيدة الزيوت", "مستوفٍ", "8 / 10"],
            ["", "المجموع", "", "60 / 70"],
            widths=[0.5, 3.2, 1.1, 1],
            centred=[0, 2, 3],
            pad=2.2,
        ),
        foot("نموذج ص 12", "صفحة 1 من 3"),
    ]
    second = [
        title("تابع محضر الكشف", "رقم IR-2019-01466"),
        para("أولًا: العينات المسحوبة", bold=True, justify=False),
        table(
            ["رقم العينة", "الصنف", "الكمية", "درجة الحرارة", "المختبر"],
            ["S-40811", "لحم مفروم مبرد", "500 غ", "3.5", "مختبر البلدية"],
            ["S-40812", "أرز مطبوخ", "300 غ", "66.0", "مختبر البلدية"],
            ["S-40813", "سلطة خضراء", "250 غ", "5.0", "مختبر البلدية"],
            ["S-40814", "ماء من الخزان", "1 لتر", "24.0", "مختبر المياه"],
            widths=[1.2, 1.8, 1, 1.3, 1.6],
            centred=[0, 2, 3],
        ),
        gap(3),
        para("ثانيًا: المخالفات والملاحظات", bold=True, justify=False),
        points(
            (
                "عدم وجود شهادة صحية سارية لعاملين اثنين من أصل أربعة عشر عاملًا،",
                "وأمهل المحل سبعة أيام لاستكمالها.",
            ),
            "تلف جزئي في حشوة باب المجمد رقم 2، ويلزم استبدالها.",
            "لوحة الأسعار غير ظاهرة عند المدخل (المادة 9/1).",
            "يلزم نقل أسطوانات الغاز إلى الموضع المخصص لها خارج المبنى.",
        ),
        gap(3),
        para("ثالثًا: أقوال المدير المسؤول", bold=True, justify=False),
        para(
            "بسؤاله عما نسب إلى المحل أفاد بأن الشهادتين الصحيتين قيد الإصدار، وأنه سيقدم ما يثبت ذلك خلال",
            "المهلة، وأنه طلب قطع الغيار اللازمة للمجمد بموجب أمر الشراء رقم 7709 المؤرخ 2019/10/15،",
            "ووقع على أقواله بعد تلاوتها عليه.",
        ),
        sign(("المدير المسؤول", "جوزيف ماثيو توماس"), ("المفتش", "يوسف عبدالقادر الرصد"), pen="#222222"),
        foot("نموذج ص 12", "صفحة 2 من 3"),
    ]
    third = [
        title("نتيجة الكشف والتوصية", "رقم IR-2019-01466"),
        fields(
            [("الدرجة النهائية", "60 من 70"), ("النسبة", "85.7%")],
            [("التقدير", "جيد جدًا"), ("موعد كشف المتابعة", "2019/10/31")],
            dotted=True,
            gap=4.5,
        ),
        rule(),
        para(
            "توصي اللجنة بتجديد الترخيص الصحي للمحل لمدة سنة واحدة، على أن يستكمل الشهادات الصحية الناقصة",
            "قبل استلام الترخيص، وأن يعاد الكشف عليه في الموعد المبين أعلاه. وفي حال عدم الاستجابة يحال المحضر",
            "إلى الإدارة القانونية لاتخاذ ما يلزم وفق المادة 14/3 من لائحة المحلات العامة والمقلقة للراحة.",
        ),
        sign(
            ("المفتش الأول", "يوسف عبدالقادر الرصد"),
            ("المفتش الثاني", "هبة عيسى المحار"),
            ("رئيس القسم", "د. وائل نائل الدانة"),
            pen="#222222",
        ),
        gap(6),
        fields([("أشر عليه مدير الإدارة", "يعتمد، ويبلغ صاحب الشأن"), ("في", "2019/10/24")], dotted=True),
        stamp("بلدية مرسى النور", "إدارة التراخيص الصحية", "معتمد", x=28, y=92, turn=-14, shape="round"),
        foot("نموذج ص 12", "صفحة 3 من 3"),
    ]
    return Document(
        name="inspection-report-MN-3-0126",
        kind="inspection-report",
        title_ar="محضر كشف صحي رقم IR-2019-01466",
        title_en="Health inspection report IR-2019-01466",
        parcel=land.number,
        owner=owner,
        owner_civil_id=restaurant["owner"],
        year=2019,
        container="tiff",
        font="Noto Naskh Arabic",
        text_size=12,
        leading=0.42,
        pages=[
            Page(first, Scan(dpi=300, mode="bilevel", skew=-0.5, specks=90)),
            Page(second, Scan(dpi=300, mode="bilevel", skew=0.4, specks=90, rotation=180)),
            Page(third, Scan(dpi=300, mode="bilevel", skew=1.6, specks=140)),
        ],
    )


def violation_notice() -> Document:
    """One grey page that was folded in an envelope."""
    land, sweets = parcel("SQ-1-0016"), shop("SH-0108")
    owner = person(sweets["owner"])["name"]["ar"]
    notice = [
        head(
            ("بلدية مرسى النور", "قطاع الخدمات", "إدارة الرقابة الميدانية"),
            ("Marsa Al-Noor Municipality", "Services Sector", "Field Inspection Department"),
        ),
        title("محضر ضبط مخالفة", "رقم V-2024-00512", boxed=True),
        fields(
            [("اليوم", "الثلاثاء"), ("التاريخ", "2024/05/14"), ("الساعة", "18:35")],
            [("اسم المحل", sweets["trade_name"]["ar"]), ("الرخصة التجارية", sweets["commercial_licence"])],
            [("صاحبة الترخيص", owner), ("الرقم المدني", sweets["owner"])],
            [("الموقع", f"{land.area}، {land.street}، محل رقم {sweets['unit']}"), ("القسيمة", land.number)],
            dotted=True,
            gap=4,
        ),
        gap(1),
        para(
            "أثناء الجولة الميدانية تبين قيام المحل المذكور بوضع طاولتي عرض وثلاجة مشروبات على الرصيف العام",
            "أمام واجهته بمساحة إشغال قدرها 4.50 م² دون ترخيص، وذلك بالمخالفة للمادة 9/1 من لائحة إشغال",
            "الطرق، وسبق أن أنذر المحل بالإنذار رقم 1187 بتاريخ 2024/04/29 ولم يستجب.",
        ),
        para("وعليه حررنا هذا المحضر وكلفنا صاحبة الترخيص بما يلي:", justify=False),
        points(
            "إزالة الإشغال فورًا وإعادة الرصيف إلى ما كان عليه.",
            "مراجعة قسم الغرامات خلال عشرة أيام من تاريخ تسلم المحضر.",
            "سداد مبلغ الصلح وقدره 20.000 د.ك (عشرون دينارًا لا غير) عند قبول التصالح.",
        ),
        gap(2),
        table(
            ["المادة", "وصف المخالفة", "الحد الأدنى", "الحد الأعلى", "مبلغ الصلح"],
            ["9/1", "إشغال الرصيف دون ترخيص", "20.000", "100.000", "20.000"],
            widths=[0.7, 2.4, 1.1, 1.1, 1.1],
            centred=[0, 2, 3, 4],
        ),
        gap(2),
        para(
            "للاستفسار: هاتف " + latin("+965 5000 0100") + " أو service@marsa-alnoor.example",
            justify=False,
            scale=0.9,
        ),
        sign(("محرر المحضر", "سامي إبراهيم الطواش"), ("المستلم", "البائع: شريف رمضان الصفار")),
        stamp("بلدية مرسى النور", "قسم الغرامات", "وارد 0933", x=8, y=182, turn=7, colour="#6a2c91"),
        foot("نموذج ر م 3 — أصل للمخالف وصورة للملف", "1 / 1"),
    ]
    return Document(
        name="violation-notice-SQ-1-0016",
        kind="violation-notice",
        title_ar="محضر ضبط مخالفة رقم V-2024-00512",
        title_en="Violation notice V-2024-00512",
        parcel=land.number,
        owner=owner,
        owner_civil_id=sweets["owner"],
        year=2024,
        container="jpeg",
        text_size=11.5,
        jpeg_quality=45,
        pages=[
            Page(
                notice,
                Scan(
                    dpi=200, mode="grey", skew=-1.3, grain=2.5, fold=0.45, fold_at=0.36, edge=0.3, specks=30
                ),
            )
        ],
    )


def old_health_licence() -> Document:
    """One colour page: last year's licence with its stamp in two inks."""
    land, restaurant = parcel("MN-3-0126"), shop("SH-0103")
    owner = person(restaurant["owner"])["name"]
    licence = [
        head(HEALTH, HEALTH_EN),
        title("ترخيص صحي", "Health Licence", boxed=True),
        fields(
            [("رقم الترخيص", "HL-2022-00256"), ("رقم المحل", restaurant["number"])],
            [("الاسم التجاري", restaurant["trade_name"]["ar"])],
            [("Trade name", latin(restaurant["trade_name"]["en"]))],
            [("صاحب الترخيص", owner["ar"]), ("الرقم المدني", restaurant["owner"])],
            [
                ("النشاط", "مطعم"),
                ("رمز النشاط", restaurant["activity"]),
                ("المساحة", f"{restaurant['area_m2']} م²"),
            ],
            [
                ("العنوان", f"{land.area}، قطعة {land.block}، قسيمة {land.plot}، {land.street}"),
                ("الموحد", land.number),
            ],
            [("صدر في", "2022/01/20"), ("ينتهي في", "2023/01/19")],
            [("الرسم", "15.000 د.ك"), ("رقم الإيصال", "2022/104471")],
            gap=4.6,
        ),
        gap(2),
        para("شروط الترخيص", bold=True, justify=False),
        points(
            "يعلق هذا الترخيص في مكان ظاهر داخل المحل، ويبرز للمفتش عند الطلب.",
            "لا يجوز التنازل عنه ولا تغيير النشاط أو الموقع إلا بموافقة الإدارة.",
            "يقدم طلب التجديد قبل تسعين يومًا من انتهائه، وتستحق غرامة عن كل يوم تأخير.",
            "تحفظ الأغذية المبردة عند 5 درجات فأقل، والمجمدة عند 18 درجة تحت الصفر.",
        ),
        sign(("مدير الإدارة", "د. وائل نائل الدانة")),
        stamp(
            "بلدية مرسى النور", "إدارة التراخيص الصحية", "2022/01/20", x=22, y=180, turn=-10, shape="round"
        ),
        stamp("دفع", x=112, y=196, turn=16, colour="#b3261e"),
        foot("نموذج ص 1", "نسخة صاحب الترخيص"),
    ]
    return Document(
        name="health-licence-SH-0103",
        kind="health-licence",
        title_ar="ترخيص صحي رقم HL-2022-00256 (نسخة سنة 2022)",
        title_en="Health licence HL-2022-00256 (copy of 2022)",
        parcel=land.number,
        owner=owner["ar"],
        owner_civil_id=restaurant["owner"],
        year=2022,
        container="jpeg",
        text_size=11.5,
        pages=[
            Page(
                licence,
                Scan(
                    dpi=200, mode="colour", skew=0.9, grain=2.0, tint=(248, 245, 232), fold=0.15, fold_at=0.5
                ),
            )
        ],
    )
