"""When a note that is typed again is the one that is stored, and when it is another."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.typed import follows, says_the_same

BODY: dict[str, Any] = {
    "name": "Hans Müller",
    "callback": "0171 3920042",
    "concern": "Angebot",
    "fields": {"art": "Neukunde"},
    "recipients": ["erika", "jens"],
    "callback_wanted": True,
}


@pytest.mark.parametrize(
    "changed, same",
    [
        ({}, True),
        ({"callback": "+49 171 3920042"}, True),
        ({"concern": " Angebot\n"}, True),
        ({"recipients": ["jens", "erika"]}, True),
        ({"fields": {"art": "Neukunde", "nummer": " "}}, True),
        ({"callback_wanted": None}, True),  # nobody has said anything else of it
        ({"callback_wanted": False}, False),
        ({"callback": "0171 3920043"}, False),
        ({"urgent": True}, False),
        ({"fields": {"art": "Bestandskunde"}}, False),
        ({"callback_by": "morgen"}, False),
        ({"message_to_caller": "Ruft zurück."}, False),
    ],
)
def test_the_same_note_is_recognised_however_it_is_written(changed: dict[str, Any], *, same: bool) -> None:
    stored, typed = p.NoteBody(**BODY), p.NoteBody(**(BODY | changed))
    assert says_the_same(stored, typed) is same
    assert says_the_same(typed, stored) is same


FOLLOWS = {
    # revision and base of a draft when revision 5 is the newest → whether it takes that one's place
    "knows it": (6, 5, True),
    "knows it, and has counted on": (40, 5, True),
    "knows an older one": (6, 4, False),
    "knows an older one, and has counted on": (40, 4, False),
    "knows none": (6, 0, False),
    "knows more than there is": (7, 6, True),
    "knows it, but does not count": (5, 5, False),
    "does not say": (6, None, True),
    "does not say, and is older": (5, None, False),
    "leaps": (5 + 1_000_001, 5, False),
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_a_draft_takes_the_place_of_one_that_it_knows(case: str) -> None:
    revision, base, taken = FOLLOWS[case]
    assert follows(5, revision, base) is taken
