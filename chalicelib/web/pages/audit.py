"""The audit log, for auditors."""

import re
from typing import Any

from chalicelib.archive.events import FilingCorrected
from chalicelib.archive.rules import CORRECTABLE
from chalicelib.audit.events import Access, Accessed
from chalicelib.audit.service import Entry
from chalicelib.identity.permissions import Permission
from chalicelib.jobs.events import MessagesSentBack
from chalicelib.kernel.events import Event
from chalicelib.web.localisation import Localisation
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page
from chalicelib.web.routing import Routes

routes = Routes("audit")
_NUMBER = re.compile(r"\d+")


@routes.get("/staff/audit", Permission.SEE_AUDIT)
def log(request: Request) -> Response:
    """Whether the log is whole, its root, and what happened, newest first."""
    audit = request.diwan.audit
    before = request.query.get("before", "")
    # More digits than any place in the log has are no place, and more than a database can hold.
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    entries, more = audit.recent(request.actor, place)
    people = {row.actor_id for row in entries if row.actor_kind == "staff"} | {row.subject for row in entries}
    staff = request.diwan.identity.staff_names(people)
    words = request.diwan.pages.localisation(request.language)

    def named(id: str) -> str | None:
        name = staff.get(id)
        return None if name is None else name.name_ar if request.language == "ar" else name.name_en

    return page(
        request,
        "audit.html",
        state=audit.state(request.actor),
        entries=[_told(entry, words) for entry in entries],
        named=named,
        next_href=f"/staff/audit?before={more}" if more else None,
    )


def event_id(name: str) -> str:
    """The sentence of a fact."""
    return f"event-{_slug(name)}"


def access_id(access: Access) -> str:
    """The sentence of an access."""
    return f"access-{_slug(access.name.lower())}"


def system_id(name: str) -> str:
    """The words for a part of the program that acts by itself."""
    return f"system-{_slug(name)}"


def _told(entry: Entry, words: Localisation) -> dict[str, Any]:
    """An entry in words. The log outlives the program: what this version has no words for is given as it stands."""
    about = next((fact.about for fact in Event.__subclasses__() if fact.name == entry.name), None)
    subject: str | None = entry.subject.removeprefix(f"{about}:")
    if subject == "unknown":  # nobody has the account that was tried
        about, subject = "unknown", None
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "what": _what(entry, words),
        "changes": _changes(entry, words) if entry.name == FilingCorrected.name else [],
        "about": about,
        "subject": subject,
        "line": words.known(f"lines-lane-{subject}") if about == MessagesSentBack.about else None,
        "actor_kind": entry.actor_kind,
        "actor": entry.actor_id,
        "part": words.known(system_id(entry.actor_id)) if entry.actor_kind == "system" else None,
    }


def _what(entry: Entry, words: Localisation) -> str:
    if entry.name == Accessed.name:
        number = _NUMBER.search(entry.facts["action"])
        kind = _NUMBER.sub("{n}", entry.facts["action"])
        if kind in set(Access):
            return words.text(access_id(Access(kind)), n=int(number[0]) if number else 0)
    return words.known(event_id(entry.name), **entry.facts) or entry.name


def _changes(entry: Entry, words: Localisation) -> list[str]:
    """Field by field, what it was and what it is."""
    told = []
    for name in (name for name in CORRECTABLE if name in entry.facts["after"]):
        before, after = (_value(name, entry.facts[when][name], words) for when in ("before", "after"))
        sentence = "audit-changed" if before and after else "audit-filled" if after else "audit-emptied"
        told.append(words.text(sentence, field=words.text(f"archive-{name}"), before=before, after=after))
    return told


def _value(name: str, value: Any, words: Localisation) -> str:
    known = words.known(f"kind-{value}") if name == "kind" else None
    return known or str(value or "")


def _slug(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")
