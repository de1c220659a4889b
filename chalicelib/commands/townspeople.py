"""The sample municipality's people, acting through HTTP as their browsers and programs would."""

import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pyotp

Texts = Callable[[], Iterable[tuple[str, str]]]
_UNFINISHED = ("submitted", "approved_awaiting_payment", "paid")


class DidNotHappen(Exception):
    """Something that should have happened did not, in the time it was given."""


class Townspeople:
    """A clerk, an archivist and a citizen, patient with a server that is restarted under them.

    Every request that makes something carries a key of its own, so that repeating it after a
    lost answer makes nothing twice. `texts` are telephone and text of every SMS so far, oldest first.
    """

    def __init__(self, base_url: str, texts: Texts, samples: Path, patience: float = 120.0) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=30, follow_redirects=False)
        self._texts = texts
        self._samples = samples
        self._patience = patience
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def ask(self, who: str, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """One API call; repeated while the server is away, busy with the same key, or mending itself."""
        headers = {"Accept-Language": "ar"}
        if key:
            headers["Idempotency-Key"] = f"demo-{key}"
        end = time.monotonic() + self._patience
        while True:
            if who in self._tokens:
                headers["Authorization"] = f"Bearer {self._tokens[who]}"
            try:
                answer = self._http.request(method, path, json=body, headers=headers)
                if answer.is_success:
                    return answer.json() if answer.content else None
                said = answer.text
                again = answer.status_code >= 500 or "idempotency-in-progress" in said
            except httpx.TransportError as error:
                said, again = str(error), True
            if not again or time.monotonic() > end:
                raise DidNotHappen(f"{method} {path}: {said[:300]}")
            time.sleep(0.2)

    def until(self, what: str, ready: Callable[[], Any]) -> Any:
        """The first true answer of `ready`; DidNotHappen when patience ends."""
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            if found := ready():
                return found
            time.sleep(0.1)
        raise DidNotHappen(f"no {what} after {self._patience:.0f} s")

    # Staff

    def sign_in_staff(self, role: str) -> str:
        """Sign in the sample member of staff with this role; their address."""
        member = next(one for one in self._people("staff") if role in one["roles"])

        def enter() -> Any:
            totp = pyotp.TOTP(member["totp_secret"]).now()
            given = {"email": member["email"], "password": member["password"], "totp": totp}
            try:
                return self.ask("", "POST", "/api/v1/sessions", given)
            except DidNotHappen as error:
                # A code counts once: an answer lost to a restart means waiting for the next one.
                if "sign-in-refused" not in str(error):
                    raise
                time.sleep(2)
                return None

        self._tokens[role] = self.until("staff sign-in", enter)["token"]
        return str(member["email"])

    def upload(self, scan: Path, filing: dict[str, Any]) -> str:
        """File a scan as the clerk; the document's id. Again is the same document."""
        wanted = {"filename": scan.name, "size": scan.stat().st_size, **filing}
        target = self.ask("clerk", "POST", "/api/v1/uploads", wanted, key=f"upload-{scan.name}")

        def send() -> bool:
            try:
                sent = self._http.put(target["url"], content=scan.read_bytes(), headers=target["headers"])
                return sent.status_code in (
                    200,
                    412,
                )  # 412: it was there already, and only the answer was lost
            except httpx.TransportError:
                return False

        self.until(f"upload of {scan.name}", send)
        return str(self.ask("clerk", "POST", f"/api/v1/uploads/{target['id']}/complete", {})["document"])

    def read(self, document: str) -> dict[str, Any]:
        """The document once its reading has ended."""

        def ended() -> Any:
            found = self.ask("clerk", "GET", f"/api/v1/documents/{document}")
            return found if found["state"] in ("read", "read with doubts", "refused") else None

        found: dict[str, Any] = self.until(f"reading of {document}", ended)
        return found

    def find(self, words: str, document: str | None = None) -> dict[str, Any]:
        """Search as the archivist until something, or the given document, is found; the answer."""

        def found() -> Any:
            answer = self.ask("archivist", "GET", f"/api/v1/search?{httpx.QueryParams(q=words, limit=50)}")
            hits = [hit["document"]["id"] for hit in answer["items"]]
            return answer if hits and (document is None or document in hits) else None

        answer: dict[str, Any] = self.until(f"answer to «{words}»", found)
        return answer

    def marked(self, answer: dict[str, Any], words: str) -> int:
        """How many words are marked on the best page of an answer."""
        best = answer["items"][0]
        path = f"/api/v1/documents/{best['document']['id']}/pages/{best['pages'][0]['number']}"
        page = self.ask("archivist", "GET", f"{path}?{httpx.QueryParams(q=words)}")
        return sum(word["marked"] for word in page["content"])

    # Citizen

    def sign_in_citizen(self, civil_id: str) -> None:
        """Ask for a code, read it from the phone, sign in."""
        phone = next(one["phone"] for one in self._people("parties") if one["civil_id"] == civil_id)

        def enter() -> Any:
            seen = self._codes(phone)
            self.ask("", "POST", "/api/v1/codes", {"civil_id": civil_id}, key=f"code-{len(seen)}")
            code = self.until("code on the phone", lambda: self._codes(phone)[len(seen) :])[-1]
            try:
                return self.ask("", "POST", "/api/v1/sessions", {"civil_id": civil_id, "code": code})
            except DidNotHappen as error:
                if "code" not in str(error):
                    raise
                return None  # used up by a sign-in whose answer was lost: ask for another

        self._tokens["citizen"] = self.until("citizen sign-in", enter)["token"]

    def renewable(self, number: str) -> dict[str, Any]:
        """The citizen's licence with this number."""
        licences = self.ask("citizen", "GET", "/api/v1/licences")["items"]
        found: dict[str, Any] = next(licence for licence in licences if licence["number"] == number)
        return found

    def confirm_renewal(self, licence: dict[str, Any], phone: str) -> dict[str, Any]:
        """Start a renewal and confirm what is on file; the renewal with its charges."""
        begun = self.ask("citizen", "POST", "/api/v1/renewals", {"licence": licence["id"]}, key="renewal")
        if begun["state"] != "draft":
            return self.renewal(begun["id"])
        given = {"phone": phone, "unchanged": True}
        found: dict[str, Any] = self.ask(
            "citizen", "POST", f"/api/v1/renewals/{begun['id']}/confirmation", given
        )
        return found

    def pay(self, renewal: dict[str, Any]) -> None:
        """Pay on the gateway's hosted page, pressing its button twice, and come back."""
        path = f"/api/v1/renewals/{renewal['id']}/payments"
        url = self.ask("citizen", "POST", path, {"language": "ar"}, key="payment")["url"]

        def paid() -> bool:
            try:
                browser = httpx.Client(base_url=self._http.base_url, timeout=30)
                with browser:
                    form = browser.get(url).text
                    token = re.search(r'name="_csrf" value="([^"]+)"', form)
                    given = {"choice": "pay", "_csrf": token[1] if token else ""}
                    browser.post(url, data=given)
                    browser.post(url, data=given)
                    # The page now says that it was paid, and leads back: also after a lost answer.
                    leads_back = re.search(r'href="([^"]*/payments/return/[^"]+)"', browser.get(url).text)
                    if leads_back:
                        browser.get(leads_back[1])
            except httpx.TransportError:
                return False
            return self.renewal(renewal["id"])["state"] not in ("draft", "approved_awaiting_payment")

        self.until("payment", paid)

    def renewal(self, id: str) -> dict[str, Any]:
        """Where a renewal stands."""
        found: dict[str, Any] = self.ask("citizen", "GET", f"/api/v1/renewals/{id}")
        return found

    def issued(self, renewal: dict[str, Any]) -> dict[str, Any]:
        """The renewal once its licence is issued."""

        def done() -> Any:
            now = self.renewal(renewal["id"])
            if now["state"] not in (*_UNFINISHED, "issued"):
                raise DidNotHappen(f"the renewal is {now['state']}")
            return now if now["state"] == "issued" else None

        found: dict[str, Any] = self.until("licence", done)
        return found

    def download(self, licence_id: str) -> bytes:
        """The signed licence."""

        def fetch() -> bytes | None:
            headers = {"Authorization": f"Bearer {self._tokens['citizen']}"}
            try:
                sent = self._http.get(f"/api/v1/licences/{licence_id}/pdf", headers=headers)
                file = self._http.get(sent.headers["location"]) if sent.status_code == 303 else sent
            except httpx.TransportError:
                return None
            return file.content if file.is_success else None

        pdf: bytes = self.until("download", fetch)
        return pdf

    def _codes(self, phone: str) -> list[str]:
        """Codes that arrived on a phone, oldest first."""
        found = [
            re.search(r"\b\d{6}\b", text)
            for recipient, text in self._texts()
            if recipient.endswith(phone[-8:])
        ]
        return [code[0] for code in found if code]

    def _people(self, kind: str) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = json.loads(
            (self._samples / "municipality" / f"{kind}.json").read_text(encoding="utf-8")
        )
        return people


def outbox_texts(data: Path) -> Texts:
    """The phones of an embedded home: the outbox in its data folder."""

    def texts() -> list[tuple[str, str]]:
        messages = [
            json.loads(file.read_text(encoding="utf-8")) for file in sorted((data / "outbox").glob("*.json"))
        ]
        return [
            (message["recipient"], message["text"]) for message in messages if message["channel"] == "sms"
        ]

    return texts
