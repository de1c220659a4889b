"""Staff sign in with the town's directory: it says who they are, an administrator here has said what they may."""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity import attempts, events, rules, sessions
from chalicelib.identity.errors import DirectoryAccountDiffers, EmailUnverified, StaffInactive, StaffUnknown
from chalicelib.identity.models import DirectoryAccountRow, DirectoryAnswerRow, StaffRow
from chalicelib.kernel.actor import Actor, system
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.clock import Clock
from chalicelib.ports.links import LinkExpired, LinkInvalid, Links
from chalicelib.ports.staff_directory import (
    AuthenticationRequest,
    DirectoryAccount,
    DirectoryAnswerVoid,
    DirectoryUnavailable,
    StaffDirectory,
)

log = logging.getLogger("diwan.identity")
_ITSELF = system("identity")
_PURPOSE = "staff-sign-in"


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and the ticket it keeps meanwhile, for nobody else's eyes, to be let in with."""

    url: str
    ticket: str


class DirectorySignIn:
    """Use cases of signing in with the town's directory."""

    def __init__(
        self, database: Database, outbox: Outbox, links: Links, clock: Clock, directory: StaffDirectory
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._links = links
        self._clock = clock
        self._directory = directory

    def begin(self, back: str, language: str, source_ip: str) -> Departure:
        """Send somebody to the directory, to be at `back` afterwards. Raises DirectoryUnavailable, TooManyAttempts."""
        self._wait(_address(source_ip), self._clock.now())
        request = AuthenticationRequest(*(secrets.token_urlsafe(32) for _ in range(3)))
        try:
            url = self._directory.sign_in_url(request, language)
        except Refusal as refusal:
            self._tell(refusal)
            raise
        life = int(rules.DIRECTORY_PATIENCE.total_seconds())
        link = self._links.make(_PURPOSE, {**asdict(request), "back": back}, life)
        return Departure(url, link.rpartition("/")[2])

    def finish(
        self, ticket: str, answer: Mapping[str, str], source_ip: str, replaces: str | None = None
    ) -> str:
        """A session token for whom the directory's `answer` is about, when they are on file and active.

        The first time their account there is bound to their file here, by its address; from then on the account counts,
        whatever its address. Raises TooManyAttempts after twenty failures of an address, StaffUnknown, StaffInactive,
        EmailUnverified, DirectoryAccountDiffers and what StaffDirectory.account raises. An answer is looked at once.
        """
        now, address = self._clock.now(), _address(source_ip)
        self._wait(address, now)
        try:
            request = self._under_way(ticket, answer.get("state", ""))
            self._spend(request.state, address, now)
            account = self._directory.account(request, answer)
        except Refusal as refusal:
            if refusal.kind != "too_many":
                with self._database.transaction() as tx:
                    self._refuse(tx, refusal, address, now, None)
            raise
        with self._database.transaction() as tx:
            attempts.serialise(tx, address)
            member, refused = _member(tx, account)
            if refused is None and member is not None:
                self._bind(tx, account, member, now)
                return sessions.sign_in(tx, self._outbox, "staff", member.id, now, replaces)
            refused = refused or StaffUnknown()
            self._refuse(tx, refused, address, now, member)
        raise refused

    def back(self, ticket: str) -> str:
        """Where the holder of the ticket wanted to go; nothing when it is none of ours, or too old."""
        try:
            return str(self._links.read(_PURPOSE, ticket)["back"])
        except (LinkInvalid, LinkExpired):
            return ""

    def sign_out_url(self) -> str | None:
        """Where the directory itself is left; None where it has no such page, or cannot be asked now."""
        try:
            return self._directory.sign_out_url()
        except DirectoryUnavailable as refusal:
            self._tell(refusal)
            return None

    def reach(self) -> None:
        """See StaffDirectory.reach."""
        self._directory.reach()

    def _wait(self, address: str, now: datetime) -> None:
        with self._database.reading() as tx:
            _rest(tx, address, now)

    def _under_way(self, ticket: str, state: str) -> AuthenticationRequest:
        try:
            kept = self._links.read(_PURPOSE, ticket)
        except (LinkInvalid, LinkExpired):
            raise DirectoryAnswerVoid() from None
        if not hmac.compare_digest(kept["state"].encode(), state.encode()):
            raise DirectoryAnswerVoid()
        return AuthenticationRequest(kept["state"], kept["nonce"], kept["verifier"])

    def _spend(self, state: str, address: str, now: datetime) -> None:
        digest = hashlib.sha256(state.encode()).hexdigest()
        old = DirectoryAnswerRow.at < now - rules.ATTEMPT_MEMORY
        try:
            with self._database.transaction() as tx:
                attempts.serialise(tx, address)
                _rest(tx, address, now)
                tx.execute(delete(DirectoryAnswerRow).where(old))
                tx.add(DirectoryAnswerRow(state=digest, at=now))
        except IntegrityError:
            raise DirectoryAnswerVoid() from None

    def _bind(self, tx: Session, account: DirectoryAccount, member: StaffRow, now: datetime) -> None:
        if tx.get(DirectoryAccountRow, (account.issuer, account.subject)) is None:
            tx.add(
                DirectoryAccountRow(
                    issuer=account.issuer, subject=account.subject, staff_id=member.id, bound_at=now
                )
            )
            bound = events.DirectoryAccountBound(subject=member.id)
            self._outbox.publish(tx, Actor("staff", member.id), bound)

    def _refuse(
        self, tx: Session, refusal: Refusal, address: str, now: datetime, member: StaffRow | None
    ) -> None:
        # A directory that is down is nobody's attempt at anything: a town hall shares one address.
        if refusal.kind != "unavailable":
            attempts.remember(tx, now, address)
        failed = events.SignInFailed(subject=member.id if member else "unknown", actor_kind="staff")
        self._outbox.publish(tx, _ITSELF, failed)
        self._tell(refusal)

    def _tell(self, refusal: Refusal) -> None:
        level = logging.WARNING if refusal.kind == "unavailable" else logging.INFO
        facts = {"refusal": refusal.code, "reason": refusal.data.get("reason", "")}
        log.log(level, "sign-in with the directory refused", extra=facts)


def _address(source_ip: str) -> str:
    return attempts.attempt_key("staff-address", rules.network_of(source_ip))


def _rest(tx: Session, address: str, now: datetime) -> None:
    attempts.wait(rules.wait_for(rules.STAFF_FAILURES_PER_ADDRESS, attempts.moments(tx, address), now))


def _member(tx: Session, account: DirectoryAccount) -> tuple[StaffRow | None, Refusal | None]:
    """Whose file the account is bound to or, the first time, has the address of; and why they are not let in."""
    bound = tx.get(DirectoryAccountRow, (account.issuer, account.subject))
    if bound is not None:
        member = tx.get_one(StaffRow, bound.staff_id)
        return member, None if member.active else StaffInactive()
    email = rules.vouched_email(account.email) if account.email else None
    if email is None:
        return None, EmailUnverified()
    # Locked, so that of two accounts that come at once one is bound.
    found = tx.scalar(select(StaffRow).where(StaffRow.email == email).with_for_update())
    if found is None:
        return None, StaffUnknown()
    if not found.active:
        return found, StaffInactive()
    theirs = select(DirectoryAccountRow.subject).where(
        DirectoryAccountRow.staff_id == found.id, DirectoryAccountRow.issuer == account.issuer
    )
    other = tx.scalar(theirs)
    return found, None if other in (None, account.subject) else DirectoryAccountDiffers()
