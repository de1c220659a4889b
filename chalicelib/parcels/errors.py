"""What parcels says no to."""

from chalicelib.kernel.errors import Refusal


class MunicipalityUnreadable(Refusal):
    """The file that describes the municipality cannot be used: data `file`, and `reason` for whoever mends it."""

    code = "municipality-unreadable"
    kind = "unavailable"


class ParcelUnknown(Refusal):
    """No parcel has this number; `data["suggestions"]` are near ones that exist, nearest first."""

    code = "parcel-unknown"


class ParcelNumberMalformed(Refusal):
    """What was typed is no parcel number: area code, block and parcel, as in MN-3-0121."""

    code = "parcel-number-malformed"
