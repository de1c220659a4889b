"""What notifications says no to."""

from chalicelib.kernel.errors import Refusal


class TemplateUnknown(Refusal):
    """There is no such text in this language: `data["template"]`, `data["language"]`."""

    code = "template-unknown"
    kind = "not_found"
