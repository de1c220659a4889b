"""A browser without a screen: sends requests straight into the WSGI app, keeps cookies, fills in forms."""

import io
import json
import re
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

_FIELD = re.compile(r"<input\b[^>]*>")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.headers["location"]

    def hidden(self, form: str) -> dict[str, str]:
        """The hidden fields of the page's form with this action."""
        part = self.text.split(f'action="{form}"', 1)[1].split("</form>", 1)[0]
        fields = {}
        for tag in _FIELD.findall(part):
            if 'type="hidden"' in tag:
                found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                fields[found["name"]] = unescape(found["value"])
        return fields


@dataclass
class Browser:
    """One visitor. `address` is where they come from; `language` as the switch would have set it."""

    app: Any
    address: str = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)
    seen_cookies: list[str] = field(default_factory=list)

    def get(self, url: str, **headers: str) -> Answer:
        return self.send("GET", url, headers=headers)

    def post(self, url: str, form: dict[str, str], **headers: str) -> Answer:
        """A form as the browser sends it; the caller holds the token of the page it was on."""
        headers = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self.send("POST", url, urlencode(form).encode(), headers)

    def submit(self, page: str, action: str, fields: dict[str, str]) -> Answer:
        """Open `page`, fill in its form to `action`, press the button."""
        opened = self.get(page)
        assert opened.status == 200, (page, opened.status, opened.headers)
        return self.post(action, {**opened.hidden(action), **fields})

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> Answer:
        """An API call."""
        content = b"" if body is None else json.dumps(body).encode()
        return self.send(method, url, content, {"content-type": "application/json", **headers})

    def send(self, method: str, url: str, body: Any = b"", headers: dict[str, str] | None = None) -> Answer:
        """Any request; `body` is bytes, or what `wsgi.input` is to be."""
        # Not urlsplit of the whole: a path may begin with two slashes.
        path, _, query = url.partition("?")
        stream = io.BytesIO(body) if isinstance(body, bytes) else body
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            # WSGI: the bytes of the decoded path, as latin-1.
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REMOTE_ADDR": self.address,
            "CONTENT_LENGTH": str(len(body)) if isinstance(body, bytes) else "",
            "wsgi.input": stream,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        for name, value in (headers or {}).items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        started: list[Any] = []
        chunks = self.app(environ, lambda status, lines: started.append((status, lines)))
        content = b"".join(chunks)
        status, lines = started[0]
        self._keep(value for name, value in lines if name.lower() == "set-cookie")
        return Answer(int(status.split()[0]), {name.lower(): value for name, value in lines}, content)

    def _keep(self, set_cookies: Any) -> None:
        for line in set_cookies:
            self.seen_cookies.append(line)
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
