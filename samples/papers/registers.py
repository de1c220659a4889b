"""Money and registers: a receipt, a deed summary, a schedule of areas and fees."""

from samples.papers.blocks import fields, foot, gap, head, para, rule, sign, stamp, table, title
from samples.papers.document import A4_LANDSCAPE, A5_LANDSCAPE, Document, Page
from samples.papers.records import parcel, person, shop
from samples.papers.scanner import Scan
from samples.papers.script import indic, latin


def fee_receipt() -> Document:
    """One faint half-sheet: thermal print that has been in a wallet."""
    land, grocery = parcel("MN-3-0125"), shop("SH-0101")
    payer = person(grocery["owner"])["name"]["ar"]
    receipt = [
        head(("بلدية مرسى النور", "قسم التحصيل"), ("Marsa Al-Noor Municipality", "Cashier")),
        title("إيصال قبض", "رقم 2021/063518"),
        fields(
            [("التاريخ", "2021/11/30"), ("الوقت", "12:07"), ("الصندوق", "4")],
            [("وصلنا من", payer), ("الرقم المدني", grocery["owner"])],
            [("عن", f"تجديد ترخيص صحي — {grocery['trade_name']['ar']}"), ("القسيمة", land.number)],
            gap=2,
        ),
        table(
            ["البند", "رقم المطالبة", "المبلغ (د.ك)"],
            ["رسم تجديد ترخيص صحي", "D-2021-55102", "10.000"],
            ["غرامة تأخير 6 أيام", "D-2021-55103", "1.500"],
            ["طوابع", "—", "0.250"],
            ["الإجمالي", "", "11.750"],
            widths=[2.4, 1.5, 1],
            centred=[1, 2],
            pad=1.2,
        ),
        para(
            "فقط أحد عشر دينارًا وسبعمائة وخمسون فلسًا لا غير. طريقة الدفع: كي نت — مرجع 133412087756",
            justify=False,
            scale=0.95,
        ),
        foot("يحتفظ بالإيصال ولا يعتد به إلا مختومًا", "R-04-1187"),
    ]
    return Document(
        name="fee-receipt-MN-3-0125",
        kind="fee-receipt",
        title_ar="إيصال قبض رقم 2021/063518",
        title_en="Receipt 2021/063518",
        parcel=land.number,
        owner=payer,
        owner_civil_id=grocery["owner"],
        year=2021,
        container="png",
        text_size=10,
        ink="#3b3b46",
        pages=[
            Page(
                receipt,
                Scan(dpi=200, mode="grey", skew=0.7, grain=0.0, contrast=0.42, tint=(236, 236, 236)),
                size=A5_LANDSCAPE,
                margin=16,
            )
        ],
    )


def ownership_summary() -> Document:
    """One yellowed colour page of 1998 with Arabic-Indic digits."""
    land = parcel("SQ-1-0011")
    deed = [
        head(("بلدية مرسى النور", "إدارة السجل العقاري")),
        title(
            "مستخرج من وثيقة تملك",
            f"رقم {indic('1998/4471')} جلد {indic('26')} صفحة {indic('113')}",
            boxed=True,
        ),
        fields(
            [("تاريخ التسجيل", indic("1998/10/04")), ("الموافق", indic("14 جمادى الآخرة 1419 هـ"))],
            [("اسم المالكة", land.owner), ("الجنسية", "كويتية")],
            [("الرقم المدني", indic(land.owner_civil_id)), ("الحصة", "كامل العقار")],
            [("المنطقة", land.area), ("القطعة", indic(land.block)), ("القسيمة", indic(land.plot))],
            [("الرقم الموحد", land.number), ("المساحة", f"{indic('183.80')} م²"), ("الشارع", land.street)],
            gap=4.2,
        ),
        gap(2),
        para(
            "آل العقار المذكور إلى المالكة بطريق الشراء من ورثة المرحوم حمزة عبدالوهاب الدانة بموجب عقد البيع",
            f"المسجل برقم {indic('2290')} لسنة {indic('1998')}، لقاء ثمن "
            f"قدره {indic('46,500.000')} د.ك (ستة وأربعون ألفًا وخمسمائة",
            "دينار)، قبضه البائعون كاملًا وأقروا بذلك في مجلس العقد.",
        ),
        gap(2),
        table(
            ["الجهة", "الحد", "الطول (م)"],
            ["شمالًا", f"القسيمة رقم {indic('15')}", indic("12.00")],
            ["جنوبًا", "شارع الصفّارين", indic("8.00")],
            ["شرقًا", f"القسيمة رقم {indic('12')}", indic("16.00")],
            ["غربًا", "سكة نافذة", indic("12.00")],
            widths=[1, 2.4, 1],
            centred=[2],
        ),
        gap(2),
        para("القيود والتصرفات: لا توجد رهون ولا حجوزات على العقار حتى تاريخ هذا المستخرج.", justify=False),
        para(
            f"استخرج بناءً على طلب المالكة بتاريخ {indic('1999/02/21')} "
            f"وسدد الرسم {indic('2.000')} د.ك بالإيصال رقم {indic('8817')}.",
            justify=False,
        ),
        sign(("كاتب السجل", "جابر مبارك الخور"), ("أمين السجل العقاري", "يعقوب سالم الساحلي"), pen="#20306b"),
        stamp(
            "السجل العقاري",
            "مرسى النور",
            indic("1999/02/21"),
            x=62,
            y=205,
            turn=-16,
            colour="#8c2f6d",
            shape="round",
        ),
        foot("سجل 4 — مستخرج رسمي", indic("1 / 1")),
    ]
    return Document(
        name="ownership-summary-SQ-1-0011",
        kind="ownership-summary",
        title_ar="مستخرج من وثيقة تملك رقم 1998/4471",
        title_en="Summary of ownership deed 1998/4471",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=1998,
        container="jpeg",
        font="Amiri",
        text_size=13,
        leading=0.4,
        ink="#2b2320",
        pages=[
            Page(
                deed,
                Scan(
                    dpi=200,
                    mode="colour",
                    skew=-1.6,
                    grain=3.0,
                    contrast=0.9,
                    tint=(238, 226, 192),
                    fold=0.22,
                    edge=0.3,
                    specks=60,
                ),
            )
        ],
    )


def area_schedule() -> Document:
    """Three pages of ruled tables; the second is faint, the third lies on its side."""
    land = parcel("RD-5-0347")
    heading = head(("بلدية مرسى النور", "إدارة التنظيم", "قسم الرسوم والمساحات"))
    units = [
        heading,
        title("جدول مساحات الوحدات", f"القسيمة {land.number} — سنة 2014"),
        table(
            ["رقم الوحدة", "الدور", "الاستعمال", "المساحة (م²)", "الواجهة (م)", "رقم العداد"],
            ["S-01", "أرضي", "مخبز", "95.00", "8.20", "55-10421"],
            ["S-02", "أرضي", "محل تجاري", "62.40", "5.40", "55-10422"],
            ["S-03", "أرضي", "محل تجاري", "62.40", "5.40", "55-10423"],
            ["S-04", "أرضي", "مخزن", "48.75", "—", "55-10424"],
            ["A-11", "أول", "مكتب", "84.30", "7.60", "55-10425"],
            ["A-12", "أول", "مكتب", "84.30", "7.60", "55-10426"],
            ["A-13", "أول", "عيادة", "101.15", "9.05", "55-10427"],
            ["B-21", "ثان", "شقة", "134.90", "11.80", "55-10428"],
            ["B-22", "ثان", "شقة", "134.90", "11.80", "55-10429"],
            ["", "", "المجموع", "808.10", "", ""],
            widths=[1.1, 0.9, 1.4, 1.2, 1.1, 1.3],
            centred=[0, 1, 3, 4, 5],
            pad=2.5,
        ),
        gap(3),
        para(
            "المساحات صافية من داخل الجدران، ولا تشمل الممرات والسلالم والمصاعد وعددها 2.",
            justify=False,
            scale=0.92,
        ),
        sign(("مساح", "نواف هاني الطواش"), ("رئيس القسم", "دلال إبراهيم المنارة")),
        foot("قسم الرسوم والمساحات", "1 / 3"),
    ]
    fees = [
        heading,
        title("كشف الرسوم المستحقة", f"القسيمة {land.number}"),
        fields(
            [("المالك", land.owner), ("الرقم المدني", land.owner_civil_id)],
            [("السنة المالية", "2014/2015"), ("رقم الكشف", "FS-2014-0926")],
            gap=3.5,
        ),
        table(
            ["الوحدة", "نوع الرسم", "من", "إلى", "المبلغ (د.ك)"],
            ["S-01", "نظافة", "2014/04/01", "2015/03/31", "28.500"],
            ["S-01", "إعلان 2.40 م²", "2014/04/01", "2015/03/31", "24.000"],
            ["S-02", "نظافة", "2014/04/01", "2015/03/31", "18.720"],
            ["S-03", "نظافة", "2014/04/01", "2015/03/31", "18.720"],
            ["S-04", "نظافة", "2014/07/01", "2015/03/31", "10.965"],
            ["A-13", "نظافة", "2014/04/01", "2015/03/31", "30.345"],
            ["A-13", "إعلان 1.10 م²", "2014/09/15", "2015/03/31", "5.500"],
            ["", "المجموع", "", "", "136.750"],
            widths=[0.8, 1.6, 1.3, 1.3, 1.3],
            centred=[0, 2, 3, 4],
        ),
        gap(3),
        para(
            "تسدد الرسوم قبل 2014/06/30، وتضاف 5% عن كل شهر تأخير على ألا تتجاوز 25% من أصل المبلغ.",
            justify=False,
        ),
        stamp("سدد", "2014/06/18", "إيصال 027744", x=22, y=172, turn=-13, colour="#b3261e"),
        foot("قسم الرسوم والمساحات", "2 / 3"),
    ]
    measured = [
        title("سجل قياسات الموقع", f"القسيمة {land.number} — {latin('Field book 2014-117')}"),
        table(
            ["النقطة", "الشرقيات (م)", "الشماليات (م)", "المنسوب (م)", "المسافة (م)", "الاتجاه", "ملاحظات"],
            ["P1", "806,412.118", "3,215,907.443", "7.215", "25.004", latin("110° 00' 12\""), "وتد حديد"],
            ["P2", "806,435.617", "3,215,898.889", "7.198", "24.997", latin("20° 00' 05\""), "وتد حديد"],
            ["P3", "806,444.163", "3,215,922.382", "7.240", "25.001", latin("290° 00' 09\""), "زاوية سور"],
            ["P4", "806,420.671", "3,215,930.929", "7.266", "24.999", latin("200° 00' 02\""), "علامة دهان"],
            widths=[0.7, 1.5, 1.6, 1.1, 1.1, 1.4, 1.3],
            centred=[0, 1, 2, 3, 4, 5],
            pad=3,
        ),
        gap(4),
        para(
            "الجهاز: محطة رصد متكاملة رقم 1184305. الطقس: صحو، 31 درجة. خطأ الإقفال: 1:18,400 وهو مقبول.",
            justify=False,
        ),
        rule(),
        para(
            "رصده: نواف هاني الطواش بتاريخ 2014/03/19 — حسبه: م. أروى بهاء الصفار بتاريخ 2014/03/23",
            justify=False,
        ),
        foot("سجل القياسات", "3 / 3"),
    ]
    return Document(
        name="area-schedule-RD-5-0347",
        kind="area-schedule",
        title_ar="جدول مساحات ورسوم سنة 2014",
        title_en="Schedule of areas and fees, 2014",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2014,
        container="pdf",
        font="IBM Plex Sans Arabic",
        text_size=11,
        pages=[
            Page(units, Scan(dpi=200, mode="bilevel", skew=-0.6, specks=100)),
            Page(fees, Scan(dpi=200, mode="grey", skew=0.8, grain=2.0, contrast=0.5)),
            Page(
                measured, Scan(dpi=200, mode="bilevel", skew=0.4, specks=100, rotation=270), size=A4_LANDSCAPE
            ),
        ],
    )
