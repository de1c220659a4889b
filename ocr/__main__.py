"""Reads scans: `python -m ocr FILE`, or one of the commands serve, measure, doctor."""

import argparse
import json
import sys
from pathlib import Path

from ocr.number_formats import NumberFormatsRefused
from ocr.shapes import Limits, Profile, SourceRefused

_COMMANDS = ("serve", "measure", "doctor")


def main(arguments: list[str] | None = None) -> int:
    """The exit status of the command."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--tessdata", help="folder of ara.traineddata and eng.traineddata for the second reader"
    )
    shared.add_argument("--number-formats", help="file that says how a municipality's numbers look")
    asked, rest = shared.parse_known_args(arguments)
    profile = Profile(asked.tessdata, asked.number_formats)
    try:
        return (_command if rest and rest[0] in _COMMANDS else _read)(rest, shared, profile)
    except NumberFormatsRefused as refusal:
        sys.stderr.write(f"python -m ocr: error: {refusal.file}: {refusal.fault}\n")
        return 2


def _read(arguments: list[str], shared: argparse.ArgumentParser, profile: Profile) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ocr", description=__doc__, parents=[shared],
        epilog="Commands: " + ", ".join(f"python -m ocr {command} --help" for command in _COMMANDS),
    )  # fmt: skip
    parser.add_argument("file", type=Path)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--text", action="store_true", help="print each page's state and text (what is done unless told)"
    )
    form.add_argument("--json", action="store_true", help="print each page as one line of JSON")
    form.add_argument("--pdf", type=Path, metavar="OUT", help="write a PDF that can be searched")
    form.add_argument("--tiles", type=Path, metavar="FOLDER", help="write deep-zoom tiles of the large pages")
    parser.add_argument("--password-file", type=Path, help="file whose first line opens a locked PDF")
    asked = parser.parse_args(arguments)
    if asked.pdf and asked.pdf.exists() and asked.file.exists() and asked.pdf.samefile(asked.file):
        parser.error("OUT is FILE itself: a scan is never written over")
    from ocr import commands

    try:
        password = _first_line(asked.password_file) if asked.password_file else None
        if asked.pdf:
            commands.write_pdf(asked.file, asked.pdf, profile, password)
        elif asked.tiles:
            commands.write_tiles(asked.file, asked.tiles, profile, password)
        else:
            commands.read(asked.file, profile, password, as_json=asked.json)
    except SourceRefused as refusal:
        sys.stderr.write(f"refused: {refusal.reason} {json.dumps(refusal.data, ensure_ascii=False)}\n")
        return 1
    except OSError as error:
        parser.error(": ".join(str(part) for part in (error.filename, error.strerror) if part))
    return 0


def _first_line(file: Path) -> str:
    return file.read_text("utf-8").partition("\n")[0].rstrip("\r")


def _command(arguments: list[str], shared: argparse.ArgumentParser, profile: Profile) -> int:
    parser = argparse.ArgumentParser(prog="python -m ocr", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    measure = commands.add_parser(
        "measure", parents=[shared], help="compare readings of images with the .txt beside each"
    )
    measure.add_argument("folder", type=Path)
    serve = commands.add_parser(
        "serve", parents=[shared], help="answer requests on standard input until it ends"
    )
    serve.add_argument("--pages", type=int, default=Limits.pages, help="most pages a file may have")
    serve.add_argument(
        "--seconds", type=float, default=Limits.seconds_per_page, help="most seconds a page may take"
    )
    commands.add_parser(
        "doctor", parents=[shared], help="tell which readers and which layers of confinement work here"
    )
    asked = parser.parse_args(arguments)
    if asked.command == "serve":
        from ocr.zygote import serve as run

        run(profile, Limits(pages=asked.pages, seconds_per_page=asked.seconds))
        return 0
    from ocr import commands as run_commands

    if asked.command == "measure":
        return run_commands.measure(asked.folder, profile)
    return run_commands.doctor(profile.tessdata)


if __name__ == "__main__":
    sys.exit(main())
