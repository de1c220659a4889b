"""What one part names, another part has: queues, events, reasons, settings."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import chalicelib
from chalicelib.jobs.registry import every_minute, handlers, subscriptions
from chalicelib.kernel.events import Event
from chalicelib.ports import ocr as ocr_port
from chalicelib.settings import Settings, environment_of, read_settings

CHECKOUT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
SENTENCES = {
    language: set(
        re.findall(
            r"^([a-z][a-z0-9-]*) =",
            "\n".join(
                file.read_text("utf-8")
                for file in (CHECKOUT / "templates" / "locale" / language).glob("*.ftl")
            ),
            re.MULTILINE,
        )
    )
    for language in ("ar", "en")
}


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for file in sorted((CHECKOUT / folder).rglob("*.py")):
            yield file, ast.parse(file.read_text("utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            told = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if told.endswith(name):
                yield node


def every_event() -> dict[str, type[Event]]:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    found, waiting = {}, [Event]
    while waiting:
        for child in waiting.pop().__subclasses__():
            waiting.append(child)
            if "name" in vars(child):
                found[child.name] = child
    return found


def asked_queues() -> set[str]:
    """The queue of every `jobs.add(tx, queue, …)` in the program, where it is named on the spot."""
    found = set()
    for file, tree in modules("chalicelib"):
        for call in calls(tree, "add"):
            receiver = ast.unparse(call.func).removesuffix(".add")
            if not receiver.endswith("jobs") or len(call.args) < 3:
                continue
            named = call.args[1]
            if isinstance(named, ast.Constant):
                found.add(named.value)
            elif isinstance(named, ast.Name) and named.id.isupper():
                dotted = ".".join(file.relative_to(CHECKOUT).with_suffix("").parts)
                found.add(getattr(importlib.import_module(dotted), named.id))
    return found


def test_every_queue_has_a_handler() -> None:
    asked = asked_queues()
    assert {"send_notification", "issue_licence"} <= asked
    wanted = asked | {queue for queues in subscriptions().values() for queue in queues} | set(every_minute())
    assert sorted(wanted - set(handlers())) == []


def test_every_handler_is_asked_for() -> None:
    wanted = asked_queues() | {queue for queues in subscriptions().values() for queue in queues}
    assert sorted(set(handlers()) - wanted - set(every_minute())) == []


def test_every_subscription_is_to_an_event_that_there_is() -> None:
    assert sorted(set(subscriptions()) - set(every_event()) - {"*"}) == []


def test_every_event_has_words_in_the_log() -> None:
    wanted = {f"event-{name.replace('.', '-').replace('_', '-')}" for name in every_event()}
    for language, known in SENTENCES.items():
        assert sorted(wanted - known) == [], language


def test_every_reason_of_the_reader_has_its_sentence() -> None:
    contract = " ".join(inspect.getdoc(part) or "" for part in (ocr_port.SourceRefused, ocr_port.ReadPage))
    promised = set(CODE.findall(contract))
    given = {
        call.args[0].value
        for _, tree in modules("ocr")
        for call in calls(tree, "Refused")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(given) > 5
    assert sorted(code for code in given if not re.search(rf"\b{code}\b", contract)) == []
    for language, known in SENTENCES.items():
        assert (
            sorted(code for code in promised | given | {"no-pages"} if f"reading-{code}" not in known) == []
        ), language


def test_every_test_that_a_promise_of_security_names_is_there() -> None:
    told = (CHECKOUT / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+/test_[a-z_*]+\.py)", told))
    assert len(named) > 10
    assert [name for name in sorted(named) if not list((CHECKOUT / "tests").glob(name))] == []


def test_every_setting_is_described() -> None:
    told = inspect.getdoc(Settings) or ""
    assert [field.name for field in fields(Settings) if not re.search(rf"\b{field.name}\b", told)] == []
    source = inspect.getsource(read_settings)
    read = set(re.findall(r'"(DIWAN_[A-Z_]+)"', source))
    assert sorted(read - set(re.findall(r"DIWAN_[A-Z_]+", told)) - {"DIWAN_DATA"}) == []


def test_settings_pass_to_another_process_unchanged() -> None:
    settings = read_settings({"DIWAN_BASE_URL": "https://diwan.example", "DIWAN_PORT": "8123"})
    assert read_settings(environment_of(settings)) == settings


def test_only_settings_read_the_environment() -> None:
    readers = {
        str(file.relative_to(CHECKOUT))
        for file, tree in modules("chalicelib", "ocr")
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) == "os.environ"
        )
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv"))
    }
    assert readers <= {"chalicelib/settings.py"}
