"""What a form shows: what is stored or typed, what is wrong with it, what others changed meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rules.fault import Fault

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
        """The first fault of each field counts."""
        found: dict[str, Fault] = {}
        for fault in faults:
            found.setdefault(fault.field, fault)
        return replace(self, faults=found)


def shown(stored: Texts) -> Form:
    """A form as it is opened."""
    return Form(stored, version_of(stored))


def sent(posted: Posted, stored: Texts) -> Form:
    """A form that came back. Saving it once more overwrites what somebody else stored: then it was seen."""
    typed = {name: posted[name].replace("\r\n", "\n") for name in stored}
    version = version_of(stored)
    overtaken = posted["version"] != version
    theirs = {name: text for name, text in stored.items() if overtaken and text != typed[name]}
    return Form(typed, version, theirs=theirs)


def version_of(stored: Texts) -> str:
    """Grows different with every difference; travels in the form."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]
