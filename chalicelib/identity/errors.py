"""What identity says no to."""

from chalicelib.kernel.errors import Refusal


class Unauthenticated(Refusal):
    """Nobody is signed in, and this needs somebody."""

    code = "unauthenticated"
    kind = "unauthenticated"


class SignInRefused(Refusal):
    """The account, the secret or the code was wrong; which of them is never told."""

    code = "sign-in-refused"


class CodeRefused(Refusal):
    """The one-time code is wrong, used, too old or void; `data["left"]` tries are left at most."""

    code = "code-refused"


class CodeVoid(Refusal):
    """Too many wrong tries, or the code is too old: a new one must be asked for."""

    code = "code-void"


class TooManyAttempts(Refusal):
    """Asked too often; `data["minutes"]` is how long to wait, rounded up."""

    code = "too-many-attempts"
    kind = "too_many"


class ContactMalformed(Refusal):
    """A phone number that no phone has."""

    code = "contact-malformed"


class RoleUnknown(Refusal):
    """A role that the permission table has not, or that staff cannot hold: `data["role"]`."""

    code = "role-unknown"
