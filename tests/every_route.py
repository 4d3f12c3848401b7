"""All routes of the application, its forms as browsers find them, and people of every role who use them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import aiohttp
from yarl import URL

import pbx_bridge
from pbx_bridge.auth.customer_view import form_token
from pbx_bridge.auth.permissions import may
from pbx_bridge.storage.access import accounts, sessions
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import end
from tests.planted import Planted, plant
from tests.whole_site import GAP, WholeSite, whole_site

OWN, FOREIGN = "Eigenmarke", "Fremdmarke"
GAPS = {
    "employee": "employee",
    "appointment": "appointment",
    "job": "import_job",
    "vip": "vip_caller",
    "blocked": "blocked_caller",
    "entry": "faq_entry",
    "call": "call",
    "back": "call_back",
    "account": "account",
    "agent": "agent",
    "message": "notification",
    "company": "customer",
    "tariff": "tariff",
    "voice": "voice_message",
    "team": "team",
    "line": "line",
}
"""What an id in a path is of; all others are keys or names of files, which nobody has."""
KEYS = frozenset({"secret", "token", "version", "name", "id", "reason", "field"})
NOBODY, VIEWER = "nobody", "viewer"
"""Not logged in; an operator who has the portal of the first company open."""


@dataclass(frozen=True, slots=True)
class Way:
    """A route: its name, method and path with gaps."""

    name: str
    method: str
    path: str

    @property
    def gaps(self) -> Sequence[str]:
        return GAP.findall(self.path)

    def filled(self, values: Mapping[str, str]) -> str:
        """The path, with "none" in gaps that have no value."""
        room = ".".join(self.name.split(".")[:2])
        return GAP.sub(
            lambda gap: quote(values.get(f"{room} {gap[1]}") or values.get(gap[1], "none"), safe=""),
            self.path,
        )


@dataclass(frozen=True, slots=True)
class Form:
    """As a page has it: where it goes, what stands in its fields, which of them take text, which files."""

    method: str
    action: str
    fields: Mapping[str, str]
    texts: Sequence[str]
    files: Sequence[str]


@dataclass(slots=True)
class Seen:
    """An answer, read."""

    status: int
    text: str
    where: str


@dataclass(slots=True)
class Street:
    """The running site with two companies, and somebody of each role who belongs to the first one."""

    site: WholeSite
    own: Planted
    foreign: Planted
    sessions: Mapping[str, tuple[str, str]]
    client: aiohttp.ClientSession
    ways: Sequence[Way] = field(default_factory=tuple)

    async def asks(self, who: str, method: str, path: str, *, token: bool = True, **more: object) -> Seen:
        """`token`: the session's, as our pages send it."""
        cookie, csrf = self.sessions.get(who, ("", ""))
        headers = {"Accept": "text/html"} | ({"Cookie": f"session={cookie}"} if cookie else {})
        headers |= {"X-CSRF-Token": csrf} if token and csrf else {}
        headers |= dict(more.pop("headers", {}))  # type: ignore[call-overload]
        url = f"http://127.0.0.1:{self.site.port}{path}"
        sent = {"allow_redirects": False, "headers": headers} | more
        async with self.client.request(method, URL(url, encoded=True), **sent) as answer:  # type: ignore[arg-type]
            body = await answer.read()
            told = "Retry-After" in answer.headers
            assert told or answer.status not in {429, 503}, f"{method} {path[:90]}: try again when?"
            where = f"{method} {path[:90]} as {who}"
            return Seen(answer.status, body.decode(errors="replace"), where)

    def first(self, way: Way, roles: Sequence[str] = tuple(Role)) -> str:
        """Somebody who may go this way; "nobody" where nobody needs to be logged in."""
        return next((role for role in roles if may(Role(role), way.name)), NOBODY)


def ids(planted: Planted) -> dict[str, str]:
    """A value for each gap that names something of this company."""
    found = {gap: planted.id(table) for gap, table in GAPS.items()}
    first_day = str(planted.rows["tariff_terms"]["first_day"])
    return found | {
        "field": str(planted.rows["note_field"]["key"]),
        "portal.text_blocks entry": planted.id("text_block"),
        "admin.tariff version": first_day,
        "reason": "lunch",
    }


@asynccontextmanager
async def street(db: Database, mark: str = OWN) -> AsyncIterator[Street]:
    """Until the block ends; `db` is empty and upgraded; `mark`: in all texts of the first company."""
    now = datetime.now(UTC)
    own = await plant(db, mark, "+493077771111", now)
    foreign = await plant(db, FOREIGN, "+493088882222", now)
    async with whole_site(db) as site, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        logged_in = {role.value: await _log_in(site, role, own) for role in Role}
        logged_in[VIEWER] = await _log_in(site, Role.OPERATOR, own, view=True)
        await site.rooms.upkeep.follower.start()
        await site.rooms.upkeep.refresh.load()
        following = asyncio.create_task(site.rooms.upkeep.follower.run())
        ways = tuple(
            Way(route.name or "", route.method, route.resource.canonical)
            for route in site.rooms.web.router.routes()
            if route.resource and route.method != "HEAD"
        )
        yield Street(site, own, foreign, logged_in, client, ways)
        await end([following])


async def _log_in(site: WholeSite, role: Role, own: Planted, *, view: bool = False) -> tuple[str, str]:
    company = own.id("customer") if role in {Role.CUSTOMER, Role.SUBACCOUNT} else None
    employee = own.id("employee") if role is Role.SUBACCOUNT else None
    login = f"{VIEWER if view else role}@example.org"
    account = Account("", login, role, "de", company, employee)
    async with site.rooms.db.write() as conn:
        now = datetime.now(UTC) - timedelta(seconds=1)
        account_id = await accounts.insert(conn, account, "no password", now)
        token, session = await site.rooms.sessions.begin(conn, replace(account, id=account_id))
        if not view:
            return token, session.csrf
        await sessions.view(conn, session.id, own.id("customer"))
    return token, form_token(replace(session, viewed=own.id("customer")))


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(
                {"method": told.get("method", "get").upper(), "action": told.get("action", ""),
                 "fields": {}, "texts": [], "files": []}
            )  # fmt: skip
        elif self.found and tag in {"input", "textarea", "select", "button"} and told.get("name"):
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        form, kind = self.found[-1], told.get("type", "text")
        if kind == "file":
            form["files"].append(told["name"])  # type: ignore[attr-defined]
        elif kind in {"checkbox", "radio"} and "checked" not in told:
            return
        else:
            form["fields"].setdefault(told["name"], told.get("value", ""))  # type: ignore[attr-defined]
        if kind != "file" and told["name"] != "csrf":
            form["texts"].append(told["name"])  # type: ignore[attr-defined]


def forms_in(text: str, path: str) -> Iterator[Form]:
    """Every form of a page; hidden fields and choices are texts too, as anybody may send others."""
    parser = _Forms()
    parser.feed(text)
    for form in parser.found:
        action = str(form["action"]) or path
        texts = list(dict.fromkeys(form["texts"]))  # type: ignore[call-overload]
        yield Form(str(form["method"]), action.partition("?")[0], form["fields"], texts, form["files"])  # type: ignore[arg-type]


def names_read() -> tuple[Sequence[str], Sequence[str]]:
    """Names of query parameters and of form fields that the program reads anywhere."""
    queries, fields = set[str](), set[str]()
    for file in Path(pbx_bridge.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        queries |= set(re.findall(r'(?:query|asked)(?:\.get\(|\[)"(\w+)"', text))
        fields |= set(re.findall(r'(?:posted|form)(?:\.get\(|\[)"(\w+)"', text))
    return sorted(queries), sorted(fields)
