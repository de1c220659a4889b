"""What signing refuses."""

from chalicelib.kernel.errors import Refusal


class TextUnprintable(Refusal):
    """A text holds characters that no font of ours can print: data `field`, `characters` (list)."""

    code = "text-unprintable"


class TemplateUnknown(Refusal):
    """There is no layout for this kind of licence: data `licence_kind`."""

    code = "template-unknown"
    kind = "not_found"


class LayoutFailed(Refusal):
    """The licence could not be laid out; nothing was signed: data `licence_kind`, `detail` (for the log)."""

    code = "layout-failed"
    kind = "unavailable"


class VerificationBusy(Refusal):
    """Too many files are being verified right now, or the machine has no time: nothing is known of this one."""

    code = "verification-busy"
    kind = "too_many"


class TokenInvalid(Refusal):
    """The text is not a token signed by one of the keys it was checked against."""

    code = "token-invalid"
