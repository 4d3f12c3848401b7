"""Where a call was forwarded from: the SIP headers Diversion (RFC 5806) and History-Info (RFC 7044)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.calls.sip_headers import entries, uri_of
from rules.text.phone_numbers import signalled

_INDEX = re.compile(r";\s*index\s*=\s*([\d.]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One station of the call's way. `uri` without its escaped headers; `index` (1, 2) for "1.2", else ()."""

    uri: str
    index: tuple[int, ...] = ()


def diverted_from(diversion: str) -> tuple[str, ...]:
    """The addresses of a Diversion header, or bare numbers; the latest forwarding comes first."""
    return tuple(uri_of(entry)[1] for entry in entries(diversion))


def history(history_info: str) -> tuple[HistoryEntry, ...]:
    """The stations of a History-Info header, earliest first: by index, or as written when one is missing."""
    stations = [_station(entry) for entry in entries(history_info)]
    if all(station.index for station in stations):
        stations.sort(key=lambda station: station.index)
    return tuple(stations)


def stations(diversion: str, history_info: str, dialled: str, region: str) -> frozenset[str]:
    """E.164 numbers of all who forwarded. `dialled`, as signalled, tells how this trunk writes numbers."""
    seen = (*diverted_from(diversion), *(station.uri for station in history(history_info)))
    return frozenset(filter(None, (signalled(address, dialled, region) for address in seen)))


def _station(entry: str) -> HistoryEntry:
    _, uri, params = uri_of(entry)
    found = _INDEX.search(params)
    index = tuple(int(part) for part in found[1].split(".") if part) if found else ()
    return HistoryEntry(uri.partition("?")[0], index)
