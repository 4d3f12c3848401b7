"""Asterisk's own database as the dial plan keeps it: who is turned away where, routes, and given phones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import unquote

from pbx_bridge.ami.actions import Action, DBGet, Getvar, Originate, Response
from pbx_bridge.ami.codec import Frame
from pbx_bridge.telephony.astdb.marks import SLOTS

MARKED = {
    "sec-line": ("line", "SEC_COMPANY"),
    "sec-route": ("route", "SEC_ROUTE"),
    "sec-nobodyset": ("nobody", "SEC_FREE"),
}
"""Contexts that take marks: where they stand, and in which variable they come."""


@dataclass
class FakeAstdb:
    """`lists`: list → called number → callers; `now`: the list that counts.

    `phones`: name → digest; `books`: book → name → stamp; `swept`: the stamp of the last sweep.
    `names`: line → company; `marks`: of names, routes and `free`, by family and key.
    `free`: book → number → what holds there; `free_now`: the book that counts.
    """

    lists: defaultdict[str, defaultdict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    now: str = ""
    phones: dict[str, str] = field(default_factory=dict)
    books: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    swept: str = ""
    free: dict[str, dict[str, str]] = field(default_factory=dict)
    free_now: str = ""
    route_lists: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    routes_now: str = ""
    names: dict[str, str] = field(default_factory=dict)
    marks: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, action: Action) -> None:
        """What the contexts sec-block and sec-blocklist do."""
        if not isinstance(action, Originate):
            return
        told = {name.lstrip("_"): value for name, value in action.variables}
        number, _, context = action.channel.removeprefix("Local/").removesuffix("/n").partition("@")
        self._take_of_companies(context, number, told)
        if context == "sec-block":
            callers = self.lists[told["SEC_LIST"]][number]
            callers |= set(filter(None, told.get("SEC_ADD", "").split("-")))
            callers -= set(told.get("SEC_DROP", "").split("-"))
        elif context == "sec-blocklist":
            self.now = told["SEC_LIST"]
            for other in self.lists.keys() - {self.now}:
                del self.lists[other]
        elif context == "sec-phone":
            self._phone(
                told["SEC_PHONE"], told["SEC_DIGEST"], self.books[told["SEC_BOOK"]], told["SEC_STAMP"]
            )
        elif context == "sec-phonebook":
            book, self.swept = self.books[told["SEC_BOOK"]], told["SEC_STAMP"]
            self.books = defaultdict(dict, {told["SEC_BOOK"]: book})
            self.phones = {name: digest for name, digest in self.phones.items() if name in book}

    def _take_of_companies(self, context: str, number: str, told: dict[str, str]) -> None:
        if number in SLOTS and context in MARKED:
            family, value = MARKED[context]
            of = told.get("SEC_BOOK") or told.get("SEC_LIST")
            self.marks[f"{family}/{of}" if of else family, number] = told[value]
        elif context == "sec-line":
            self.names[number] = unquote(told["SEC_COMPANY"])
        elif context == "sec-nobodyset":
            book = self.free.setdefault(told["SEC_BOOK"], {})
            book.pop(number, None)
            if told["SEC_FREE"]:
                book[number] = told["SEC_FREE"]
        elif context == "sec-nobodybook":
            self.free_now = told["SEC_BOOK"]
            self.free = {name: one for name, one in self.free.items() if name == self.free_now}
        elif context == "sec-route":
            self.route_lists[told["SEC_LIST"]][number] = told["SEC_ROUTE"]
        elif context == "sec-routes":
            self.routes_now = told["SEC_LIST"]

    def _phone(self, name: str, digest: str, book: dict[str, str], stamp: str) -> None:
        if digest:
            self.phones[name], book[name] = digest, stamp
        else:
            self.phones.pop(name, None)
            book.pop(name, None)

    def value(self, action: Getvar) -> Response:
        """What Asterisk answers to Getvar, of an endpoint."""
        name = action.variable.removeprefix("PJSIP_ENDPOINT(").partition(",")[0]
        return Response(ok=True, message="", headers={"Value": name if name in self.phones else ""})

    def read(self, action: DBGet) -> Response:
        """What Asterisk answers to DBGet."""
        return _found(self._value(action.family, action.key))

    def _value(self, family: str, key: str) -> str:
        alone = {
            ("blocks", "now"): self.now,
            ("routes", "now"): self.routes_now,
            ("nobodies", "now"): self.free_now,
            ("phonebooks", "done"): self.swept,
        }
        if (one := {**alone, **self.marks}.get((family, key))) is not None:
            return one
        kind, _, of = family.partition("/")
        if kind == "block":
            name, called = of.split("/")
            return "1" if key in self.lists[name][called] else ""
        kept = {"route": self.route_lists, "nobody": self.free, "phonebook": self.books}
        return self.names.get(key, "") if kind == "line" else kept[kind].get(of, {}).get(key, "")

    def routes(self) -> dict[str, str]:
        """Number (digits) → route, of the list that counts."""
        return {number: route for number, route in self.route_lists[self.routes_now].items() if route}

    def turned_away(self, called: str) -> set[str]:
        """Callers (digits) who do not get through at this number (digits)."""
        return self.lists[self.now][called] - {"0"}


def _found(value: str) -> Response:
    if not value:
        return Response(ok=False, message="Database entry not found")
    return Response(ok=True, message="", events=(Frame("DBGetResponse", {"Val": value}, {}),))
