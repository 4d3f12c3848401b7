"""Whatever is done to any entry of the chain is found; what an erasure or the end of its time does is not
taken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.access.audit_chain import (
    EMPTIED,
    FORGOTTEN,
    Breach,
    ChainCheck,
    ChainState,
    Head,
    LogLink,
    linked,
    places_in_words,
    words_of,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LENGTH = 6


def chain(count: int = LENGTH, *more: tuple[str, str]) -> list[LogLink]:
    """So many log-ins, and then entries of these deeds and details."""
    found: list[LogLink] = []
    for number, (deed, detail) in enumerate([*[("log_in", "")] * count, *more], 1):
        last = Head(found[-1].place, found[-1].own_hash) if found else Head()
        login = "anna" if deed == "log_in" else ""
        at = AT + timedelta(seconds=number)
        found.append(linked(last, LogLink(0, f"id{number}", at, deed, (login, "", "", "", detail), "5a")))
    return found


def checked(found: list[LogLink], head: Head | None = None, noted: Head | None = None) -> ChainState:
    """As if `head` stood beside it: that of a chain to which nothing was done."""
    check = ChainCheck(noted)
    for one in sorted(found, key=lambda link: link.place):
        check.look(one)
    return check.end(head or Head(found[-1].place, found[-1].own_hash))


def test_a_chain_that_nobody_touched_is_whole() -> None:
    found = chain()
    assert checked(found) == ChainState(LENGTH, 1, Head(LENGTH, found[-1].own_hash), 0)
    assert ChainCheck().end(Head()) == ChainState(0, 0, Head(), 0)


CHANGES: dict[str, Callable[[LogLink], LogLink]] = {
    "id": lambda one: replace(one, id="other"),
    "moment": lambda one: replace(one, at=one.at + timedelta(microseconds=1)),
    "deed": lambda one: replace(one, deed="log_out"),
    **{
        f"text {number}": lambda one, number=number: replace(  # type: ignore[misc]  # a default, not an argument
            one, texts=(*one.texts[:number], "x", *one.texts[number + 1 :])
        )
        for number in range(5)
    },
    "salt": lambda one: replace(one, salt="00"),
    "content's hash": lambda one: replace(one, content_hash="0" * 64),
    "hash of the one before": lambda one: replace(one, previous_hash="0" * 64),
    "own hash": lambda one: replace(one, own_hash="0" * 64),
    "texts moved into each other": lambda one: replace(one, texts=("an", "na", *one.texts[2:])),
    "emptied": lambda one: replace(one, texts=("",) * 5, salt=""),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", range(1, LENGTH + 1))
def test_a_changed_entry_is_found(change: str, place: int) -> None:
    found = chain()
    end = Head(LENGTH, found[-1].own_hash)
    found[place - 1] = CHANGES[change](found[place - 1])
    state = checked(found, end)
    assert state.breach
    assert state.broken in {place, place + 1}


@pytest.mark.parametrize("place", range(1, LENGTH + 1))
def test_an_entry_made_anew_with_its_own_hashes_breaks_what_follows(place: int) -> None:
    found = chain()
    end = Head(LENGTH, found[-1].own_hash)
    before = Head(place - 1, found[place - 2].own_hash) if place > 1 else Head()
    found[place - 1] = linked(before, replace(found[place - 1], deed="log_out"))
    state = checked(found, end)
    assert state.breach is (Breach.UNLINKED if place < LENGTH else Breach.END_GONE)


@pytest.mark.parametrize("place", range(1, LENGTH + 1))
def test_an_entry_that_is_gone_is_found(place: int) -> None:
    found = chain()
    end = Head(LENGTH, found[-1].own_hash)
    gone = [one for one in found if one.place != place]
    assert checked(gone, end).breach
    # Closed up as well as whoever did it could: the places have no gap.
    closed = [replace(one, place=number) for number, one in enumerate(gone, 1)]
    assert checked(closed, end).breach


def test_a_chain_that_is_gone_as_a_whole_is_found() -> None:
    assert ChainCheck().end(Head(3, "0" * 64)).breach is Breach.END_GONE


@pytest.mark.parametrize("place", range(1, LENGTH + 2))
def test_an_entry_that_was_put_in_is_found(place: int) -> None:
    found = chain()
    end = Head(LENGTH, found[-1].own_hash)
    before = Head(place - 1, found[place - 2].own_hash) if place > 1 else Head()
    put_in = linked(before, LogLink(0, "new", AT, "log_out", ("ben", "", "", "", ""), "77"))
    moved = [replace(one, place=one.place + 1) if one.place >= place else one for one in found]
    assert checked([*moved, put_in], end).breach
    assert checked([*found, replace(put_in, place=0)], end).breach is Breach.UNPLACED


@pytest.mark.parametrize("first", range(1, LENGTH + 1))
@pytest.mark.parametrize("second", range(1, LENGTH + 1))
def test_two_entries_that_changed_places_are_found(first: int, second: int) -> None:
    if first == second:
        return
    found = chain()
    end = Head(LENGTH, found[-1].own_hash)
    swap = {first: second, second: first}
    assert checked([replace(one, place=swap.get(one.place, one.place)) for one in found], end).breach


def test_an_end_cut_off_with_its_head_is_found_by_a_head_that_was_noted() -> None:
    found = chain()
    noted, short = Head(LENGTH, found[-1].own_hash), found[:-2]
    assert checked(short).breach is None
    assert checked(short, noted=noted).breach is Breach.NOTED_GONE
    assert checked(found, noted=noted).breach is None
    assert checked(chain(LENGTH + 1), noted=noted).breach is None


def test_what_an_erasure_emptied_is_no_breach_if_it_says_which() -> None:
    told = chain(LENGTH, (EMPTIED, places_in_words([2, 3, 5])))
    emptied = [replace(one, texts=("",) * 5, salt="") if one.place in {2, 3, 5} else one for one in told]
    assert checked(emptied) == replace(checked(told), emptied=3)
    more = [replace(one, texts=("",) * 5, salt="") if one.place == 4 else one for one in emptied]
    assert (checked(more).breach, checked(more).broken) == (Breach.EMPTIED_UNTOLD, 4)


class _Counted(set[int]):
    """How often it was gone through."""

    walks = 0

    def __iter__(self) -> Iterator[int]:
        self.walks += 1
        return super().__iter__()


def test_an_entry_of_many_spans_goes_through_those_that_are_open_once_at_most() -> None:
    check = ChainCheck()
    places = _Counted(range(1, 4_000, 2))
    check._unnamed = places
    check._named(places_in_words(range(1, 3_000, 2)))
    assert places.walks == 0
    assert check._unnamed == set(range(3_001, 4_000, 2))
    check._named("1-9999999")
    assert (places.walks, check._unnamed) == (1, set())


def test_what_had_its_time_may_go_if_an_entry_says_through_which() -> None:
    whole = chain()
    told = chain(LENGTH, (FORGOTTEN, words_of(Head(3, whole[2].own_hash))))
    assert checked(told[3:]) == ChainState(4, 4, Head(7, told[-1].own_hash), 0)
    assert checked(told[4:]).breach is Breach.BEGINNING_GONE
    assert checked(whole[3:]).breach is Breach.BEGINNING_GONE
    old = Head(2, whole[1].own_hash)
    assert checked(told[3:], noted=old).breach is None, "it was forgotten since"


@pytest.mark.parametrize("places,words", [([], ""), ([4], "4"), ([3, 7, 8, 9], "3 7-9"), ([2, 1], "1-2")])
def test_places_in_words(places: list[int], words: str) -> None:
    assert places_in_words(places) == words
