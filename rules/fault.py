"""What is wrong with one field of a form or of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` names a text in the catalogues that says how to mend it, `params` fill that text's gaps."""

    field: str
    code: str
    params: Mapping[str, str] = attribute(default_factory=dict, hash=False)
