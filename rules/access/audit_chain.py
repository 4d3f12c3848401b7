"""The access log as a chain: each entry holds the hash of the one before and of itself, so that nobody
changes, takes out, puts in or moves one of them without its being seen.

What an entry says of people is in its hash only through another one, of these texts and of chance (`salt`).
So an erasure can empty the texts and the salt: nobody finds out what they were, and the chain holds. Which
entries were emptied is said by a later one; and where it begins, once old ones are forgotten, by another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

FORGOTTEN, EMPTIED = "entries_forgotten", "entries_emptied"
"""Deeds that speak of the chain itself; their `detail` is read by `ChainCheck`."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its place, counted from 1, and its hash (64 hexadecimal digits); 0 and "" of an empty
    chain."""

    place: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.place}:{self.hash}"


@dataclass(frozen=True, slots=True)
class LogLink:
    """An entry as it is stored. `at`: aware; `texts`: login, done_by, device, network, detail; `salt`: ""
    once it is emptied; `content_hash`: of texts and salt; `previous_hash`: "" of the first entry of all."""

    place: int
    id: str
    at: datetime
    deed: str
    texts: tuple[str, ...]
    salt: str
    content_hash: str = ""
    previous_hash: str = ""
    own_hash: str = ""

    @property
    def is_emptied(self) -> bool:
        """An erasure has taken what it said of people."""
        return not self.salt and not any(self.texts)


class Breach(StrEnum):
    """What is wrong with an entry, or with the whole."""

    UNPLACED = "unplaced"
    MISSING = "missing"
    UNLINKED = "unlinked"
    CHANGED = "changed"
    REHASHED = "rehashed"
    EMPTIED_UNTOLD = "emptied_untold"
    BEGINNING_GONE = "beginning_gone"
    END_GONE = "end_gone"
    NOTED_GONE = "noted_gone"


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a check has found. `count` entries from `first` through `head`; `emptied`: of them; `breach`:
    None if it is whole, else at the place `broken`."""

    count: int
    first: int
    head: Head
    emptied: int
    breach: Breach | None = None
    broken: int = 0


def linked(head: Head, entry: LogLink) -> LogLink:
    """The entry as the next one after `head`, with its three hashes."""
    entry = replace(entry, place=head.place + 1, previous_hash=head.hash, content_hash=content_hash(entry))
    return replace(entry, own_hash=own_hash(entry))


def content_hash(entry: LogLink) -> str:
    """SHA-256 of what it says of people, with its salt."""
    return _hash([entry.salt, *entry.texts])


def own_hash(entry: LogLink) -> str:
    """SHA-256 of all else, its content's hash and the hash of the entry before it."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _hash([str(entry.place), entry.id, moment, entry.deed, entry.content_hash, entry.previous_hash])


def _hash(texts: Sequence[str]) -> str:
    """Of a JSON list without spaces, UTF-8: one list has one spelling, and two lists never the same."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def places_in_words(places: Iterable[int]) -> str:
    """ "3 7-12", as an entry says which others were emptied."""
    spans: list[list[int]] = []
    for place in sorted(places):
        if spans and spans[-1][1] == place - 1:
            spans[-1][1] = place
        else:
            spans.append([place, place])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _spans(words: str) -> Iterator[tuple[int, int]]:
    for word in words.split():
        first, _, last = word.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            yield int(first), int(last or first)


class ChainCheck:
    """Looks at one entry after the other, in the order of their places; keeps nothing but what is open.

    `noted`: a head that somebody wrote down elsewhere: it must still be in the chain.
    """

    def __init__(self, noted: Head | None = None) -> None:
        self._count = self._first = self._emptied = 0
        self._head, self._found = Head(), False
        self._breach: tuple[Breach, int] | None = None
        self._unnamed: set[int] = set()
        self._beginning: str | None = None
        self._noted = noted

    def look(self, entry: LogLink) -> None:
        """The next entry; after a breach nothing else counts."""
        if self._breach:
            return
        self._count += 1
        if breach := self._breach_of(entry):
            self._breach = breach, entry.place
            return
        if self._count == 1:
            self._first = entry.place
            self._beginning = (
                words_of(Head(entry.place - 1, entry.previous_hash)) if entry.place > 1 else None
            )
        if entry.is_emptied:
            self._emptied += 1
            self._unnamed.add(entry.place)
        if entry.deed == EMPTIED:
            self._named(entry.texts[-1])
        if entry.deed == FORGOTTEN and entry.texts[-1] == self._beginning:
            self._beginning = None
        self._head = Head(entry.place, entry.own_hash)
        self._found = self._found or self._head == self._noted

    def end(self, head: Head) -> ChainState:
        """After the last entry. `head`: as it is stored by itself."""
        breach, place = self._breach or self._breach_of_all(head) or (None, 0)
        return ChainState(self._count, self._first, self._head, self._emptied, breach, place)

    def _breach_of(self, entry: LogLink) -> Breach | None:
        if entry.place < 1:
            return Breach.UNPLACED
        if self._count > 1 and entry.place != self._head.place + 1:
            return Breach.MISSING
        if self._count > 1 and entry.previous_hash != self._head.hash:
            return Breach.UNLINKED
        if entry.place == 1 and entry.previous_hash:
            return Breach.UNLINKED
        if not entry.is_emptied and content_hash(entry) != entry.content_hash:
            return Breach.CHANGED
        return Breach.REHASHED if own_hash(entry) != entry.own_hash else None

    def _breach_of_all(self, head: Head) -> tuple[Breach, int] | None:
        if self._beginning is not None:
            return Breach.BEGINNING_GONE, self._first
        if self._unnamed:
            return Breach.EMPTIED_UNTOLD, min(self._unnamed)
        if head != self._head:
            return Breach.END_GONE, head.place
        # One that was forgotten since, with all before the chain's first, cannot be looked for any more.
        if self._noted and not self._found and self._noted.place >= self._first:
            return Breach.NOTED_GONE, self._noted.place
        return None

    def _named(self, words: str) -> None:
        for first, last in _spans(words):
            if last - first < len(self._unnamed):  # else each of many spans would go through all of them
                self._unnamed.difference_update(range(first, last + 1))
            else:
                self._unnamed = {place for place in self._unnamed if not first <= place <= last}


def words_of(head: Head) -> str:
    """ "16 9f86…", as an entry says through which one the entries before it are forgotten."""
    return f"{head.place} {head.hash}"
