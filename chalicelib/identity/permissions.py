"""The permission table: what each role may do. Every route and every use case names one permission."""

from enum import StrEnum

from chalicelib.identity.errors import Unauthenticated
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import NotPermitted


class Permission(StrEnum):
    """One thing somebody may do. Seeing *whose* thing it is remains the service's question."""

    PUBLIC = "public"  # anyone: landing, sign-in, verification, public registers
    SIGN_OUT = "sign-out"  # anyone signed in: own session and name
    SEE_OWN_FILE = "see-own-file"  # own licences, applications, receipts
    RENEW_LICENCE = "renew-licence"
    PAY = "pay"
    UPLOAD_DOCUMENT = "upload-document"
    SEARCH_ARCHIVE = "search-archive"
    READ_DOCUMENT = "read-document"
    READ_CONFIDENTIAL = "read-confidential"
    CORRECT_PAGE = "correct-page"
    REVIEW_APPLICATION = "review-application"
    INSPECT = "inspect"
    ISSUE_LICENCE = "issue-licence"
    TAKE_CASH = "take-cash"
    SEE_PAYMENTS = "see-payments"
    SETTLE_PAYMENT = "settle-payment"
    SEE_DASHBOARD = "see-dashboard"
    SEE_OUTBOX = "see-outbox"
    SEE_AUDIT = "see-audit"
    RETRY_JOBS = "retry-jobs"
    MANAGE_STAFF = "manage-staff"
    REGISTER_PARTY = "register-party"


_P = Permission
_SIGNED_IN = frozenset({_P.PUBLIC, _P.SIGN_OUT})
_STAFF = _SIGNED_IN | {_P.SEE_DASHBOARD, _P.SEARCH_ARCHIVE, _P.READ_DOCUMENT}

ROLES: dict[str, frozenset[Permission]] = {
    "public": frozenset({_P.PUBLIC}),
    "citizen": _SIGNED_IN | {_P.SEE_OWN_FILE, _P.RENEW_LICENCE, _P.PAY},
    "clerk": _STAFF | {_P.UPLOAD_DOCUMENT, _P.REGISTER_PARTY},
    "archivist": _STAFF | {_P.UPLOAD_DOCUMENT, _P.CORRECT_PAGE, _P.READ_CONFIDENTIAL},
    "reviewer": _STAFF | {_P.REVIEW_APPLICATION},
    "inspector": _STAFF | {_P.INSPECT},
    "cashier": _SIGNED_IN | {_P.SEE_DASHBOARD, _P.TAKE_CASH, _P.SEE_PAYMENTS},
    "manager": _STAFF | {_P.READ_CONFIDENTIAL, _P.SEE_PAYMENTS, _P.SEE_OUTBOX},
    "auditor": _STAFF | {_P.READ_CONFIDENTIAL, _P.SEE_PAYMENTS, _P.SEE_OUTBOX, _P.SEE_AUDIT},
    # The administrator runs the machine and the accounts, not the cases: no file is opened by this role.
    "admin": _SIGNED_IN | {_P.SEE_DASHBOARD, _P.SEE_OUTBOX, _P.RETRY_JOBS, _P.MANAGE_STAFF},
    # Jobs and commands carry out what people were permitted to ask for; nobody can sign in as the system.
    "system": frozenset(
        {
            *(_P.PUBLIC, _P.UPLOAD_DOCUMENT, _P.READ_DOCUMENT, _P.ISSUE_LICENCE, _P.SETTLE_PAYMENT),
            *(_P.MANAGE_STAFF, _P.REGISTER_PARTY),
        }
    ),
}

# What members of staff can be.
STAFF_ROLES = tuple(role for role in ROLES if role not in ("public", "citizen", "system"))


def may(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles holds the permission. Roles that do not exist hold nothing."""
    return any(permission in ROLES.get(role, frozenset()) for role in actor.roles)


def permit(actor: Actor, permission: Permission) -> None:
    """Return when the actor may; else Unauthenticated for anonymous, NotPermitted for anyone known."""
    if may(actor, permission):
        return
    if actor.kind == "anonymous":
        raise Unauthenticated()
    raise NotPermitted(permission=permission.value)
