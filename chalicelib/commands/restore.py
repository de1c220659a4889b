"""`diwan restore`: a home of a copy, where nothing is yet."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from chalicelib.commands.backup import copying_into, progress_on
from chalicelib.commands.backup_folder import BackupChanged, BackupFolder, BackupMissing, Copy
from chalicelib.commands.home import Home, Some, home_of
from chalicelib.commands.processes import sole_server
from chalicelib.commands.staged_home import StagedHome
from chalicelib.database import snapshot
from chalicelib.kernel.errors import Refusal
from chalicelib.settings import Settings


class RestoreNotEmpty(Refusal):
    """Something is where the copy should go, and nothing is overwritten: data `path`."""

    code = "restore-not-empty"
    kind = "conflict"


class RestoreOtherDatabase(Refusal):
    """The copy is of another make of database than the settings name: data `made` and `named`."""

    code = "restore-other-database"
    kind = "conflict"


def restore(settings: Settings, path: Path, digest: str) -> int:
    """Make a home of the newest copy at `path`, or of that with this digest; 0 when it stands, 3 when one runs there.

    Only where nothing is but what a restore left that was killed, and only when every file is what it was. Raises
    refusals.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    folder = BackupFolder(path.absolute())
    copy = folder.copy(digest) if digest else next(reversed(folder.copies()), None)
    if copy is None:
        raise BackupMissing(path=str(folder.path))
    with home_of(settings) as home, sole_server(settings.data) as ours:
        if not ours:
            console.print(f"A Diwan is running on [bold]{settings.data}[/]. Stop it first, or choose --data.")
            return 3
        staged = StagedHome(home, settings)
        if staged.is_settled():
            staged.clear()
        _refuse_unless_empty(staged, home, copy)
        staged.clear()
        try:
            with copying_into(settings.data):
                with progress_on(console) as progress:
                    _take_out(folder, copy, staged, progress)
                _refuse_unless_empty(staged, home, copy)  # a town may have begun here meanwhile
                staged.settle()
        finally:
            staged.clear()
    console.print(f"{settings.data} is as it was on {copy.made_at}; digest {copy.digest}.")
    console.print("`./diwan run` makes the index of searches anew from what is there.")
    return 0


def _refuse_unless_empty(staged: StagedHome, home: Home, copy: Copy) -> None:
    if copy.make != home.make:
        raise RestoreOtherDatabase(made=copy.make, named=home.make)
    if place := staged.in_the_way():
        raise RestoreNotEmpty(path=str(place))
    if not snapshot.holds_nothing(home.database):
        raise RestoreNotEmpty(path=home.database.url.render_as_string())


def _take_out(folder: BackupFolder, copy: Copy, staged: StagedHome, progress: Progress) -> None:
    staged.begin()
    number, wrong = sum(1 for _ in copy.files()), Some()
    for kept in progress.track(copy.files(), number, description="files"):
        target = staged.place_of(kept.name)
        if target is None or not folder.give_back(kept, target):
            wrong.add(kept.name)
    if wrong.number:
        raise BackupChanged(path=str(folder.path), files=wrong.told())
    if copy.make == "sqlite":
        snapshot.check(staged.database)
