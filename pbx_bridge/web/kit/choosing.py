"""Choose one of many: a list while there are a few, else a field that finds by what is typed into it.

With scripts the finding goes on while somebody types; without them what was typed is looked up when the form
comes in: whoever is meant by it is taken, and of several the page asks which one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from pbx_bridge.web.kit.forms import Posted
from rules.fault import Fault
from rules.text.names import fold

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
class ChoiceField:
    """For the template: `few` is the whole list, or None; then `words` stand in the field."""

    few: tuple[Choice, ...] | None
    words: str
    found: tuple[Choice, ...]
    path: str

    def without(self, others: Collection[str | None]) -> ChoiceField:
        """A short list less these: those who have already what is offered; nobody chooses oneself."""
        few = self.few and tuple(pair for pair in self.few if pair[0] not in others)
        return replace(self, few=few)


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


def shown(choosing: Choosing, value: str, chosen: Chosen | None = None) -> ChoiceField:
    """The field with this id in it, or with what was typed and could not be taken."""
    few = tuple(choosing.everybody()) if choosing.count <= FEW else None
    if chosen and chosen.fault:
        return ChoiceField(few, chosen.typed, chosen.found, choosing.path)
    return ChoiceField(few, choosing.words_of(value), (), choosing.path)


def answer(found: str, choosing: Choosing) -> web.Response:
    """Those who fit what is typed, for the field, while somebody types into it."""
    fitting = choosing.find(found[:LONGEST])[:OFFERED]
    return web.json_response([{"id": one, "words": words} for one, words in fitting])
