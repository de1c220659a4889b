"""The audit log, for auditors."""

from chalicelib.audit.service import Entry
from chalicelib.identity.permissions import Permission
from chalicelib.web.localisation import UnknownSentence
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page
from chalicelib.web.routing import Routes

routes = Routes("audit")


@routes.get("/staff/audit", Permission.SEE_AUDIT)
def log(request: Request) -> Response:
    """Whether the log is whole, its root, and what happened, newest first."""
    audit = request.diwan.audit
    before = request.query.get("before", "")
    # More digits than any place in the log has are no place, and more than a database can hold.
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    entries, more = audit.recent(request.actor, place)
    staff = request.diwan.identity.staff_names({row.actor_id for row in entries if row.actor_kind == "staff"})

    def who(entry: Entry) -> str:
        name = staff.get(entry.actor_id)
        if name is not None:
            return name.name_ar if request.language == "ar" else name.name_en
        return entry.actor_id

    def what(entry: Entry) -> str:
        # The log outlives the program: it may hold facts this version no longer has words for.
        try:
            words = request.diwan.pages.localisation(request.language)
            return words.text("event-" + entry.name.replace(".", "-").replace("_", "-"))
        except UnknownSentence:
            return entry.name

    return page(
        request,
        "audit.html",
        state=audit.state(request.actor),
        entries=entries,
        who=who,
        what=what,
        next_href=f"/staff/audit?before={more}" if more else None,
    )
