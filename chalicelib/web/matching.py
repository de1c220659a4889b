"""Finding the route of a path, as API Gateway does: fixed words win over parameters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote


@dataclass
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "tuple[str, _Node] | None" = None
    template: str | None = None


class Matcher:
    """Templates such as `/renew/{application}`, one parameter a segment, none empty."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._root = _Node()
        for template in templates:
            node = self._root
            for word in template.strip("/").split("/"):
                if word.startswith("{"):
                    if node.parameter is None:
                        node.parameter = (word[1:-1], _Node())
                    if node.parameter[0] != word[1:-1]:
                        raise ValueError(f"{template}: the parameter here is already {node.parameter[0]}")
                    node = node.parameter[1]
                else:
                    node = node.fixed.setdefault(word, _Node())
            node.template = template

    def match(self, raw_path: str) -> tuple[str, dict[str, str]] | None:
        """Template and decoded parameters of a percent-encoded path, or None.

        Segments are split before decoding, so an encoded slash stays inside its parameter.
        """
        words = [unquote(word, errors="replace") for word in raw_path.strip("/").split("/")]
        return self._walk(self._root, words, 0, {})

    def _walk(
        self, node: _Node, words: list[str], at: int, found: dict[str, str]
    ) -> tuple[str, dict[str, str]] | None:
        if at == len(words):
            return (node.template, found) if node.template else None
        word = words[at]
        if word in node.fixed:
            below = self._walk(node.fixed[word], words, at + 1, found)
            if below:
                return below
        if node.parameter and word and "\x00" not in word:
            name, child = node.parameter
            return self._walk(child, words, at + 1, {**found, name: word})
        return None
