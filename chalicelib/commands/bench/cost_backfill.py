"""A backfill of millions of pages, simulated: which part is full first, and which setting makes room.

A document takes a place in a lane of functions and holds it while it waits for others, as a function does that waits
for its answer. Places, processors and the one end of the audit log are stations with so many servers; whoever finds
none free stands in line. Times are drawn around the means of cost_usage.toml, by a seed that stays the same.
"""

import heapq
import random
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from math import ceil

from chalicelib.commands.bench.cost_model import Stage, Usage


class Station:
    """So many servers and a line; `busy` is the seconds that its servers worked, together."""

    def __init__(self, servers: float) -> None:
        # A part of a server serves as many parts longer.
        self.servers = max(1, round(servers))
        self.slowness = self.servers / servers
        self.free = self.servers
        self.line: deque[Work] = deque()
        self.busy = 0.0


@dataclass(frozen=True)
class Take:
    """Wait for a server."""

    station: Station


@dataclass(frozen=True)
class Hold:
    """Work for so many seconds, on servers taken before."""

    seconds: float


@dataclass(frozen=True)
class Give:
    """Let go of a server."""

    station: Station


Work = Generator[Take | Hold | Give, None, None]


@dataclass(frozen=True)
class Capacity:
    """What can be made larger, and in which setting."""

    arrivals: float
    readers: float
    prompt: float
    connections: float
    database: float
    search: float
    audit: float = 1.0


# Where a person changes each of them. The reader's two bound the same: one alone moves nothing.
SETTINGS = {
    "arrivals": "infra/stack/functions.yaml: Arrivals, MaximumConcurrency",
    "readers": "infra/stack/functions.yaml: Reading, MaximumConcurrency; infra/stack/reader.yaml: "
    "ReservedConcurrentExecutions (and the account's quota of 1,000 runs at once)",
    "prompt": "infra/stack/functions.yaml: Prompt, MaximumConcurrency",
    "connections": "infra/parameters: DatabaseMinimum above 0.5 (connections go with capacity), or a proxy",
    "database": "infra/parameters: DatabaseMaximum",
    "search": "infra/parameters: SearchInstance, SearchInstances",
    "audit": "no setting: leaves of the audit log are appended one after another; appending many at once is work to do",
}


def capacity_of(stage: Stage, usage: Usage) -> Capacity:
    """What a stage of infra/ can do at once."""
    nodes = stage.search_nodes
    return Capacity(
        arrivals=stage.at_once["arrivals"],
        readers=min(stage.at_once["reading"], stage.at_once["reader"]),
        prompt=stage.at_once["prompt"],
        connections=usage.connections_of_the_database,
        database=stage.database_maximum * usage.processors_an_acu,
        # Every page is written by each node that keeps a copy of it.
        search=usage.search_processors[stage.search_type] * nodes / min(nodes, 2),
    )


@dataclass(frozen=True)
class Outcome:
    """Pages a second in steady state, and how busy each station was, 0 to 1."""

    rate: float
    busy: dict[str, float]


def simulate(capacity: Capacity, usage: Usage, documents: int, seed: int = 5) -> Outcome:
    """`documents` that all lie there at the beginning; the first and last tenth to be read are left out of the rate."""
    chance = random.Random(seed)  # noqa: S311
    stations = {name: Station(getattr(capacity, name)) for name in SETTINGS}
    ended: list[float] = []
    work = [_document(stations, usage, chance, ended) for _ in range(documents)]
    seconds = _run(work, ended)
    tenth = documents // 10
    steady = ended[-tenth - 1] - ended[tenth]
    pages = (documents - 2 * tenth - 1) * usage.pages_a_document
    busy = {name: station.busy / (seconds * station.servers) for name, station in stations.items()}
    return Outcome(pages / steady, busy)


@dataclass(frozen=True)
class Rung:
    """What helped most when it was doubled (two parts, where they bound at once); capacity and outcome after that."""

    names: tuple[str, ...]
    capacity: Capacity
    outcome: Outcome


def ladder(capacity: Capacity, usage: Usage, documents: int, steps: int) -> Iterator[Rung]:
    """From `capacity` on, the bottleneck doubled again and again; ends when nothing helps by a twentieth any more."""
    now = simulate(capacity, usage, documents)
    for _ in range(steps):
        rung = max((_tried(capacity, usage, documents, name) for name in SETTINGS), key=_rate)
        if _rate(rung) < 1.05 * now.rate:
            two = sorted(now.busy, key=lambda name: now.busy[name])[-2:]
            rung = _tried(capacity, usage, documents, *sorted(two))
        if _rate(rung) < 1.05 * now.rate:
            return
        capacity, now = rung.capacity, rung.outcome
        yield rung


def _tried(capacity: Capacity, usage: Usage, documents: int, *names: str) -> Rung:
    doubled = replace(capacity, **{name: 2 * getattr(capacity, name) for name in names})
    return Rung(names, doubled, simulate(doubled, usage, documents))


def _rate(rung: Rung) -> float:
    return rung.outcome.rate


def _document(stations: dict[str, Station], usage: Usage, chance: random.Random, ended: list[float]) -> Work:
    """From its bytes' arrival to its last page in the index."""
    pages = max(1, round(chance.expovariate(1 / usage.pages_a_document)))
    groups = ceil(pages / 10)
    trip = usage.s3_round_trip
    yield from _in_lane(stations, "arrivals", [("wait", 8 * trip), ("database", 6)], usage, chance)
    calls = ceil(pages / usage.pages_a_call)
    reader = calls * usage.reader_start + pages * usage.reader_seconds_a_page
    reads = [("wait", reader), ("wait", (4 * pages + 8) * trip), ("database", 5 + pages)]
    yield from _in_lane(stations, "readers", reads, usage, chance)
    each = [
        ("database", 2),
        ("wait", 10 * trip + usage.index_wait),
        ("processor", pages / groups / usage.analysed_pages_a_second),
        ("search", pages / groups / usage.indexed_pages_a_second),
    ]
    for _ in range(groups):
        yield from _in_lane(stations, "prompt", each, usage, chance)
    leaves = usage.events_a_document - 1 + groups
    for _ in range(int(leaves)):
        yield from _in_lane(stations, "prompt", [("database", 1), ("audit", 2)], usage, chance)
    ended.append(0.0)  # the clock is filled in by whoever runs it


def _in_lane(
    stations: dict[str, Station],
    lane: str,
    steps: list[tuple[str, float]],
    usage: Usage,
    chance: random.Random,
) -> Work:
    """Take a place in the lane and a connection, do the steps, let go of both."""
    held = [stations[lane], stations["connections"]]
    for station in held:
        yield Take(station)
    for kind, amount in steps:
        vary = chance.uniform(0.6, 1.4)
        match kind:
            case "wait":
                yield from _spend(held, amount * vary)
            case "processor":  # of a function of 1,024 MB
                yield from _spend(held, amount * vary * usage.processor_megabytes / 1024)
            case "database":
                yield from _serve(held, [stations["database"]], amount * vary * usage.commit_seconds)
            case "audit":  # one at a time, and the database works meanwhile
                serving = [stations["audit"], stations["database"]]
                yield from _serve(held, serving, amount * vary * usage.commit_seconds)
            case _:
                yield from _serve(held, [stations[kind]], amount * vary)
    for station in reversed(held):
        yield Give(station)


def _spend(held: list[Station], seconds: float) -> Work:
    for station in held:
        station.busy += seconds
    yield Hold(seconds)


def _serve(held: list[Station], serving: list[Station], seconds: float) -> Work:
    """Work at stations in the order they are taken; being in line for them is not being busy."""
    for station in serving:
        yield Take(station)
    longer = seconds * max(station.slowness for station in serving)
    for station in (*held, *serving):
        station.busy += longer
    yield Hold(longer)
    for station in reversed(serving):
        yield Give(station)


def _run(work: list[Work], ended: list[float]) -> float:
    """Do all of it; the seconds it took. `ended` gets the moment at which each was done."""
    now, number = 0.0, 0
    due: list[tuple[float, int, Work]] = []
    for each in work:
        heapq.heappush(due, (0.0, number, each))
        number += 1
    while due:
        now, _, each = heapq.heappop(due)
        waiting = [each]
        while waiting:
            doing = waiting.pop()
            done = len(ended)
            for step in doing:
                if isinstance(step, Hold):
                    heapq.heappush(due, (now + step.seconds, number, doing))
                    number += 1
                    break
                if isinstance(step, Take):
                    if step.station.free:
                        step.station.free -= 1
                        continue
                    step.station.line.append(doing)
                    break
                if step.station.line:
                    waiting.append(step.station.line.popleft())  # the server goes to whoever stood first
                else:
                    step.station.free += 1
            if len(ended) > done:
                ended[-1] = now
    if len(ended) != len(work):
        raise RuntimeError("some of the work stands in line for ever")
    return now


def seconds_for(pages: float, outcome: Outcome) -> float:
    """How long `pages` take at this rate."""
    return pages / outcome.rate
