"""`diwan bench cost`: what the AWS home costs and how far it goes, from list prices, measured figures and infra/."""

from collections.abc import Iterator

from chalicelib.commands.bench import cost_bill as bills
from chalicelib.commands.bench.cost_backfill import SETTINGS, capacity_of, ladder, seconds_for, simulate
from chalicelib.commands.bench.cost_model import STAGES, Prices, Stage, Usage, read_stage
from chalicelib.commands.bench.figures import Row, in_words
from chalicelib.commands.bench.harness import Context

NAME = "cost"
_PAGES, _RENEWALS, _BACKFILL = 1e6, 1e5, 1e7
_DAY = 86_400
_HOME_RATE = 2.18  # pages a second of one machine with two processors: docs/benchmarks.md, ocr


def run(context: Context) -> Iterator[Row]:
    """Nothing is measured here but the simulation: figures are those of cost_usage.toml and cost_prices.toml."""
    prices, usage, stage = Prices(), Usage(), read_stage("production")
    yield from _pages(prices, usage, stage)
    yield from _renewals(prices, usage, stage)
    for name in STAGES:
        yield _idle(prices, usage, read_stage(name))
    _note_bills(context, usage, stage)
    yield from _backfill(context, usage, stage)
    _note_assumptions(context, prices, usage)


def _pages(prices: Prices, usage: Usage, stage: Stage) -> Iterator[Row]:
    archived = bills.archived(_PAGES, prices, usage, stage)
    # It must cost less than the reading alone does elsewhere; a tenth is what a town would tell others of.
    yield _row(
        "a million pages archived",
        bills.total(archived),
        _PAGES * prices.textract_page,
        "reading alone by Amazon Textract, DetectDocumentText, which knows no Arabic",
        must=2,
        goal=10,
    )
    # What is paid for functions that come and go: no more than ten times servers that never have a pause.
    yield _row(
        "of it, reading",
        archived["Lambda: the reader"],
        _PAGES * usage.reader_seconds_a_page / 2 / 3600 * prices.server_c7i_large_hour,
        "the same processor seconds of c7i.large servers that never pause",
        must=0.1,
        goal=0.5,
    )
    stored = _PAGES * (usage.original_bytes_a_page + usage.preview_bytes_a_page + usage.words_bytes_a_page)
    yield _row(
        "keeping a million pages, a year",
        bills.total(bills.kept(_PAGES, prices, usage)),
        stored / 1e9 * 12 * prices.s3_gb_month,
        "all bytes in S3 Standard, nothing in a database",
        must=0.9,
        goal=1.5,
    )


def _renewals(prices: Prices, usage: Usage, stage: Stage) -> Iterator[Row]:
    bill = bills.renewed(_RENEWALS, prices, usage, stage)
    month = bills.total(bills.idle(prices, usage, stage))
    yield _row(
        "a month with 100,000 renewals, messages aside",
        month + bills.total(bill) - bill["SMS"] - bill["Mail"],
        bills.total(bills.always_on(prices, stage)),
        "two m7i.large and a Multi-AZ db.r6g.large always on, the same index",
        must=1,
        goal=2,
    )
    # Seventy Arabic letters fit in one part; our texts take seven parts for four messages.
    yield _row(
        "messages of 100,000 renewals",
        bill["SMS"] + bill["Mail"],
        _RENEWALS * 4 * prices.sms_part,
        "the same four SMS, each in one part",
        must=0.5,
        goal=1,
    )


def _idle(prices: Prices, usage: Usage, stage: Stage) -> Row:
    return _row(
        f"a month idle, {stage.name}",
        bills.total(bills.idle(prices, usage, stage)),
        bills.total(bills.always_on(prices, stage)),
        "two servers and a database that are always on, the same index",
        must=0.8,  # a small stage pays for its network as a large one does
        goal=2,
    )


def _backfill(context: Context, usage: Usage, stage: Stage) -> Iterator[Row]:
    context.say("simulating a backfill of ten million pages")
    documents = 1_000 if context.quick else 6_000
    capacity = capacity_of(stage, usage)
    shipped = simulate(capacity, usage, documents)
    yield _row(
        "ten million pages, as production is set up",
        seconds_for(_BACKFILL, shipped) / _DAY,
        _BACKFILL / _HOME_RATE / _DAY,
        "one machine with two processors, the embedded home",
        must=5,
        goal=10,
        unit="days",
    )
    days = seconds_for(_BACKFILL, shipped) / _DAY
    busy = ", ".join(f"{name} {share:.0%}" for name, share in shipped.busy.items())
    lines = [
        f"Backfill of ten million pages ({documents:,} documents simulated), as production is set up:",
        f"  {in_words(days)} days, {shipped.rate:.0f} pages a second; busy: {busy}",
    ]
    rungs = list(ladder(capacity, usage, documents, 3 if context.quick else 8))
    if rungs:
        lines.append(f"  first bottleneck: {' and '.join(rungs[0].names)}")
    for rung in rungs:
        days = seconds_for(_BACKFILL, rung.outcome) / _DAY
        made = " and ".join(f"{name} doubled to {getattr(rung.capacity, name):g}" for name in rung.names)
        lines.append(f"  {made}: {in_words(days)} days")
    moved = dict.fromkeys(name for rung in rungs for name in rung.names)
    lines += [f"  {name}: moved by {SETTINGS[name]}" for name in moved]
    context.note("\n".join(lines))
    yield _row(
        "ten million pages, bottlenecks doubled in turn",
        days,
        seconds_for(_BACKFILL, shipped) / _DAY,
        "the same as production is set up",
        must=2,
        goal=8,
        unit="days",
    )


def _note_bills(context: Context, usage: Usage, stage: Stage) -> None:
    for region in Prices().regions:
        prices = Prices(region)
        told = {
            "a million pages archived": bills.archived(_PAGES, prices, usage, stage),
            "kept for a year": bills.kept(_PAGES, prices, usage),
            "100,000 renewals": bills.renewed(_RENEWALS, prices, usage, stage),
            **{f"a month idle, {name}": bills.idle(prices, usage, read_stage(name)) for name in STAGES},
        }
        lines = [f"Dollars by service, {region}, prices of {prices.date}:"]
        for title, bill in told.items():
            split = ", ".join(f"{service} {in_words(dollars)}" for service, dollars in bill.items())
            lines.append(f"  {title}: {in_words(bills.total(bill))} = {split}")
        context.note("\n".join(lines))
    room = ", ".join(
        f"{name} {bills.pages_in_index(usage, read_stage(name)) / 1e6:.1f} million pages" for name in STAGES
    )
    context.note(f"Room on the disks of the index, which the idle month pays for: {room}")


def _note_assumptions(context: Context, prices: Prices, usage: Usage) -> None:
    lines = ["Assumptions (cost_usage.toml):"]
    for name, entry in usage.entries.items():
        unit = f" {entry['unit']}" if "unit" in entry else ""
        lines.append(f"  {name.replace('_', ' ')}: {entry['value']}{unit} ({entry['source']})")
    lines.append("Prices (cost_prices.toml): " + "; ".join(f"{n}: {s}" for n, s in prices.sources.items()))
    context.note("\n".join(lines))


def _row(
    figure: str,
    ours: float,
    baseline: float,
    name: str,
    *,
    must: float,
    goal: float,
    unit: str = "US dollars",
) -> Row:
    return Row(
        figure=figure,
        unit=unit,
        ours=ours,
        baseline=baseline,
        baseline_name=name,
        must=must,
        goal=goal,
        more_is_better=False,
    )
