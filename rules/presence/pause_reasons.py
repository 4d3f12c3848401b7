"""Why agents pause: the reasons that every house begins with, named and put in order as this one has it, and
its own. One that is not wanted any more is retired: who pauses for it goes on to, and it keeps its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.fault import Fault
from rules.text.typed_text import line
from rules.vocabulary import PauseReason

OWN = "own_"
"""How the code of a reason begins that this house has made."""
PATTERN = rf"^({'|'.join(PauseReason)}|{OWN}[0-9a-z]{{1,32}})$(?!\n)"
"""Of all codes; Python's $ would take a line feed at the end."""
MOST = 8
"""That the desk offers: each has a digit, and the end of the day has one too."""
LONGEST = 40
FARTHEST = 999
STEP = 10
"""Between two places at first, so that one more fits in."""
_CODE = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class PauseChoice:
    """`names`: by language, "" or missing: as the catalogue says it; `place`: the lowest comes first."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    place: int = 0
    retired: bool = False

    @property
    def is_own(self) -> bool:
        """Whether no catalogue has a name for it."""
        return self.code.startswith(OWN)

    def name(self, locale: str, first: str) -> str:
        """For readers of this language, else in the `first` one; "": nobody has named it."""
        return self.names.get(locale) or (self.names.get(first, "") if self.is_own else "")


def is_pause(code: str) -> bool:
    """Whether this is the code of a reason, of all houses or of one."""
    return _CODE.fullmatch(code) is not None


def choices(kept: Iterable[PauseChoice]) -> tuple[PauseChoice, ...]:
    """All reasons in the order of the menu, also retired ones. `kept`: those that the house has changed or
    made."""
    found = {
        reason.value: PauseChoice(reason.value, place=STEP * number)
        for number, reason in enumerate(PauseReason, start=1)
    }
    found |= {one.code: one for one in kept if is_pause(one.code)}
    return tuple(sorted(found.values(), key=lambda one: (one.place, one.code)))


def offered(reasons: Iterable[PauseChoice]) -> tuple[PauseChoice, ...]:
    """Those that an agent may choose."""
    return tuple(one for one in reasons if not one.retired)


def texts_of(one: PauseChoice, languages: Sequence[str]) -> dict[str, str]:
    """As the form has it."""
    names = {name_field(locale): one.names.get(locale, "") for locale in languages}
    return names | {"place": str(one.place or ""), "retired": "yes" if one.retired else ""}


def name_field(locale: str) -> str:
    """Of the name in this language."""
    return f"name_{locale}"


def read_pause_reason(
    texts: Mapping[str, str], code: str, others: Collection[PauseChoice], languages: Sequence[str]
) -> PauseChoice | tuple[Fault, ...]:
    """All faults, in the order of the form. `others`: all reasons but this one."""
    names = {locale: " ".join(line(texts[name_field(locale)]).split()) for locale in languages}
    retired = texts["retired"] == "yes"
    faults = [fault for locale in languages if (fault := _name_fault(locale, names[locale], code, others))]
    place = _place(texts["place"])
    if isinstance(place, Fault):
        faults.append(place)
    if retired and code == PauseReason.OTHER:
        faults.append(Fault("retired", "pause_last"))
    elif not retired and len(offered(others)) >= MOST:
        faults.append(Fault("retired", "pause_many"))
    if faults or isinstance(place, Fault):
        return tuple(faults)
    return PauseChoice(code, {locale: name for locale, name in names.items() if name}, place, retired)


def _name_fault(locale: str, name: str, code: str, others: Collection[PauseChoice]) -> Fault | None:
    where = name_field(locale)
    if not name:
        return Fault(where, "required") if code.startswith(OWN) else None
    if len(name) > LONGEST:
        return Fault(where, "too_long", {"length": str(len(name)), "max": str(LONGEST)})
    if any(other.names.get(locale, "").casefold() == name.casefold() for other in offered(others)):
        return Fault(where, "pause_same")
    return None


def _place(text: str) -> int | Fault:
    text = text.strip()
    if not text:
        return Fault("place", "required")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    return number if 1 <= number <= FARTHEST else Fault("place", "pause_place", {"max": str(FARTHEST)})
