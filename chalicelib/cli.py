"""The commands behind ./diwan."""

import argparse
import errno
import os
import re
import select
import sys
from pathlib import Path
from typing import NoReturn

from chalicelib import __version__
from chalicelib.identity.permissions import STAFF_ROLES
from chalicelib.kernel.errors import Refusal
from chalicelib.setting_values import UNUSABLE, PlaceUnusable
from chalicelib.settings import CHECKOUT, Settings, ignored, read_settings


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    top = argparse.ArgumentParser(
        prog="diwan",
        description="ديوان: a municipality's archive and e-licences.",
        epilog="`./diwan test` sets up what tests need and runs every check; with PATHS, those tests alone.",
    )
    top.add_argument("--version", action="version", version=f"Diwan {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, says: str, json: bool = False, data: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=says, description=says)
        command.set_defaults(misused=command.error)
        if data:
            command.add_argument(
                "--data", type=Path, metavar="DIR", help="where everything lives (default ./data)"
            )
        if json:
            command.add_argument("--json", action="store_true", help="machine-readable output")
        return command

    run = add("run", "serve pages, API and background worker on one port")
    run.add_argument("--port", type=int, help="default 8000")
    show = add("demo", "do the whole job through HTTP on an empty data folder", json=True, data=False)
    show.add_argument(
        "--home",
        choices=["embedded", "aws"],
        default="embedded",
        help="aws: the built package on an emulator",
    )
    take = add("import", "file scans and wait until each is read or refused", json=True)
    take.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    take.add_argument("--parcel", default="", help="file them under this parcel")
    take.add_argument("--kind", default="other", help="kind of document (default other)")
    find = add("search", "find pages by what stands on them", json=True)
    find.add_argument("words", nargs="+", metavar="WORDS")
    verify = add("verify", "check a licence's signature and QR token", json=True)
    verify.add_argument("file", type=Path, metavar="FILE.pdf")
    people = add(
        "staff",
        "put a member of staff on file, change their roles or end their access; alone: who is on file",
    )
    people.add_argument("email", nargs="?", metavar="EMAIL", help="as the town's directory knows it, if any")
    people.add_argument("--names", nargs=2, metavar=("ARABIC", "ENGLISH"), help="what they are called")
    people.add_argument(
        "--roles",
        nargs="+",
        default=[],
        metavar="ROLE",
        help=f"what they may do from now on: {', '.join(STAFF_ROLES)}",
    )
    people.add_argument(
        "--account", action="store_true", help="make them a password and an authenticator, shown once"
    )
    people.add_argument("--end", action="store_true", help="let them in no more")
    people.add_argument(
        "--release", action="store_true", help="forget which account of the directory is theirs"
    )
    add("codes", "the sample staff's one-time codes of this half minute")
    keep = add("backup", "copy a home, running or not: database, keys and files; each file once")
    keep.add_argument(
        "folder", type=Path, metavar="DIR", help="where copies are kept, best on another machine's disk"
    )
    back = add("restore", "make a home of a copy, where nothing is yet")
    back.add_argument("folder", type=Path, metavar="DIR", help="where copies are kept")
    back.add_argument(
        "--digest", default="", help="which copy, by what `backup` printed (default the newest)"
    )
    bench = add("bench", "measure against a named baseline", json=True, data=False)
    bench.add_argument("name", metavar="NAME")
    bench.add_argument("--quick", action="store_true", help="a sample that ends within 50 seconds")
    bench.add_argument("--plot", type=Path, metavar="FILE.svg")
    look = add("doctor", "say what is there, what is missing and how to get it", json=True)
    look.add_argument("--port", type=int, help="the port to look at, default 8000")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status, 2 when something stands in its way that is then said."""
    asked = parser().parse_args(arguments)
    try:
        settings = read_settings(data=getattr(asked, "data", None), port=getattr(asked, "port", None))
        _look_at_places(settings)
        if "data" in asked and asked.command not in ("restore", "doctor"):
            from chalicelib.commands.staged_home import refuse_unfinished

            refuse_unfinished(settings)
        if asked.command != "doctor":  # who has a place for it among its findings
            _tell_ignored(settings)
        status = _carry_out(asked, settings)
        sys.stdout.flush()  # here, where it is known what to do when nobody reads it
        return status
    except Refusal as refusal:
        from chalicelib.web.localisation import localisation

        told = _copied(localisation(CHECKOUT / "templates" / "locale", "en", "UTC").refusal(refusal))
        if asked.command == "doctor" and asked.json:
            from chalicelib.commands.doctor import tell_unusable_settings

            tell_unusable_settings(told)
        else:
            print(f"diwan: {told}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        # Where rich writes, it meets the closed pipe first, turns our output away and ends us with 1.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        return 0
    except BrokenPipeError:
        if not _nobody_reads():
            raise  # somebody else hung up on us, which is no success
        # Whoever read us (`| head`) has seen enough; Python would flush into nowhere once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in UNUSABLE or error.filename is None:
            raise
        print(
            f"diwan: {error.filename}: {error.strerror}. Choose another folder with --data.", file=sys.stderr
        )
    return 2


def _copied(sentence: str) -> str:
    """The sentence without isolates round what needs none: a path is copied from it, and they would go with it."""
    return re.sub("\u2068([^\u0590-\u08ff\u2068\u2069]*)\u2069", r"\1", sentence)


def _tell_ignored(settings: Settings) -> None:
    for name, nearest in ignored(settings, os.environ):
        meant = f"; {nearest} is the nearest that it knows" if nearest else ""
        print(f"diwan: {name} is ignored: this version knows no such setting{meant}.", file=sys.stderr)


def _look_at_places(settings: Settings) -> None:
    """Raise PlaceUnusable for what cannot be the place that settings say, before work is half done; makes nothing."""

    def refuse(setting: str, place: Path, reason: int) -> NoReturn:
        raise PlaceUnusable(setting=setting, found=str(place), reason=os.strerror(reason))

    if not (settings.assets / "templates" / "locale").is_dir():
        refuse("DIWAN_ASSETS", settings.assets, errno.ENOENT)
    nearest = next(place for place in (settings.data, *settings.data.parents) if place.exists())
    if not nearest.is_dir():
        refuse("DIWAN_DATA", nearest, errno.ENOTDIR)
    if not os.access(nearest, os.W_OK | os.X_OK, effective_ids=True):
        refuse("DIWAN_DATA", nearest, errno.EACCES)
    file = settings.database_file
    if file and file.is_dir():
        refuse("DIWAN_DATABASE", file, errno.EISDIR)
    if file and file.parent != settings.data and not file.parent.is_dir():
        refuse("DIWAN_DATABASE", file.parent, errno.ENOENT)


def _nobody_reads() -> bool:
    """Whether our output leads into a pipe that is closed at its other end."""
    pipe = select.poll()
    pipe.register(sys.stdout.fileno(), 0)
    return bool(pipe.poll(0))


def _carry_out(asked: argparse.Namespace, settings: Settings) -> int:
    # Imported where used: `search` should not wait for what only `run` needs.
    match asked.command:
        case "run":
            from chalicelib.commands.run import run

            return run(settings)
        case "demo":
            from chalicelib.commands.demo import demo

            return demo(asked.json, asked.home)
        case "import":
            from chalicelib.commands.import_files import import_files

            return import_files(
                settings, asked.paths, parcel=asked.parcel, kind=asked.kind, as_json=asked.json
            )
        case "search":
            from chalicelib.commands.search import search

            return search(settings, " ".join(asked.words), as_json=asked.json)
        case "verify":
            from chalicelib.commands.verify import verify

            return verify(settings, asked.file, as_json=asked.json)
        case "staff":
            from chalicelib.commands.staff import staff

            registers = bool(asked.names or asked.roles or asked.account)
            if asked.email is None and (registers or asked.end or asked.release):
                asked.misused("whom? Give their EMAIL before the options")
            if (
                asked.email is not None
                and registers + asked.end != 1
                and not (asked.release and not registers)
            ):
                asked.misused("EMAIL needs --names and --roles, --roles, --account, --end or --release")
            return staff(
                settings,
                asked.email,
                names=asked.names or (),
                roles=asked.roles,
                account=asked.account,
                end=asked.end,
                release=asked.release,
            )
        case "codes":
            from chalicelib.commands.sample_municipality import staff_codes

            return staff_codes(settings)
        case "backup":
            from chalicelib.commands.backup import backup

            return backup(settings, asked.folder)
        case "restore":
            from chalicelib.commands.restore import restore

            return restore(settings, asked.folder, asked.digest)
        case "bench":
            from chalicelib.commands.bench import bench

            return bench(asked.name, quick=asked.quick, as_json=asked.json, plot=asked.plot)
        case _:
            from chalicelib.commands.doctor import doctor

            return doctor(settings, asked.json)


if __name__ == "__main__":
    sys.exit(main())
