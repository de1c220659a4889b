"""`python -m ocr`: read a file, measure a folder, serve a parent process, or tell what this machine offers."""

import argparse
import sys
from pathlib import Path

from ocr.shapes import Limits


def main(arguments: list[str] | None = None) -> int:
    """The exit status of the command."""
    parser = argparse.ArgumentParser(prog="python -m ocr", description=__doc__)
    parser.add_argument(
        "--tessdata", help="folder of ara.traineddata and eng.traineddata for the second reader"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="print the text of a file")
    read.add_argument("file", type=Path)
    measure = commands.add_parser("measure", help="compare readings of images with the .txt beside each")
    measure.add_argument("folder", type=Path)
    serve = commands.add_parser("serve", help="answer requests on standard input until it ends")
    serve.add_argument("--pages", type=int, default=Limits.pages, help="most pages a file may have")
    serve.add_argument(
        "--seconds", type=float, default=Limits.seconds_per_page, help="most seconds a page may take"
    )
    commands.add_parser("doctor", help="tell which readers and which layers of confinement work here")
    asked = parser.parse_args(arguments)
    if asked.command == "serve":
        from ocr.zygote import serve as run

        run(asked.tessdata, Limits(pages=asked.pages, seconds_per_page=asked.seconds))
        return 0
    from ocr import commands as run_commands

    if asked.command == "read":
        return run_commands.read(asked.file, asked.tessdata)
    if asked.command == "measure":
        return run_commands.measure(asked.folder, asked.tessdata)
    return run_commands.doctor(asked.tessdata)


if __name__ == "__main__":
    sys.exit(main())
