"""Refusals: what Diwan says no to, as data. The sentences live in templates/locale."""

from typing import Any, ClassVar, Literal

Kind = Literal["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_many", "unavailable"]


class Refusal(Exception):
    """A request that is understood and not carried out; nothing was changed.

    `code` names the sentence (`refusal-<code>` in every language), `kind` the sort of no
    (the web maps it to a status), `data` what the sentence needs. `data["field"]`, when
    present, is the form field at fault.
    """

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = "invalid"

    def __init__(self, **data: Any) -> None:
        super().__init__(self.code, data)
        self.data = data

    @property
    def field(self) -> str | None:
        """The form field at fault, when one is."""
        return self.data.get("field")


class NotFound(Refusal):
    """There is no such thing, or it is not this actor's to know of: the answer is the same."""

    code = "not-found"
    kind = "not_found"


class NotPermitted(Refusal):
    """The actor is known and may not do this."""

    code = "not-permitted"
    kind = "forbidden"


class FieldsInvalid(Refusal):
    """Several fields are wrong at once; `data["fields"]` maps field name to refusal."""

    code = "fields-invalid"

    def __init__(self, fields: dict[str, Refusal]) -> None:
        super().__init__(fields=fields)

    @property
    def fields(self) -> dict[str, Refusal]:
        """Refusal by field name, in the order of the form."""
        fields: dict[str, Refusal] = self.data["fields"]
        return fields


class FieldMissing(Refusal):
    """A field that must be filled is empty."""

    code = "field-missing"


class FieldTooLong(Refusal):
    """A field holds more than `data["limit"]` characters."""

    code = "field-too-long"


class FieldMalformed(Refusal):
    """A field holds something of the wrong shape."""

    code = "field-malformed"
