"""Where a call was forwarded from: the SIP headers Diversion (RFC 5806) and History-Info (RFC 7044)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INDEX = re.compile(r";\s*index\s*=\s*([\d.]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"<([^<>]*)>")
LONGEST = 4_000
"""So much of a header is read; eight stations take 800."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One station of the call's way. `uri` without its escaped headers; `index` (1, 2) for "1.2", else ()."""

    uri: str
    index: tuple[int, ...] = ()


def diverted_from(diversion: str) -> tuple[str, ...]:
    """The addresses of a Diversion header, or one bare number; the latest forwarding comes first."""
    return tuple(_address(entry) for entry in _entries(diversion))


def history(history_info: str) -> tuple[HistoryEntry, ...]:
    """The stations of a History-Info header, earliest first: by index, or as written when one is missing."""
    stations = [HistoryEntry(_address(e).partition("?")[0], _index(e)) for e in _entries(history_info)]
    if all(station.index for station in stations):
        stations.sort(key=lambda station: station.index)
    return tuple(stations)


def _entries(header: str) -> list[str]:
    """The header's values; commas within quotes or angle brackets separate nothing.

    Sign by sign: whoever calls may write what he likes, and a pattern that looks ahead takes half a second
    then.
    """
    entries, closed_by = [""], ""
    for sign in header[:LONGEST]:
        if sign == "," and not closed_by:
            entries.append("")
            continue
        entries[-1] += sign
        if closed_by:
            closed_by = "" if sign == closed_by else closed_by
        else:
            closed_by = {'"': '"', "<": ">"}.get(sign, "")
    return [entry.strip() for entry in entries if entry.strip()]


def _address(entry: str) -> str:
    bracketed = _ADDRESS.search(entry)
    return bracketed[1] if bracketed else entry.partition(";")[0]


def _index(entry: str) -> tuple[int, ...]:
    found = _INDEX.search(entry.rpartition(">")[2])
    return tuple(int(part) for part in found[1].split(".") if part) if found else ()
