"""A small municipality's signature for tests: fixed clock, keys in a folder, one licence."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.kernel.money import Money
from chalicelib.signing.document import Bilingual, FeeLine, LicenceDocument
from chalicelib.signing.service import Signing

FONTS = Path(__file__).resolve().parents[1] / "node_modules/@expo-google-fonts/ibm-plex-sans-arabic"
MOMENT = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)
BASE_URL = "https://licences.example"

LICENCE = LicenceDocument(
    kind="health_licence",
    number="HL-2024-00317",
    term=3,
    municipality=Bilingual("بلدية الواحة", "Al Waha Municipality"),
    holder=Bilingual("شركة نسيم البحر للمواد الغذائية ذ.م.م", "Naseem Al Bahr Foodstuff Co. W.L.L."),
    premises=Bilingual("مخبز السنابل الذهبية (فرع 2)", "Golden Sanabel Bakery (Branch 2)"),
    activity=Bilingual("مخبز ومعجنات", "Bakery and pastries"),
    parcel="MN-3-0217",
    address=Bilingual(
        "قطعة 3، شارع المخفر، مبنى 27، محل 4", "Block 3, Al Makhfar Street, Building 27, Shop 4"
    ),
    issued_on=date(2026, 11, 22),
    valid_from=date(2026, 12, 1),
    expires_on=date(2027, 11, 30),
    fees=(
        FeeLine(Bilingual("رسم تجديد ترخيص صحي", "Health licence renewal"), Money(10_000, "KWD")),
        FeeLine(Bilingual("غرامة تأخير 12 يوماً", "Late renewal, 12 days"), Money(500, "KWD")),
    ),
    receipt_number="2026-000418",
    status_index=317,
)


@dataclass
class FixedClock:
    """A clock that stands where it was put."""

    moment: datetime = MOMENT

    def now(self) -> datetime:
        return self.moment


def make_keys(folder: Path, organisation: str = "بلدية الواحة") -> KeyFile:
    """Keys made (or read again) in `folder`."""
    return KeyFile(folder, FixedClock(), organisation)


def open_office(folder: Path) -> Signing:
    """The signing service over keys in `folder`."""
    return Signing(make_keys(folder), FONTS, BASE_URL, FixedClock())
