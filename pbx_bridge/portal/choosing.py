"""Choose one of many: a list while there are a few, else a field that finds by what is typed into it.

With scripts the finding goes on while somebody types; without them what was typed is looked up when the form
comes in: whoever is meant by it is taken, and of several the page asks which one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.web.kit.forms import Posted
from rules.directory import Directory
from rules.fault import Fault
from rules.model import Customer, Employee, VipCaller
from rules.names import fold, split_name
from rules.namesakes import hint
from rules.vip_register import VipRegister

PEOPLE, VIPS = "/portal/auswahl/mitarbeiter", "/portal/auswahl/vip"
FEW = 50
"""So many fit into a list in which one still finds something."""
OFFERED = 12
LONGEST = 100

Choice = tuple[str, str]
"""Id and words."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """One of many. `find`: those who fit what is typed, the likeliest first; `words_of`: of an id, "" for
    none; `path`: where scripts ask."""

    everybody: Callable[[], Sequence[Choice]]
    find: Callable[[str], Sequence[Choice]]
    words_of: Callable[[str], str]
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What came in: the id, "" for nobody; `found`: who may be meant by `typed` where that is not clear."""

    id: str = ""
    typed: str = ""
    found: tuple[Choice, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """For the template: `few` is the whole list, or None; then `words` stand in the field."""

    few: tuple[Choice, ...] | None
    words: str
    found: tuple[Choice, ...]
    path: str

    def among(self, others: Collection[str | None]) -> Field:
        """Without those of a short list who have what is offered."""
        few = self.few and tuple(pair for pair in self.few if pair[0] not in others)
        return replace(self, few=few)

    def without(self, one: Employee | None) -> Field:
        """Nobody chooses oneself."""
        if not self.few or not one:
            return self
        return replace(self, few=tuple(pair for pair in self.few if pair[0] != one.id))


def people(directory: Directory) -> Choosing:
    """An employee, by family name as lists have it, with the position that tells two of a name apart."""
    return Choosing(
        everybody=lambda: [_person(one.employee, directory) for one in directory.by_family],
        find=lambda typed: [_person(one, directory) for one in directory.ranked(typed, OFFERED + 1)],
        words_of=lambda one: (
            _person(directory.entries[one].employee, directory)[1] if one in directory.entries else ""
        ),
        count=len(directory.by_family),
        path=PEOPLE,
    )


def vips(customer: Customer, register: VipRegister) -> Choosing:
    """A VIP caller, by name and number."""
    known = {vip.id: vip for vip in customer.vip_callers}
    return Choosing(
        everybody=lambda: [_vip(one) for one in customer.vip_callers],
        find=lambda typed: [_vip(one) for one in register.ranked(typed, OFFERED + 1)],
        words_of=lambda one: _vip(known[one])[1] if one in known else "",
        count=len(known),
        path=VIPS,
    )


def read(sent: Mapping[str, str], name: str, choosing: Choosing) -> Chosen:
    """Who is meant in a form that came in; faults: choice_none, choice_several."""
    chosen, typed = sent.get(name, ""), sent.get(f"{name}~typed")
    if typed is None:
        return Chosen(chosen)
    typed = " ".join(typed.split())[:LONGEST]
    answered = chosen and sent.get(f"{name}~asked") == typed
    if not typed or answered or choosing.words_of(chosen) == typed:
        return Chosen(chosen if typed else "")
    found = tuple(choosing.find(typed))
    same = [one for one in found if fold(one[1]) == fold(typed)]
    if len(same) == 1 or len(found) == 1:
        return Chosen((same or found)[0][0])
    return Chosen("", typed, found[:OFFERED], "choice_several" if found else "choice_none")


def taken(posted: Posted, name: str, chosen: Chosen) -> Posted:
    """The form as if the id had been sent, for `forms.sent`."""
    return Posted(posted | {name: chosen.id})


def faults(name: str, chosen: Chosen) -> tuple[Fault, ...]:
    """What is to be said about it."""
    return (Fault(name, chosen.fault, {"typed": chosen.typed}),) if chosen.fault else ()


def shown(choosing: Choosing, value: str, chosen: Chosen | None = None) -> Field:
    """The field with this id in it, or with what was typed and could not be taken."""
    few = tuple(choosing.everybody()) if choosing.count <= FEW else None
    if chosen and chosen.fault:
        return Field(few, chosen.typed, chosen.found, choosing.path)
    return Field(few, choosing.words_of(value), (), choosing.path)


def _person(employee: Employee, directory: Directory) -> Choice:
    listed = split_name(employee.name).listed
    apart = hint(employee, directory.namesakes(employee), extension=True)
    parts = dict.fromkeys((listed, employee.position, *apart.split(" · ")))
    return employee.id, " · ".join(filter(None, parts))


def _vip(vip: VipCaller) -> Choice:
    return vip.id, f"{vip.name} · {vip.pattern}"


async def find_people(ctx: PortalContext) -> web.StreamResponse:
    """For the field, while somebody types into it."""
    customer = await ctx.customer()
    return _answer(ctx, people(await ctx.directory(customer)))


async def find_vips(ctx: PortalContext) -> web.StreamResponse:
    """The same for VIP callers."""
    customer = await ctx.customer()
    return _answer(ctx, vips(customer, await ctx.vip_register(customer)))


def _answer(ctx: PortalContext, choosing: Choosing) -> web.Response:
    found = choosing.find(ctx.request.query.get("q", "")[:LONGEST])[:OFFERED]
    return web.json_response([{"id": one, "words": words} for one, words in found])


ROUTES = (
    Route("portal.choosing.people", "GET", PEOPLE, find_people),
    Route("portal.choosing.vips", "GET", VIPS, find_vips),
)
