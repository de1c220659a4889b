"""Routes as data: each states its method, path, permission and handler, in one place to test."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.identity.permissions import Permission

Handler = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One method and path. `permission` is checked before the handler is called.

    API routes also say what comes in (`body`, `query`), what goes out (`returns`, with `status`) and,
    by `makes`, whether a POST makes something: then it requires an Idempotency-Key.
    """

    kind: Literal["page", "api"]
    capability: str
    method: str
    path: str
    permission: Permission
    handler: Handler
    body: type[BaseModel] | None = None
    returns: Any = None
    status: int = 200
    makes: bool = False
    summary: str = ""
    query: tuple[str, ...] = ()
    csrf: bool = True


@dataclass
class Routes:
    """The pages of one capability; handlers take `(request, **path)` and return a Response."""

    capability: str
    entries: list[Route] = field(default_factory=list)

    def get(self, path: str, permission: Permission) -> Callable[[Handler], Handler]:
        """A page that only reads."""
        return self._add("GET", path, permission)

    def post(self, path: str, permission: Permission, csrf: bool = True) -> Callable[[Handler], Handler]:
        """A form; `csrf=False` only where another site is meant to send people's browsers."""
        return self._add("POST", path, permission, csrf)

    def _add(
        self, method: str, path: str, permission: Permission, csrf: bool = True
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.entries.append(Route("page", self.capability, method, path, permission, handler, csrf=csrf))
            return handler

        return register


@dataclass
class ApiRoutes:
    """The API of one capability; handlers take `(request, [body], **path)` and return `returns`."""

    capability: str
    entries: list[Route] = field(default_factory=list)

    def get(
        self,
        path: str,
        permission: Permission,
        *,
        returns: Any,
        summary: str,
        query: tuple[str, ...] = (),
        status: int = 200,
    ) -> Callable[[Handler], Handler]:
        """Reads; 303 when it leads to a file. `query` names the parameters it understands."""
        return self._add(
            "GET", path, permission, returns=returns, summary=summary, query=query, status=status
        )

    def post(
        self,
        path: str,
        permission: Permission,
        *,
        returns: Any,
        summary: str,
        body: type[BaseModel] | None = None,
        status: int = 201,
        makes: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Makes something (201, needs an Idempotency-Key) or, with `makes=False`, asks or acts."""
        return self._add(
            "POST",
            path,
            permission,
            returns=returns,
            summary=summary,
            body=body,
            status=status,
            makes=makes,
        )

    def delete(self, path: str, permission: Permission, *, summary: str) -> Callable[[Handler], Handler]:
        """Ends something; 204 with no body."""
        return self._add("DELETE", path, permission, returns=None, summary=summary, status=204)

    def _add(
        self, method: str, path: str, permission: Permission, **rest: Any
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.entries.append(Route("api", self.capability, method, path, permission, handler, **rest))
            return handler

        return register
