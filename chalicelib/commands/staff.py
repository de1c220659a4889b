"""`diwan staff`: who of the municipality's staff is on file, with which roles, and by which door they come."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from chalicelib.bootstrap import Diwan, build
from chalicelib.database.migrate import is_current
from chalicelib.identity.errors import OwnAccountsClosed
from chalicelib.identity.passwords import new_password
from chalicelib.identity.rules import staff_email
from chalicelib.identity.service import StaffView
from chalicelib.identity.totp import enrolment, new_secret
from chalicelib.kernel.actor import system
from chalicelib.kernel.errors import NotFound
from chalicelib.settings import Settings

_TERMINAL = system("terminal")
_say = Console(soft_wrap=True, highlight=False, markup=False)
_complain = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def staff(
    settings: Settings,
    email: str | None,
    *,
    names: Sequence[str],
    roles: Sequence[str],
    account: bool,
    end: bool,
    release: bool,
) -> int:
    """Put somebody on file, give them an account, end their access, or release their account of the directory.

    Without an address list who is on file. 1 when nobody on file has the address, or their access was ended and no
    roles are given; 2 when there is no municipality yet. Raises what Identity.register_staff does, OwnAccountsClosed.
    """
    diwan = build(settings)
    try:
        if not is_current(diwan.database):
            _complain.print(f"No municipality in {settings.data} yet: `./diwan run` makes one.")
            return 2
        if email is None:
            _list(diwan)
            return 0
        if release:
            diwan.identity.release_directory_account(_TERMINAL, email)
            _say.print(f"{email}: the next account of the directory with this address will be theirs.")
        if end:
            diwan.identity.end_staff(_TERMINAL, email)
            _say.print(f"{email}: may come in no more.")
        if names or roles or account:
            return _register(diwan, email, names, roles, account)
    except NotFound:
        _complain.print(f"Nobody on file has the address {email}.")
        return 1
    finally:
        diwan.close()
    return 0


def _register(diwan: Diwan, email: str, names: Sequence[str], roles: Sequence[str], account: bool) -> int:
    if account and not diwan.identity.own_accounts:
        raise OwnAccountsClosed()
    known = _on_file(diwan, email)
    if not (known or (names and roles)):
        _complain.print(
            f"Nobody on file has the address {email}: to put them on file give --names ARABIC ENGLISH and --roles."
        )
        return 1
    if not roles and not known[0].active:
        _complain.print(f"{email}: their access was ended. --roles lets them in again.")
        return 1
    name_ar, name_en = names or (known[0].name_ar, known[0].name_en)
    password, secret = (new_password(), new_secret()) if account else (None, "")
    diwan.identity.register_staff(
        _TERMINAL,
        email=email,
        name_ar=name_ar,
        name_en=name_en,
        password=password,
        totp_secret=secret,
        roles=list(roles or known[0].roles),
    )
    (person,) = _on_file(diwan, email)
    _say.print(f"{person.email}: on file as {', '.join(person.roles)}.")
    if password:
        address = enrolment(secret, person.email, diwan.municipality.name_en)
        _say.print(
            "Their account, shown this once: hand it over in person.\n"
            f"  password       {password}\n"
            f"  authenticator  {secret} (or as an address: {address})\n"
            f"They sign in with both {_where(diwan.settings)}."
        )
    elif _door(diwan, person) == _NONE:
        _say.print(
            "They have no way in yet: the same command with --account makes them a password and an authenticator, "
            "or DIWAN_STAFF_DIRECTORY names the town's directory."
        )
    return 0


def _where(settings: Settings) -> str:
    """Where staff sign in. Which port a server without an address of its own was told, only it can say."""
    if settings.base_url == f"http://{settings.host}:{settings.port}":
        return "on the page /staff/sign-in of the address that `./diwan run` shows"
    return f"at {settings.base_url}/staff/sign-in"


def _on_file(diwan: Diwan, email: str) -> list[StaffView]:
    """The one with this address, or nobody."""
    kept = staff_email(email)
    return [one for one in diwan.identity.staff_on_file(_TERMINAL) if one.email == kept]


_NONE = "no way in yet"


def _door(diwan: Diwan, person: StaffView) -> str:
    doors = ["password"] if person.own_account and diwan.identity.own_accounts else []
    if diwan.directory is not None:
        doors.append("directory" if person.bound else "directory, not bound yet")
    return " or ".join(doors) or _NONE


def _list(diwan: Diwan) -> None:
    people = diwan.identity.staff_on_file(_TERMINAL)
    if not people:
        _say.print(
            "Nobody is on file yet: ./diwan staff EMAIL --names ARABIC ENGLISH --roles admin --account"
        )
        return
    table = Table("e-mail", "name", "roles", "signs in with", box=None, pad_edge=False)
    for one in people:
        door = _door(diwan, one) if one.active else "access ended"
        table.add_row(one.email, one.name_en, ", ".join(one.roles), door)
    # Into a pipe every column is whole; a terminal folds them to its width.
    Console(width=None if Console().is_terminal else 240, highlight=False, markup=False).print(table)
