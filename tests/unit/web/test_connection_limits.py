"""Who is let in, who makes room, and who never does."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.web.connection_limits import Crowd
from pbx_bridge.web.origin import Proxies


@dataclass(eq=False)
class Guest:
    address: str = "203.0.113.9"
    dismissed: bool = field(default=False, init=False)

    def dismiss(self) -> None:
        self.dismissed = True


def crowd(most: int = 4, most_each: int = 2) -> Crowd:
    return Crowd(most, most_each, Proxies(["10.0.0.0/8"]))


def test_whoever_waits_longest_makes_room_for_the_next_of_its_address() -> None:
    house, guests = crowd(), [Guest() for _ in range(5)]
    assert all(house.enter(guest) for guest in guests)
    assert [guest.dismissed for guest in guests] == [True, True, True, False, False]
    assert len(house) == 2


def test_others_are_not_sent_away_for_it() -> None:
    house, other = crowd(), Guest("198.51.100.7")
    assert house.enter(other)
    assert all(house.enter(Guest()) for _ in range(100))
    assert not other.dismissed


def test_many_addresses_share_the_house() -> None:
    house, guests = crowd(), [Guest(f"203.0.113.{number}") for number in range(100)]
    assert all(house.enter(guest) for guest in guests)
    assert [guest for guest in guests if not guest.dismissed] == guests[-4:]
    assert len(house) == 4


def test_a_proxy_of_ours_is_not_one_stranger() -> None:
    house, guests = crowd(), [Guest("::ffff:10.0.0.7") for _ in range(4)]
    assert all(house.enter(guest) for guest in guests)
    assert not any(guest.dismissed for guest in guests)


def test_whoever_is_at_work_stays() -> None:
    house, desks = crowd(), [Guest(), Guest()]
    for desk in desks:
        assert house.enter(desk)
        house.works(desk)
    assert not house.enter(Guest())
    house.waits(desks[0])
    assert house.enter(Guest())
    assert (desks[0].dismissed, desks[1].dismissed) == (True, False)


def test_a_full_house_of_people_at_work_takes_nobody() -> None:
    house = crowd()
    for number in range(4):
        desk = Guest(f"203.0.113.{number}")
        assert house.enter(desk)
        house.works(desk)
    assert not house.enter(Guest("198.51.100.7"))
    assert len(house) == 4


STEPS = st.lists(st.tuples(st.sampled_from(["enter", "waits", "works", "leave"]), st.integers(0, 9)))


@given(STEPS)
def test_the_books_are_right_whatever_happens(steps: list[tuple[str, int]]) -> None:
    house = crowd()
    guests = [Guest(("10.0.0.1", "203.0.113.9", "198.51.100.7")[number % 3]) for number in range(10)]
    inside: set[Guest] = set()
    for step, number in steps:
        guest = guests[number]
        if step == "enter" and guest not in inside and not guest.dismissed:
            if house.enter(guest):
                inside.add(guest)
        elif step != "enter":
            getattr(house, step)(guest)
            inside -= {guest} if step == "leave" else set()
        inside = {one for one in inside if not one.dismissed}
        assert len(house) == len(inside) <= 4
        assert sum(one.address == "203.0.113.9" for one in inside) <= 2
    for guest in guests:
        house.leave(guest)
    assert (len(house), house._count, house._waiting, house._waiting_of) == (0, {}, {}, {})
