"""Every half hour of all clock changes 2024–2035 against a reference that only reads a wall clock aloud."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest

from rules.model import Appointment, Employee
from rules.presence.availability import availability
from tests.rules.sample_facts import BERLIN
from tests.rules.test_availability import CHANGES, MORNINGS, erika

HALF = timedelta(minutes=30)
AROUND = 60


class Tape:
    """What a clock on the wall in Berlin shows, half hour by half hour, the way one would film it.

    Knows nothing of folds or offsets: the second time a picture comes, it is the second.
    """

    def __init__(self, change: datetime) -> None:
        self.moments = [change + n * HALF for n in range(-AROUND, AROUND)]
        self.pictures: list[tuple[datetime, int]] = []
        for moment in self.moments:
            wall = moment.astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None, fold=0)
            seen = sum(wall == picture for picture, _ in self.pictures)
            self.pictures.append((wall, seen))

    def index(self, wall: datetime) -> int | None:
        """The place of this picture on the tape; None for one that never came."""
        picture = (wall.replace(fold=0), wall.fold)
        return self.pictures.index(picture) if picture in self.pictures else None


def spoken(person: Employee, tape: Tape, here: int) -> str:
    """Of those whose first picture is past and whose last is to come, the one with the fewest pictures."""
    best: tuple[int, int, str] | None = None
    text = person.absence_info
    for one in person.appointments:
        first, last = tape.index(one.start), tape.index(one.end)
        assert first is not None
        assert last is not None
        if first <= here < last:
            rank = (last - first, -first, one.id)
            if best is None or rank[:2] < best[:2] or (rank[:2] == best[:2] and one.id > best[2]):
                best, text = rank, one.text
    return text


def layers(tape: Tape) -> list[Appointment]:
    """A wide one, and many of every small width at every place around the change, with its fold."""
    walls = [picture.replace(fold=seen) for picture, seen in tape.pictures]
    made = [(2, 2 * AROUND - 3)]
    made += [(start, start + width) for start, width in product(range(44, 76, 4), (1, 2, 3, 5, 24))]
    return [
        Appointment(f"{n:03}", f"Termin {n}", walls[start], walls[end]) for n, (start, end) in enumerate(made)
    ]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_half_hour_says_what_the_reference_says(change: datetime) -> None:
    tape = Tape(change)
    made = layers(tape)
    for chosen in (made, made[::2], made[:1], [a for a, b in pairwise(made) if b.id > "020"]):
        person = erika(*chosen, absence_info=MORNINGS)
        for here, moment in enumerate(tape.moments):
            assert availability(person, BERLIN, moment).text == spoken(person, tape, here), moment


def test_the_reference_sees_both_kinds_of_change() -> None:
    twice = [sum(seen for _, seen in Tape(change).pictures) for change in CHANGES]
    assert sorted(set(twice)) == [0, 2]
    assert twice.count(2) == 12
