"""What is searched for comes in the body of a form and is remembered; the address has a key of it.

So no address, and with it no log of a proxy, no history of a browser that others use and no referrer, says
whom somebody looked for. Paging, sorting, files and going back take the key along. It is kept in memory only:
after a restart of the service, or after a day, the words are typed once more.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEY = "suche"
LASTS = timedelta(days=1)
OF_ONE, PEOPLE = 60, 1_000
"""Searches that are kept for one account, and accounts that any are kept for; the oldest go first."""
LONGEST, FIELDS = 2_000, 40
"""Letters of all fields together, and fields, that are kept of one search: no form has more. Else a thousand
log-ins could fill the memory."""
_WORDS = frozenset({"q", "nummer", "number", "firma", "words"})
_TYPED = ("~typed", "~asked")


def are_words(name: str) -> bool:
    """Whether a field of this name holds what somebody typed of a person, and belongs into no address."""
    return name in _WORDS or name.endswith(_TYPED)


@dataclass(frozen=True, slots=True)
class _Kept:
    words: Mapping[str, str]
    until: datetime


class RememberedSearches:
    """The last searches of each account."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._of: OrderedDict[str, OrderedDict[str, _Kept]] = OrderedDict()

    def keep(self, account_id: str, words: Mapping[str, str], now: datetime) -> str:
        """Returns the key, the same for the same words; "" where there are none. What is too long to be a
        search is cut."""
        cut = _cut((name, text) for name, text in sorted(words.items()) if text.strip())
        if not cut:
            return ""
        said = json.dumps([account_id, cut]).encode()
        key = hashlib.blake2b(said, key=self._secret, digest_size=16).hexdigest()
        mine = self._of.setdefault(account_id, OrderedDict())
        self._of.move_to_end(account_id)
        mine[key] = _Kept(cut, now + LASTS)
        mine.move_to_end(key)
        _shorten(mine, OF_ONE)
        _shorten(self._of, PEOPLE)
        return key

    def find(self, account_id: str, key: str, now: datetime) -> Mapping[str, str] | None:
        """The words of a search of this account; None: it is kept no more, or was never theirs."""
        mine = self._of.get(account_id, OrderedDict())
        kept = mine.get(key)
        if kept is None or kept.until < now:
            mine.pop(key, None)
            return None
        mine[key] = _Kept(kept.words, now + LASTS)
        return kept.words


def _cut(typed: Iterable[tuple[str, str]]) -> dict[str, str]:
    cut, room = dict[str, str](), LONGEST
    for name, text in itertools.islice(typed, FIELDS):
        if room <= 0:
            break
        cut[name[:LONGEST]] = text[:room]
        room -= len(name) + len(text)
    return cut


def _shorten(kept: OrderedDict[str, Any], most: int) -> None:
    """The oldest go first."""
    while len(kept) > most:
        kept.popitem(last=False)
