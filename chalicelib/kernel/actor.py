"""Who acts: every use case is told, and checks."""

from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["citizen", "staff", "system", "anonymous"]


@dataclass(frozen=True)
class Actor:
    """The one on whose behalf a use case runs.

    `id` is the party's id for a citizen, the staff member's for staff, the handler's name
    for the system, and empty for anonymous. `roles` come from identity/permissions.
    """

    kind: ActorKind
    id: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)


ANONYMOUS = Actor("anonymous", roles=frozenset({"public"}))


def system(name: str) -> Actor:
    """The program itself, acting as the named handler (`jobs.issue_licence`)."""
    return Actor("system", name, frozenset({"system"}))
