"""What licensing says no to. Each has its own sentence with what to do next."""

from chalicelib.kernel.errors import Refusal


class RenewalNotOpen(Refusal):
    """Too early: `data["opens_on"]` is the first day, `data["expires_on"]` the last day of the term."""

    code = "renewal-not-open"
    kind = "conflict"


class LicenceSuspended(Refusal):
    """The licence is suspended; `data["reason_ar"]`, `data["reason_en"]` say why."""

    code = "licence-suspended"
    kind = "conflict"


class LicenceCancelled(Refusal):
    """The licence has ended for good (cancelled, revoked or replaced)."""

    code = "licence-cancelled"
    kind = "conflict"


class ViolationUnpaid(Refusal):
    """Fines must be paid first: `data["count"]`, their `data["amount"]` and `data["numbers"]`."""

    code = "violation-unpaid"
    kind = "conflict"


class RenewalNotOffered(Refusal):
    """No service of the catalogue renews this kind of licence."""

    code = "renewal-not-offered"
    kind = "conflict"


class ActionNotAllowed(Refusal):
    """The application is in a state, or the actor in a role, from which `data["action"]` does not lead."""

    code = "action-not-allowed"
    kind = "conflict"


class NotConfirmed(Refusal):
    """The details on file have not been confirmed yet."""

    code = "not-confirmed"
    kind = "conflict"


class ChoiceMissing(Refusal):
    """Neither "unchanged" nor "changed" was chosen."""

    code = "choice-missing"


class ChangeMissing(Refusal):
    """Something has changed, and what it is was not written."""

    code = "change-missing"


class PhoneMalformed(Refusal):
    """Not a telephone number that we could send a message to."""

    code = "phone-malformed"


class ApplicationUnknown(Refusal):
    """No application has this number."""

    code = "application-unknown"
    kind = "not_found"


class LicenceUnknown(Refusal):
    """No licence has this number."""

    code = "licence-unknown"
    kind = "not_found"


class LicenceFileMissing(Refusal):
    """There is no signed file for this licence: it was issued on paper before, or is being signed now."""

    code = "licence-file-missing"
    kind = "not_found"
