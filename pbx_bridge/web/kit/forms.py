"""What a form shows: what is stored or typed, what is wrong with it, what others changed meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rules.fault import Fault
from rules.text.typed_text import lines

Texts = Mapping[str, str]


class Posted(dict[str, str]):
    """The texts that were sent; what is missing (a box not ticked) is empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Form:
    """`version` stands for what is stored; `theirs`: texts that somebody else stored meanwhile."""

    values: Texts
    version: str = ""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    theirs: Texts = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Nothing is wrong and nobody was faster: it can be stored."""
        return not self.faults and not self.theirs

    @property
    def first_fault(self) -> str:
        """The field to begin with, in the order of the form."""
        return next((name for name in self.values if name in self.faults), "")

    def with_faults(self, faults: Iterable[Fault]) -> Form:
        """With these as well; the first fault of each field counts."""
        found = dict(self.faults)
        for fault in faults:
            found.setdefault(fault.field, fault)
        return replace(self, faults=found)


def shown(stored: Texts) -> Form:
    """A form as it is opened."""
    return Form(stored, version_of(stored))


def sent(posted: Posted, stored: Texts) -> Form:
    """A form that came back, field by field beside what is stored now.

    What only somebody else has changed since the page was opened stays as they stored it; what both have
    changed is in `theirs`. Saving it once more overwrites that: then it was seen.
    """
    values, theirs = {}, {}
    for (name, text), opened in zip(stored.items(), _signs(posted["version"], len(stored)), strict=True):
        typed = _typed(posted[name])
        overtaken = opened != _sign(name, text)
        values[name] = text if overtaken and opened == _sign(name, typed) else typed
        if overtaken and values[name] != text:
            theirs[name] = text
    return Form(values, version_of(stored), theirs=theirs)


def sent_new(posted: Posted, blank: Texts) -> Form:
    """A form for something new that came back: as it was filled in, also by the link that opened it."""
    return Form({name: _typed(posted[name]) for name in blank}, version_of(blank))


def version_of(stored: Texts) -> str:
    """A sign for each field, different with every difference; travels in the form."""
    return "-".join(_sign(name, text) for name, text in stored.items())


def _typed(text: str) -> str:
    return lines(text)


def _sign(name: str, text: str) -> str:
    """Of one field; of a list of boxes another one may have come and another gone since it was opened."""
    return hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()[:12]


def _signs(version: str, fields: int) -> list[str]:
    """Of each field as it was opened; a damaged version fits nothing."""
    signs = version.split("-")
    return signs if len(signs) == fields else [""] * fields
