"""What any store that is reached over a network may answer instead of what it was asked for."""

from chalicelib.kernel.errors import Refusal


class StoreUnknown(Refusal):
    """A setting names a store that this installation has no adapter for, or an option it does not have.

    Data: `url`; then `setting`, the name of the variable, `found`, what is there without its secrets, and `wanted`.
    """

    code = "store-unknown"
    kind = "unavailable"


class StoreIncomplete(StoreUnknown):
    """The URL lacks what its store cannot be reached without: data as above, and `missing`, the names of options."""

    code = "store-incomplete"


class StoreUnavailable(Refusal):
    """The store is too busy, silent or broken for now; the same again later may hold.

    Data: `service`, `operation` and `reason`, the provider's own code. What was asked may have been done all the same.
    """

    code = "store-unavailable"
    kind = "unavailable"


class StoreDenied(Refusal):
    """The store knows us and forbids this, or does not know us: a person has to give the right. Data as above."""

    code = "store-denied"
    kind = "unavailable"


class ClockWrong(Refusal):
    """The store refuses what we sign, for our clock and its own differ by minutes. Data as above."""

    code = "clock-wrong"
    kind = "unavailable"


class SecretMissing(Refusal):
    """There is no secret of this name, or it is too short to keep anything secret: data `name`."""

    code = "secret-missing"
    kind = "unavailable"
