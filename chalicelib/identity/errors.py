"""What identity says no to."""

from chalicelib.kernel.errors import Refusal


class Unauthenticated(Refusal):
    """Nobody is signed in, and this needs somebody."""

    code = "unauthenticated"
    kind = "unauthenticated"


class SignInRefused(Refusal):
    """The account, the secret or the code was wrong; which of them is never told."""

    code = "sign-in-refused"


class OwnAccountsClosed(Refusal):
    """This town's staff sign in with its directory only."""

    code = "own-accounts-closed"
    kind = "forbidden"


class NoDoorForStaff(Refusal):
    """The settings close Diwan's own accounts and name no directory: nobody of the staff could come in."""

    code = "no-door-for-staff"
    kind = "unavailable"


class StaffUnknown(Refusal):
    """The directory knows the person, and no administrator has put them on file here."""

    code = "staff-unknown"
    kind = "forbidden"


class StaffInactive(Refusal):
    """The person is on file, and an administrator has ended their access."""

    code = "staff-inactive"
    kind = "forbidden"


class EmailUnverified(Refusal):
    """The directory names no address, or does not vouch that it is the person's: nobody on file can be told by it."""

    code = "email-unverified"
    kind = "forbidden"


class DirectoryAccountDiffers(Refusal):
    """The person on file is bound to another account of the directory than the one that has their address now."""

    code = "directory-account-differs"
    kind = "forbidden"


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
    """A role that staff cannot hold, or that there is not: `data["role"]`; `data["roles"]` names those they can."""

    code = "role-unknown"


class EmailMalformed(Refusal):
    """An e-mail address that no mailbox has: `data["email"]`."""

    code = "email-malformed"


class NameMisplaced(Refusal):
    """The Arabic name has no Arabic letter, or the English one has some: mostly the two were swapped."""

    code = "name-misplaced"
