"""The sample municipality whole, for tests: everyone in it can come to the door.

    def test_something(town: Town) -> None:
        browser = town.citizen()                  # a Browser, signed in by civil ID and the code of the outbox
        clerk = town.staff("clerk")               # signed in by e-mail, password and authenticator code
        anyone = town.visitor()                   # not signed in
        program = town.bearer("archivist")        # {"Authorization": "Bearer …"} for Browser.call
        town.work()                               # run the jobs that are due, and what they make due
        town.diwan.licensing                      # every service, over a folder of this test's own

The fixture `town` (tests/web/conftest.py) makes one for each test from a folder prepared once a session.
"""

import json
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import delete

from chalicelib.bootstrap import Diwan
from chalicelib.identity.models import AttemptRow
from chalicelib.jobs.worker import work_until_idle
from chalicelib.kernel.actor import Actor
from chalicelib.web.serve import WsgiApp
from tests.moving_clock import MovingClock
from tests.web_browser import Browser

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "municipality"
PARTIES: list[dict[str, Any]] = json.loads((SAMPLES / "parties.json").read_text("utf-8"))
STAFF: dict[str, dict[str, Any]] = {
    member["roles"][0]: member for member in json.loads((SAMPLES / "staff.json").read_text("utf-8"))
}
# Holds HL-2024-00417 (renewed at once) and HL-2025-00102.
OWNER, NEIGHBOUR = "271032212379", "263091412004"
ROLES = ("citizen", *STAFF)
_keys = count(1)


def fresh_key() -> dict[str, str]:
    """An Idempotency-Key nobody used before."""
    return {"Idempotency-Key": f"test-key-{next(_keys):06}"}


@dataclass
class Town:
    """A Diwan on the sample municipality, the WSGI app over it, and a clock that tests move."""

    diwan: Diwan
    app: WsgiApp
    clock: MovingClock
    _tokens: dict[str, str] = field(default_factory=dict)

    def visitor(self, address: str = "203.0.113.7") -> Browser:
        """A browser nobody has signed in with."""
        return Browser(self.app, address=address)

    def citizen(self, civil_id: str = OWNER) -> Browser:
        """A browser the citizen is signed in with."""
        return Browser(self.app, cookies={"diwan_session": self.token(civil_id)})

    def staff(self, role: str) -> Browser:
        """A browser the sample member of staff with this role is signed in with."""
        return Browser(self.app, cookies={"diwan_session": self.token(role)})

    def bearer(self, who: str) -> dict[str, str]:
        """The header of a program acting for a role, or for the citizen with a civil ID."""
        return {"Authorization": f"Bearer {self.token(who)}"}

    def actor(self, who: str) -> Actor:
        """The actor of a role or civil ID, for calling services."""
        session = self.diwan.identity.session(self.token(who), self.clock.now())
        assert session is not None
        return session.actor

    def token(self, who: str) -> str:
        """A live session token of a role, or of the citizen with a civil ID; signed in through the API."""
        who = OWNER if who == "citizen" else who
        kept = self._tokens.get(who)
        if kept is None or self.diwan.identity.session(kept, self.clock.now()) is None:
            self._tokens[who] = self.sign_in(who)
        return self._tokens[who]

    def sign_in(self, who: str) -> str:
        """A fresh session token."""
        if who in STAFF:
            member = STAFF[who]
            self.clock.move(seconds=30)  # an authenticator's code is good once
            totp = pyotp.TOTP(member["totp_secret"]).at(self.clock.now())
            body = {"email": member["email"], "password": member["password"], "totp": totp}
        else:
            with self.diwan.database.transaction() as tx:
                tx.execute(delete(AttemptRow))  # tests sign in more often than anyone may
            sent = self.visitor().call("POST", "/api/v1/codes", {"civil_id": who}, **fresh_key())
            assert sent.status == 202, sent.text
            body = {"civil_id": who, "code": self.last_code()}
        opened = self.visitor().call("POST", "/api/v1/sessions", body)
        assert opened.status == 201, opened.text
        token: str = opened.json["token"]
        return token

    def last_code(self) -> str:
        """The code in the newest message of the outbox folder, after the messages that wait were sent."""
        work_until_idle(self.diwan, ["send_notification"])
        newest = max((self.diwan.settings.data / "outbox").glob("*.json"))
        text: str = json.loads(newest.read_text("utf-8"))["text"]
        return text.split("\n")[0][-6:]

    def work(self) -> int:
        """Run every job that is due, and those that these make due; how many there were."""
        return work_until_idle(self.diwan)
