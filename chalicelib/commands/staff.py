"""`diwan staff`: who of the municipality's staff is on file, with which roles."""

from collections.abc import Sequence

from rich.console import Console

from chalicelib.bootstrap import build
from chalicelib.database.migrate import is_current
from chalicelib.kernel.actor import system
from chalicelib.kernel.errors import NotFound
from chalicelib.settings import Settings

_TERMINAL = system("terminal")


def staff(
    settings: Settings, email: str, *, names: Sequence[str], roles: Sequence[str], end: bool, release: bool
) -> int:
    """Put somebody on file by their address, end their access, or release their directory account.

    1 when nobody on file has the address, 2 when there is no municipality yet. Raises RoleUnknown.
    """
    console, aside = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True)
    diwan = build(settings)
    try:
        if not is_current(diwan.database):
            aside.print(f"No municipality in {settings.data} yet: `./diwan run` makes one.")
            return 2
        if release:
            diwan.identity.release_directory_account(_TERMINAL, email)
            console.print(f"{email}: the next account of the directory with this address will be theirs.")
        if end:
            diwan.identity.end_staff(_TERMINAL, email)
            console.print(f"{email}: may come in no more.")
        if roles:
            diwan.identity.register_staff(
                _TERMINAL, email=email, name_ar=names[0], name_en=names[1], roles=list(roles)
            )
            console.print(f"{email}: on file as {', '.join(roles)}.")
    except NotFound:
        aside.print(f"Nobody on file has the address {email}.")
        return 1
    finally:
        diwan.close()
    return 0
