"""Signing in and out, and who people are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity import attempts, events, rules, sessions
from chalicelib.identity.codes import CodeMessenger, latest_code, send_code, try_code
from chalicelib.identity.errors import (
    CodeVoid,
    ContactMalformed,
    EmailMalformed,
    NameMisplaced,
    OwnAccountsClosed,
    RoleUnknown,
    SignInRefused,
)
from chalicelib.identity.models import DirectoryAccountRow, PartyRow, SessionRow, StaffRow
from chalicelib.identity.passwords import hash_password, password_matches
from chalicelib.identity.permissions import STAFF_ROLES, Permission, permit
from chalicelib.identity.sessions import SessionView
from chalicelib.identity.totp import matching_step
from chalicelib.kernel.actor import Actor, system
from chalicelib.kernel.arabic import clean_number
from chalicelib.kernel.civil_id import parse_civil_id
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.ports.clock import Clock

_ITSELF = system("identity")


@dataclass(frozen=True)
class CodeRequest:
    """The answer to every request for a code: when it ends. Where it went is not told."""

    expires_at: datetime


@dataclass(frozen=True)
class PartyView:
    """A citizen on file."""

    id: str
    civil_id: str
    name_ar: str
    name_en: str
    phone: str
    email: str | None
    language: str


@dataclass(frozen=True)
class StaffName:
    """What a member of staff is called."""

    name_ar: str
    name_en: str


@dataclass(frozen=True)
class StaffView:
    """A member of staff on file, and by which doors they can come: an account of Diwan's own, one of the directory."""

    email: str
    name_ar: str
    name_en: str
    roles: tuple[str, ...]
    active: bool
    own_account: bool
    bound: bool


class Identity:
    """Use cases of identity. A sign-in is refused alike for accounts that exist and that do not."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        notifications: CodeMessenger,
        clock: Clock,
        *,
        own_accounts: bool = True,
    ) -> None:
        # Whether staff may sign in with a password and an authenticator that are kept here.
        self.own_accounts = own_accounts
        self._database = database
        self._outbox = outbox
        self._notifications = notifications
        self._clock = clock

    def request_code(self, civil_id: str, source_ip: str) -> CodeRequest:
        """Send a one-time code to the phone on file.

        The answer and the work are the same whether or not the civil ID is on file. Raises CivilIdMalformed,
        TooManyAttempts. A code asked for later makes the earlier one useless.
        """
        civil_id, now = parse_civil_id(civil_id), self._clock.now()
        account = attempts.attempt_key("civil-id", civil_id)
        address = attempts.attempt_key("code-address", rules.network_of(source_ip))
        with self._database.transaction() as tx:
            attempts.serialise(tx, account, address)
            attempts.wait(rules.wait_for(rules.CODES_PER_ACCOUNT, attempts.moments(tx, account), now))
            attempts.wait(rules.wait_for(rules.CODES_PER_ADDRESS, attempts.moments(tx, address), now))
            attempts.remember(tx, now, account, address)
            party = tx.scalar(select(PartyRow).where(PartyRow.civil_id == civil_id))
            row = send_code(tx, self._notifications, account, party, now)
            self._outbox.publish(tx, _ITSELF, events.CodeRequested(subject=row.id))
        return CodeRequest(row.expires_at)

    def sign_in_citizen(self, civil_id: str, code: str, source_ip: str, replaces: str | None = None) -> str:
        """A session token for the right code.

        Raises CivilIdMalformed, CodeRefused, CodeVoid, TooManyAttempts.
        `replaces` is the token the browser had before; that session ends.
        """
        civil_id, now = parse_civil_id(civil_id), self._clock.now()
        account = attempts.attempt_key("civil-id", civil_id)
        address = attempts.attempt_key("sign-in-address", rules.network_of(source_ip))
        with self._database.transaction() as tx:
            attempts.serialise(tx, address)
            attempts.wait(rules.wait_for(rules.CODE_FAILURES_PER_ADDRESS, attempts.moments(tx, address), now))
            row = latest_code(tx, account)
            refusal = try_code(row, code, now)
            if refusal is None and row is not None and row.party_id is not None:
                row.used_at = now
                return sessions.sign_in(tx, self._outbox, "citizen", row.party_id, now, replaces)
            attempts.remember(tx, now, address)
            known = row.party_id if row is not None else None
            failed = events.SignInFailed(subject=known or "unknown", actor_kind="citizen")
            self._outbox.publish(tx, _ITSELF, failed)
        raise refusal or CodeVoid(field="code")

    def sign_in_staff(
        self, email: str, password: str, totp: str, source_ip: str, replaces: str | None = None
    ) -> str:
        """A session token for the right e-mail, password and authenticator code together.

        SignInRefused is the same whichever is wrong; TooManyAttempts after five failures of an account or
        twenty of an address. An authenticator code is accepted once. OwnAccountsClosed where there is another door.
        """
        if not self.own_accounts:
            raise OwnAccountsClosed()
        email, now = rules.staff_email(email), self._clock.now()
        account = attempts.attempt_key("staff", email)
        address = attempts.attempt_key("staff-address", rules.network_of(source_ip))
        with self._database.reading() as tx:
            _rest(tx, account, address, now)
            member = tx.scalar(select(StaffRow).where(StaffRow.email == email))
        # The slow part, outside any transaction and the same for everybody.
        kept = member.password_hash if member is not None and member.active else None
        right = password_matches(kept, password)
        authenticator = member.totp_secret if member is not None else ""
        step = matching_step(authenticator, clean_number(totp), now) if authenticator else None
        with self._database.transaction() as tx:
            attempts.serialise(tx, account, address)
            _rest(tx, account, address, now)
            locked = tx.get(StaffRow, member.id, with_for_update=True) if member else None
            if right and step is not None and locked is not None and step > locked.totp_step:
                locked.totp_step = step
                attempts.forget(tx, account)
                return sessions.sign_in(tx, self._outbox, "staff", locked.id, now, replaces)
            attempts.remember(tx, now, account, address)
            failed = events.SignInFailed(subject=member.id if member else "unknown", actor_kind="staff")
            self._outbox.publish(tx, _ITSELF, failed)
        raise SignInRefused()

    def session(self, token: str, now: datetime) -> SessionView | None:
        """The live session of a token, or None when it is unknown, ended, idle too long or too old."""
        return sessions.find_session(self._database, token, now)

    def sign_out(self, token: str) -> None:
        """End this session. No error when it had ended."""
        now = self._clock.now()
        with self._database.transaction() as tx:
            row = tx.scalar(select(SessionRow).where(SessionRow.token_digest == sessions.token_digest(token)))
            if row is not None:
                owner = Actor(row.actor_kind, row.actor_id)  # type: ignore[arg-type]
                for ended in sessions.revoke(tx, now, SessionRow.id == row.id):
                    self._outbox.publish(tx, owner, events.SignedOut(subject=ended))

    def sign_out_everywhere(self, actor: Actor) -> int:
        """End every session of the actor, this one too; how many there were."""
        permit(actor, Permission.SIGN_OUT)
        theirs = (SessionRow.actor_kind == actor.kind) & (SessionRow.actor_id == actor.id)
        with self._database.transaction() as tx:
            ended = sessions.revoke(tx, self._clock.now(), theirs)
            self._outbox.publish(tx, actor, *(events.SignedOut(subject=session) for session in ended))
        return len(ended)

    def party(self, id: str) -> PartyView:
        """The citizen with this id, for services and jobs; NotFound otherwise."""
        with self._database.reading() as tx:
            row = tx.get(PartyRow, id)
        if row is None:
            raise NotFound()
        return PartyView(row.id, row.civil_id, row.name_ar, row.name_en, row.phone, row.email, row.language)

    def party_with_civil_id(self, civil_id: str) -> PartyView | None:
        """The citizen with this civil ID, if on file. Raises CivilIdMalformed."""
        wanted = select(PartyRow.id).where(PartyRow.civil_id == parse_civil_id(civil_id))
        with self._database.reading() as tx:
            id = tx.scalar(wanted)
        return self.party(id) if id else None

    def staff_names(self, ids: Collection[str]) -> dict[str, StaffName]:
        """Names of members of staff by id, for lists of who did what; unknown ids are left out."""
        wanted = select(StaffRow.id, StaffRow.name_ar, StaffRow.name_en).where(StaffRow.id.in_(ids))
        with self._database.reading() as tx:
            return {row.id: StaffName(row.name_ar, row.name_en) for row in tx.execute(wanted)}

    def register_party(
        self,
        actor: Actor,
        *,
        civil_id: str,
        name_ar: str,
        name_en: str,
        phone: str,
        email: str | None = None,
        language: str = "ar",
    ) -> str:
        """Put a citizen on file, or bring their file up to date; their id.

        Raises CivilIdMalformed, ContactMalformed.
        """
        permit(actor, Permission.REGISTER_PARTY)
        civil_id, number = parse_civil_id(civil_id), rules.phone_number(phone)
        if number is None:
            raise ContactMalformed(field="phone")
        with self._database.transaction() as tx:
            row = tx.scalar(select(PartyRow).where(PartyRow.civil_id == civil_id))
            fresh = row is None
            if row is None:
                row = PartyRow(id=new_id(), civil_id=civil_id, registered_at=self._clock.now())
                tx.add(row)
            row.name_ar, row.name_en, row.phone = name_ar, name_en, number
            row.email, row.language = email, language
            if fresh:
                self._outbox.publish(tx, actor, events.PartyRegistered(subject=row.id))
            return row.id

    def register_staff(
        self,
        actor: Actor,
        *,
        email: str,
        name_ar: str,
        name_en: str,
        password: str | None = None,
        totp_secret: str = "",
        roles: Sequence[str],
    ) -> str:
        """Put a member of staff on file, or bring their file up to date and let them in again; their id.

        Without a password they keep the secrets they have; who has none signs in with the town's directory.
        Raises EmailMalformed, NameMisplaced, RoleUnknown.
        """
        permit(actor, Permission.MANAGE_STAFF)
        for role in roles:
            if role not in STAFF_ROLES:
                raise RoleUnknown(role=role, roles=", ".join(STAFF_ROLES), field="roles")
        email = rules.staff_email(email)
        if not rules.is_mailbox(email):
            raise EmailMalformed(email=email, field="email")
        if not rules.names_in_place(name_ar, name_en):
            raise NameMisplaced(name_ar=name_ar, name_en=name_en, field="name_ar")
        secret = hash_password(password) if password else None
        with self._database.transaction() as tx:
            row = tx.scalar(select(StaffRow).where(StaffRow.email == email))
            if row is None:
                row = StaffRow(id=new_id(), email=email, registered_at=self._clock.now())
                row.password_hash = row.totp_secret = ""
                tx.add(row)
            row.name_ar, row.name_en, row.roles, row.active = name_ar, name_en, list(roles), True
            if secret is not None:
                row.password_hash, row.totp_secret = secret, totp_secret
            self._outbox.publish(tx, actor, events.StaffRegistered(subject=row.id, roles=list(roles)))
            return row.id

    def staff_on_file(self, actor: Actor) -> list[StaffView]:
        """Every member of staff, ended ones too, by address."""
        permit(actor, Permission.MANAGE_STAFF)
        with self._database.reading() as tx:
            bound = set(tx.scalars(select(DirectoryAccountRow.staff_id)))
            rows = tx.scalars(select(StaffRow).order_by(StaffRow.email)).all()
        return [
            StaffView(
                email=row.email,
                name_ar=row.name_ar,
                name_en=row.name_en,
                roles=tuple(row.roles),
                active=row.active,
                own_account=bool(row.password_hash and row.totp_secret),
                bound=row.id in bound,
            )
            for row in rows
        ]

    def end_staff(self, actor: Actor, email: str) -> None:
        """Let a member of staff in no more, from their next request on. Raises NotFound."""
        permit(actor, Permission.MANAGE_STAFF)
        with self._database.transaction() as tx:
            row = _on_file(tx, email)
            row.active = False
            self._outbox.publish(tx, actor, events.StaffEnded(subject=row.id))

    def release_directory_account(self, actor: Actor, email: str) -> None:
        """Forget who a member of staff is in the directory: they are bound anew when they come. Raises NotFound."""
        permit(actor, Permission.MANAGE_STAFF)
        with self._database.transaction() as tx:
            row = _on_file(tx, email)
            tx.execute(delete(DirectoryAccountRow).where(DirectoryAccountRow.staff_id == row.id))
            self._outbox.publish(tx, actor, events.DirectoryAccountReleased(subject=row.id))


def _on_file(tx: Session, email: str) -> StaffRow:
    row = tx.scalar(select(StaffRow).where(StaffRow.email == rules.staff_email(email)).with_for_update())
    if row is None:
        raise NotFound()
    return row


def _rest(tx: Session, account: str, address: str, now: datetime) -> None:
    attempts.wait(rules.back_off(attempts.moments(tx, account), now))
    attempts.wait(rules.wait_for(rules.STAFF_FAILURES_PER_ADDRESS, attempts.moments(tx, address), now))
