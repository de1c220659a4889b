"""The catalogue of services: every version of every one, read from catalogue/*.toml."""

import tomllib
from pathlib import Path

from chalicelib.licensing.definition import ServiceDefinition

FOLDER = Path(__file__).resolve().parent / "catalogue"


class Catalogue:
    """Service definitions by code and version. An application asks for the version it began with."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._by_version: dict[tuple[str, int], ServiceDefinition] = {}
        for file in sorted(folder.glob("*.toml")):
            definition = ServiceDefinition.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
            key = (definition.code, definition.version)
            if key in self._by_version:
                raise ValueError(f"{file.name}: {key} is defined twice")
            self._by_version[key] = definition

    def pinned(self, code: str, version: int) -> ServiceDefinition:
        """That version; KeyError when it was never in the catalogue."""
        return self._by_version[code, version]

    def renewal_of(self, licence_service: str) -> ServiceDefinition:
        """The newest version of the service that renews such licences; KeyError when none does."""
        found = [each for each in self._by_version.values() if each.licence_service == licence_service]
        if not found:
            raise KeyError(licence_service)
        return max(found, key=lambda each: each.version)
