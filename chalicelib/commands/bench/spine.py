"""`diwan bench spine`: the main job from scan to signed licence, and the pages people wait for."""

from collections.abc import Iterator

from chalicelib.bootstrap import build
from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.finding import find_pages
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.renewing import renew_licences
from chalicelib.commands.bench.scans import read_scans
from chalicelib.commands.bench.serving import serve_pages
from chalicelib.commands.run import prepare

NAME = "spine"


def run(context: Context) -> Iterator[Row]:
    """Each part measures ours and its baseline in turns, so that a busy moment touches both."""
    context.say("setting up the sample municipality")
    prepare(context.settings)
    diwan = build(context.settings)
    try:
        yield from read_scans(context, diwan)
        yield from find_pages(context, diwan)
        yield from renew_licences(context, diwan)
        yield from serve_pages(context, diwan)
    finally:
        diwan.close()
