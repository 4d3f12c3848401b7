"""How fast this machine is just now, as a ratio: beside busy neighbours the same work takes more CPU time."""

from __future__ import annotations

import json
import re
import time

_PEOPLE = json.dumps(
    {
        "people": [
            {"name": f"Müller-{n} Jäger", "number": f"+4930{n:06d}", "mail": f"a{n}@b.de"} for n in range(60)
        ]
    },
    ensure_ascii=False,
)
_DOUBLE = re.compile(r"\w+-\d+")
PIECE_SECONDS = 100e-6
"""CPU seconds of one piece on an idle machine of the middle sort, for which limits of CPU time in these tests
are meant. The slowest that was seen took 140e-6 when idle, and up to 330e-6 among neighbours."""
_LEAST, _MOST = 5e-3, 0.3
"""CPU seconds that a look at the speed takes."""


def piece() -> float:
    """CPU seconds of this thread for a small piece of work of the kind that the service does."""
    began = time.thread_time()
    people = json.loads(_PEOPLE)["people"]
    seen: dict[str, tuple[str, str, list[str]]] = {}
    for person in people:
        name = person["name"]
        match = _DOUBLE.match(name)
        number = person["number"].replace("+", "00")
        seen[name.casefold()] = (match.group(0) if match else "", number, person["mail"].split("@"))
    json.dumps([seen[name] for name in sorted(seen, key=lambda name: seen[name][1])])
    return time.thread_time() - began


def slowness(seconds: float = 0.0) -> float:
    """How many times as long as on that idle machine work takes now; never below 1.

    Looks for as long as what is to be judged took, in CPU seconds: neighbours come and go.
    """
    pieces, spent = 0, 0.0
    while spent < min(max(seconds, _LEAST), _MOST):
        pieces, spent = pieces + 1, spent + piece()
    return max(1.0, spent / pieces / PIECE_SECONDS)
