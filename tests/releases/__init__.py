"""What each release says to its database, as it was recorded: the releases before this one, for tests of upgrades."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from psycopg.types.json import Json, Jsonb

FOLDER = Path(__file__).parent
MAKES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Recording:
    """A whole day in a small town: every writing statement in order, every reading one once.

    `revision` is the last migration of the release; `runs` are pairs of a statement of `make`'s driver and what is
    bound to it, a list of rows where it was run for many.
    """

    release: str
    revision: str
    make: str
    runs: list[tuple[str, Any]]

    @property
    def written(self) -> set[str]:
        """The tables that rows were put into."""
        return {
            words[2] for statement, _ in self.runs if (words := statement.split())[:2] == ["INSERT", "INTO"]
        }

    def write(self) -> None:
        """Keep it beside this file."""
        statements = list(dict.fromkeys(statement for statement, _ in self.runs))
        places = {statement: place for place, statement in enumerate(statements)}
        lines = [
            json.dumps({"release": self.release, "revision": self.revision, "statements": len(statements)})
        ]
        lines += [json.dumps(statement) for statement in statements]
        lines += [
            json.dumps([places[statement], _plain(bound)], ensure_ascii=False)
            for statement, bound in self.runs
        ]
        (FOLDER / f"{self.release}-{self.make}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


@cache
def recording(release: str, make: str) -> Recording:
    """What was recorded of a release on a make of database."""
    lines = (FOLDER / f"{release}-{make}.jsonl").read_text("utf-8").splitlines()
    told, *rest = [json.loads(line) for line in lines]
    statements, runs = rest[: told["statements"]], rest[told["statements"] :]
    return Recording(
        release, told["revision"], make, [(statements[place], _bound(bound)) for place, bound in runs]
    )


def releases() -> list[str]:
    """Every recorded release, oldest first."""
    names = {file.name.rpartition("-")[0] for file in FOLDER.glob("*.jsonl")}
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


def _plain(value: Any) -> Any:
    """As JSON; what JSON has no word for is an object with one member, named for its kind."""
    match value:
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case datetime():
            return {"$moment": value.isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case bytes():
            return {"$bytes": base64.b64encode(value).decode()}
        case Json() | Jsonb():
            return {"$json": value.obj}
        case None | str() | int() | float():
            return value
    raise TypeError(type(value))


def _bound(value: Any) -> Any:
    match value:
        case {"$moment": told}:
            return datetime.fromisoformat(told)
        case {"$day": told}:
            return date.fromisoformat(told)
        case {"$bytes": told}:
            return base64.b64decode(told)
        case {"$json": told}:
            return Jsonb(told)
        case dict():
            return {name: _bound(part) for name, part in value.items()}
        case [[*_], *_]:
            return [tuple(_bound(part) for part in row) for row in value]
        case [dict(), *_] if not any(name.startswith("$") for name in value[0]):
            return [_bound(row) for row in value]
        case list():
            return tuple(_bound(part) for part in value)
    return value
