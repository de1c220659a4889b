"""Jinja2 pages in the reader's language."""

import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.identity.permissions import Permission, may
from chalicelib.kernel.dates import Language
from chalicelib.kernel.errors import Refusal
from chalicelib.web.dispatch import csrf_token
from chalicelib.web.localisation import Localisation, localisation

if TYPE_CHECKING:
    from chalicelib.parcels.municipality import Municipality
    from chalicelib.web.request import Request


class Pages:
    """Renders templates/pages with the texts of templates/locale.

    `assets` is the folder that holds templates/, static/ and node_modules/.
    """

    def __init__(self, assets: Path, municipality: "Municipality") -> None:
        self._assets = assets
        self._municipality = municipality
        self._environments: dict[str, Environment] = {}
        self._vendor: dict[str, str] = json.loads((assets / "static" / "vendor.json").read_text("utf-8"))

    def localisation(self, language: str) -> Localisation:
        """The texts of a language."""
        chosen: Language = "en" if language == "en" else "ar"
        return localisation(self._assets / "templates" / "locale", chosen, self._municipality.timezone)

    def render(self, request: "Request", template: str, context: dict[str, Any]) -> str:
        """The page as HTML. The context adds to what docs/ui.md says every page has."""
        texts = self.localisation(request.language)
        session = request.session
        everywhere = {
            "t": texts.text,
            "refusal_text": texts.refusal,
            "money": texts.money,
            "date": texts.date,
            "hijri": texts.hijri,
            "when": texts.when,
            "lang": request.language,
            "dir": "ltr" if request.language == "en" else "rtl",
            "other_lang_url": self._other_language_url(request),
            "actor": {
                "kind": request.actor.kind,
                "roles": sorted(request.actor.roles),
                "name": getattr(session, f"name_{request.language}", "") if session else "",
            },
            "may": lambda name: may(request.actor, Permission(name)),
            "csrf": csrf_token(request),
            "path": request.path,
            "query": request.query,
            "request_id": request.request_id,
            "municipality": self._municipality,
            "errors": {},
            "form": {},
        }
        context = {**context, "errors": _sentences(texts, context.get("errors", {}))}
        return self._environment(request.language).get_template(template).render({**everywhere, **context})

    def _environment(self, language: str) -> Environment:
        """One for each language: its filters say things in it, and its compiled templates are kept."""
        if language not in self._environments:
            texts = self.localisation(language)
            environment = Environment(
                loader=FileSystemLoader([self._assets / "templates" / "pages", self._assets / "templates"]),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
            )
            environment.globals.update(asset=self.asset, vendor=self.vendor)
            environment.filters.update(
                bdi=lambda text: Markup("<bdi>{}</bdi>").format(_whole(text)),
                whole=_whole,
                runs=runs_of,
                file_name=_file_name,
                money=texts.money,
                date=texts.date,
                hijri=texts.hijri,
                when=texts.when,
                number=lambda value: f"{value:,}" if isinstance(value, int) else str(value),
                name_of=lambda thing: _field(thing, f"name_{language}"),
            )
            self._environments[language] = environment
        return self._environments[language]

    def asset(self, name: str) -> str:
        """URL of a file of static/, changing with its content so that it can be cached for ever."""
        return f"/static/{name}?v={_fingerprint(self._assets / 'static' / name)}"

    def vendor(self, name: str) -> str:
        """URL of a third-party file that static/vendor.json allows."""
        return f"/static/vendor/{name}?v={_fingerprint(self._assets / 'node_modules' / self._vendor[name])}"

    def static_file(self, name: str) -> Path | None:
        """The file behind /static/<name>; None for what is not ours to serve."""
        if name.startswith("vendor/"):
            allowed = self._vendor.get(name.removeprefix("vendor/"))
            return self._assets / "node_modules" / allowed if allowed else None
        root = (self._assets / "static").resolve()
        try:
            wanted = (root / name).resolve()
            return wanted if wanted.is_file() and wanted.is_relative_to(root) else None
        except (OSError, ValueError):  # longer than names can be, or with a NUL in it
            return None

    def _other_language_url(self, request: "Request") -> str:
        other = "ar" if request.language == "en" else "en"
        path, query = request.path, request.query
        if request.method != "GET" and "referer" in request.headers:
            # The answer to a form: only the page that held it can be opened again.
            with suppress(ValueError):
                came = urlsplit(request.headers["referer"])
                path, query = unquote(came.path), dict(parse_qsl(came.query))
        return f"{quote('/' + path.lstrip('/'))}?{urlencode({**query, 'lang': other})}"


def _sentences(texts: Localisation, errors: dict[str, Any]) -> dict[str, str]:
    return {name: texts.refusal(said) if isinstance(said, Refusal) else said for name, said in errors.items()}


# MN-3-0127 is one word: broken at a hyphen it reads, in a line of Arabic, as two in the wrong order. What is as
# long as a receipt number breaks only where a whole line does not hold it, or it would hang over the side of a phone.
_NUMBER = re.compile(r"(?<![\w.-])(?=[A-Za-z/-]*[0-9])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)+(?![\w-]|\.\w)")
_LONGEST = 20


def _whole(text: Any) -> Markup:
    """Text whose numbers stay on one line."""

    def keep(number: re.Match[str]) -> str:
        size = "whole" if len(number[0]) <= _LONGEST else "whole-line"
        return f'<span class="{size}">{number[0]}</span>'

    # Safe: the text is escaped first, and only spans of ours are put round numbers in it.
    return text if isinstance(text, Markup) else Markup(_NUMBER.sub(keep, escape(text)))  # noqa: S704


# What was printed from the left: +965 5000 0177, -3.20. In a line of Arabic the sign would stand on the other side, and
# the groups of the telephone number from the last to the first.
_SIGNED = re.compile(r"[+\-−]\d")
_COUNTRY = re.compile(r"\+\d{1,3}")
_GROUP = re.compile(r"\d{2,}[.,:;،؛)]*")


def runs_of(words: Iterable[Any]) -> list[tuple[bool, list[Any]]]:
    """A line's words (things with a `text`) in runs, and whether each goes from the left whatever is round it.

    A run is one word, or the groups of a telephone number.
    """
    runs: list[tuple[bool, list[Any]]] = []
    dialled = False
    for word in words:
        text = _field(word, "text")
        if dialled and _GROUP.fullmatch(text):
            runs[-1][1].append(word)
        else:
            dialled = _COUNTRY.fullmatch(text) is not None
            runs.append((_SIGNED.match(text) is not None, [word]))
    return runs


def _file_name(name: str) -> Markup:
    """A file's name. After Arabic its ending stands apart: "ملف 12.pdf" would turn into "ملف pdf.12"."""
    stem, dot, ending = name.rpartition(".")
    strong = next((way for letter in name if (way := bidirectional(letter)) in ("L", "R", "AL")), "L")
    if strong == "L" or not stem:
        return Markup("<bdi>{}</bdi>").format(_whole(name))
    return Markup('<bdi dir="rtl">{}<bdi dir="ltr" class="file-ending">{}</bdi></bdi>').format(
        _whole(stem), dot + ending
    )


def _field(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


@lru_cache(maxsize=256)
def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
