"""A running Diwan with the sample municipality and a few read scans, for browsers to visit."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pyotp
from sqlalchemy import delete, select, text, update

from chalicelib.commands import demo
from chalicelib.commands.townspeople import Townspeople, outbox_texts
from chalicelib.database.engine import Database
from chalicelib.identity.models import AttemptRow, PartyRow, SessionRow, StaffRow
from chalicelib.kernel.civil_id import check_digit
from chalicelib.kernel.ids import new_id
from chalicelib.licensing.models import Premises
from chalicelib.licensing.register import register_licence, register_premises
from chalicelib.licensing.rules import Term

SAMPLES = demo.SAMPLES
# Small files of several kinds: a PDF of three pages with a text in search of which people come, a scan as a picture.
SCANS = ("building-permit-MN-3-0127.pdf", "fee-receipt-MN-3-0125.png", "ground-floor-plan-MN-3-0127.pdf")


def people(kind: str) -> list[dict[str, Any]]:
    """The sample municipality's `parties`, `staff` or `licences`."""
    found: list[dict[str, Any]] = json.loads((SAMPLES / "municipality" / f"{kind}.json").read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Shopkeeper:
    """A citizen with licences that can be renewed."""

    civil_id: str
    licences: tuple[str, ...]


class Site:
    """One server and its data folder; `documents` maps the name of a filed scan to its document."""

    _serials = count(1)

    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data
        self.documents: dict[str, str] = {}
        self.database = Database(f"sqlite:///{data / 'diwan.sqlite3'}")
        self._sessions: dict[str, str] = {}
        self._phones = {party["civil_id"]: party["phone"] for party in people("parties")}

    def wait(self, patience: float = 90) -> None:
        """Return when it answers."""
        end = time.monotonic() + patience
        while True:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                assert time.monotonic() < end, (self.data / "server.log").read_text("utf-8")[-3000:]
                time.sleep(0.1)

    def file_scans(self) -> None:
        """File the scans as the clerk and wait until they can be found."""
        townspeople = Townspeople(self.url, outbox_texts(self.data), SAMPLES)
        for role in ("clerk", "archivist"):
            townspeople.sign_in_staff(role)
        for name in SCANS:
            scan = SAMPLES / "scans" / name
            self.documents[name] = townspeople.upload(scan, demo.filing_of(scan))
        for document in self.documents.values():
            townspeople.read(document)
        for words, name in (("رخصة بناء", SCANS[0]), ("إيصال قبض", SCANS[1]), ("MN-3-0127", SCANS[2])):
            townspeople.find(words, self.documents[name])
        townspeople.close()

    def shopkeeper(self, *activities: str, expires_in: int = 30, language: str = "ar") -> Shopkeeper:
        """Somebody new in town, with a licence for each activity (a grocery when none is named)."""
        serial = next(self._serials)
        stem = next(
            s for n in range(1000) if check_digit(s := f"2800101{serial * 7 + n * 500:04}") is not None
        )
        civil_id = f"{stem}{check_digit(stem)}"
        phone = self._phones[civil_id] = f"+9655100{serial:04}"
        today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Kuwait")).date()
        licences = []
        with self.database.transaction() as tx:
            party = PartyRow(
                id=new_id(),
                civil_id=civil_id,
                name_ar="سالم ماجد النورس",
                name_en="Salem Majed Al-Nawras",
                phone=phone,
                language=language,
                registered_at=datetime.now(UTC),
            )
            tx.add(party)
            tx.flush()
            parcel = tx.scalars(select(Premises.parcel).limit(1)).one()
            for unit, activity in enumerate(activities or ("4711-1",), start=1):
                shop = register_premises(
                    tx,
                    number=f"SH-9{serial:03}-{unit}",
                    name=("بقالة النورس", "Nawras Grocery"),
                    activity=activity,
                    parcel=parcel,
                    unit=f"{serial}-{unit}",
                    area_m2=40,
                    commercial_licence=f"2020/{serial:05}",
                    owner=party.id,
                )
                licences.append(f"HL-2020-9{serial:03}{unit}")
                register_licence(
                    tx,
                    number=licences[-1],
                    service="health-licence",
                    premises=shop,
                    activity=activity,
                    holder=party.id,
                    state="active",
                    terms=[
                        Term(1, today - timedelta(days=364 - expires_in), today + timedelta(days=expires_in))
                    ],
                )
        return Shopkeeper(civil_id, tuple(licences))

    def staff_session(self, role: str) -> str:
        """A session of the member of staff with this role; the same one each time."""
        if role not in self._sessions:
            member = next(one for one in people("staff") if role in one["roles"])
            self.forget_limits()
            given = {name: member[name] for name in ("email", "password")}
            totp = pyotp.TOTP(member["totp_secret"]).now()
            answer = httpx.post(f"{self.url}/api/v1/sessions", json={**given, "totp": totp}, timeout=60)
            assert answer.status_code == 201, answer.text
            self._sessions[role] = answer.json()["token"]
        return self._sessions[role]

    def citizen_session(self, civil_id: str) -> str:
        """A session of this citizen; the same one each time."""
        if civil_id not in self._sessions:
            self.forget_limits()
            seen = len(self.codes(civil_id))
            key = {"Idempotency-Key": f"code-{civil_id}-{seen}"}
            asked = httpx.post(
                f"{self.url}/api/v1/codes", json={"civil_id": civil_id}, headers=key, timeout=60
            )
            assert asked.is_success, asked.text
            given = {"civil_id": civil_id, "code": self.code_after(civil_id, seen)}
            answer = httpx.post(f"{self.url}/api/v1/sessions", json=given, timeout=60)
            assert answer.status_code == 201, answer.text
            self._sessions[civil_id] = answer.json()["token"]
        return self._sessions[civil_id]

    def renewal(self, citizen: Shopkeeper, licence: str, until: str) -> dict[str, Any]:
        """A renewal brought to `until`: draft, confirmed, started (at the gateway) or issued."""
        http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.citizen_session(citizen.civil_id)}"},
            timeout=60,
        )

        def ask(method: str, path: str, body: Any = None) -> Any:
            answer = http.request(method, path, json=body, headers={"Idempotency-Key": new_id()})
            assert answer.is_success, answer.text
            return answer.json()

        offers = ask("GET", "/api/v1/licences")["items"]
        id = next(offer["id"] for offer in offers if offer["number"] == licence)
        renewal = ask("POST", "/api/v1/renewals", {"licence": id})
        here = f"/api/v1/renewals/{renewal['id']}"
        if until != "draft":
            renewal = ask("POST", f"{here}/confirmation", {"phone": "50000202", "unchanged": True})
        if until in ("started", "issued"):
            page = ask("POST", f"{here}/payments", {"language": "ar"})["url"]
        if until == "issued":
            token = re.search(r'name="_csrf" value="([^"]+)"', http.get(page).text)
            assert token is not None
            back = http.post(page, data={"choice": "pay", "_csrf": token[1]})
            http.get(back.headers["location"])
            while (renewal := ask("GET", here))["state"] != "issued":
                time.sleep(0.2)
        http.close()
        found: dict[str, Any] = renewal
        return found

    def codes(self, civil_id: str) -> list[str]:
        """One-time codes that arrived on this citizen's phone, oldest first."""
        phone, found = self._phones[civil_id], []
        for file in sorted((self.data / "outbox").glob("*.json")):
            message = json.loads(file.read_text("utf-8"))
            if message["channel"] == "sms" and message["recipient"] == phone:
                first = message["text"].split("\n")[0]
                if first[-6:].isdecimal():
                    found.append(first[-6:])
        return found

    def code_after(self, civil_id: str, seen: int, patience: float = 60) -> str:
        """The newest code, once more than `seen` have arrived."""
        end = time.monotonic() + patience
        while len(found := self.codes(civil_id)) <= seen:
            assert time.monotonic() < end, "no code arrived"
            time.sleep(0.1)
        return found[-1]

    def forget_limits(self) -> None:
        """Everybody here comes from one address and in one minute: forget how often they did."""
        with self.database.transaction() as tx:
            tx.execute(delete(AttemptRow))
            tx.execute(update(StaffRow).values(totp_step=0))

    def let_sessions_expire(self) -> None:
        """Every session there is has been idle for two hours."""
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        with self.database.transaction() as tx:
            tx.execute(update(SessionRow).values(last_seen_at=long_ago))
        self._sessions.clear()

    @contextmanager
    def no_reading(self) -> Iterator[None]:
        """Whatever is to be read is given up at once, in the transaction that asks for it."""
        with self.database.transaction() as tx:
            tx.execute(
                text(
                    "CREATE TRIGGER no_reading AFTER INSERT ON jobs WHEN NEW.queue = 'read_document' BEGIN"
                    " UPDATE jobs SET state = 'dead', reason = 'KeyError' WHERE id = NEW.id; END"
                )
            )
        try:
            yield
        finally:
            with self.database.transaction() as tx:
                tx.execute(text("DROP TRIGGER no_reading"))

    def count(self, what: str, **values: Any) -> int:
        """A number from the database: `count("payments WHERE state = :state", state="success")`."""
        with self.database.reading() as tx:
            return int(tx.execute(text(f"SELECT count(*) FROM {what}"), values).scalar_one())


@contextmanager
def running_site(data: Path) -> Iterator[Site]:
    """A server over `data` (made if absent) for the block, with the scans filed and read."""
    data.mkdir(parents=True, exist_ok=True)
    port = demo.free_port()
    with demo.server(data, port):
        site = Site(f"http://127.0.0.1:{port}", data)
        site.wait()
        site.file_scans()
        yield site
        site.database.close()
