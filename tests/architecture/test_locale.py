"""Every sentence in both languages, and none asked for that is not there."""

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, serialize

import chalicelib
from chalicelib.archive.rules import ENDINGS
from chalicelib.kernel.dates import Language
from chalicelib.kernel.errors import Refusal
from chalicelib.web.localisation import localisation

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES: tuple[Language, ...] = ("ar", "en")
ASKED = re.compile(r"""\bt\(\s*(["'])([a-z0-9-]+)\1\s*[,)]""")


def entries(language: str) -> list[tuple[str, ast.EntryType]]:
    return [
        (file.name, entry)
        for file in sorted((TEMPLATES / "locale" / language).glob("*.ftl"))
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body
    ]


def messages(language: str) -> list[tuple[str, ast.Message]]:
    return [(file, entry) for file, entry in entries(language) if isinstance(entry, ast.Message)]


def variables(message: ast.Message) -> set[str]:
    return set(re.findall(r"\$([A-Za-z][\w-]*)", serialize(ast.Resource([message]))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_well_formed(language: str) -> None:
    assert [(file, entry.content) for file, entry in entries(language) if isinstance(entry, ast.Junk)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_id_is_defined_twice(language: str) -> None:
    counted = Counter(message.id.name for _, message in messages(language))
    assert [name for name, times in counted.items() if times > 1] == []


def test_the_same_ids_stand_in_the_same_files() -> None:
    arabic, english = (
        {(file, message.id.name) for file, message in messages(language)} for language in LANGUAGES
    )
    assert arabic == english


def test_both_languages_are_told_the_same_facts() -> None:
    arabic, english = ({m.id.name: variables(m) for _, m in messages(language)} for language in LANGUAGES)
    assert {name: (arabic[name], english[name]) for name in arabic if arabic[name] != english.get(name)} == {}


def test_every_sentence_a_page_asks_for_is_there() -> None:
    known = {message.id.name for _, message in messages("ar")}
    asked = {
        (file.name, name)
        for file in sorted(TEMPLATES.rglob("*.html"))
        for _, name in ASKED.findall(file.read_text(encoding="utf-8"))
    }
    assert asked, "no template asks for any sentence: the pattern must be wrong"
    assert sorted(pair for pair in asked if pair[1] not in known) == []


def test_every_refusal_has_its_sentence() -> None:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    known = {message.id.name for _, message in messages("ar")}
    assert sorted(c.__qualname__ for c in every_refusal() if f"refusal-{c.code}" not in known) == []


# Read as well, but asked of nobody: a scanner makes better ones.
UNSUNG = {"bmp", "gif"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "sentence", ["reading-unsupported-type", "archive-upload-hint", "component-upload-hint"]
)
def test_wherever_the_types_that_are_read_are_named_all_are(language: Language, sentence: str) -> None:
    said = localisation(TEMPLATES / "locale", language, "Asia/Kuwait").text(sentence).lower()
    types = {each.rpartition("/")[2].removeprefix("vnd.") for each in ENDINGS.values()} - UNSUNG
    assert {each for each in types if each.replace("jp2", "jpeg 2000") not in said} == set()


def every_refusal() -> set[type[Refusal]]:
    found, waiting = set(), [Refusal]
    while waiting:
        for child in waiting.pop().__subclasses__():
            waiting.append(child)
            if child.__module__.startswith("chalicelib.") and "code" in vars(child):
                found.add(child)
    return found
