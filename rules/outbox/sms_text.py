"""A message in one SMS: how long it is for the network, and what gives way so that number and matter stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rules.outbox.gsm_alphabet import EXTENDED, fits_gsm7, in_gsm7, only_gsm7
from rules.text.names import split_name

__all__ = ["fit_one_sms", "fits_gsm7", "fits_one_sms", "messages", "summary", "units"]

_ELLIPSIS = "..."
_LEAST_OF_MATTER = 24
"""Letters of the concern that stay, whatever else is said; as far as it has so many."""
_LONGEST_NAME, _LONGEST_MATTER = 120, 700
"""More than any SMS of ours can hold."""
_NAMES = 32
"""Room for company and name before the concern gives way; longer ones are shortened first."""


def units(text: str) -> int:
    """Length as the network counts: septets (extended ones are two), or UTF-16 units outside GSM-7."""
    if fits_gsm7(text):
        return len(text) + sum(char in EXTENDED for char in text)
    return len(text.encode("utf-16-be", "replace")) // 2


def messages(text: str) -> int:
    """How many SMS are paid for: 160 units in one, 153 in each of several; 70 and 67 outside GSM-7."""
    alone, joined = (160, 153) if fits_gsm7(text) else (70, 67)
    return 1 if units(text) <= alone else len(_parts(text, joined))


def _parts(text: str, size: int) -> list[int]:
    """The units of each part; an escape or a surrogate pair moves to the next part as a whole."""
    gsm, parts = fits_gsm7(text), [0]
    for char in text:
        width = (2 if char in EXTENDED else 1) if gsm else (2 if ord(char) > 0xFFFF else 1)
        if parts[-1] + width > size:
            parts.append(0)
        parts[-1] += width
    return parts


def fits_one_sms(text: str) -> bool:
    """True for a text that goes out, and is paid for, as one message."""
    return messages(text) == 1


def fit_one_sms(head: str, body: str = "", tail: str = "") -> str:
    """`head + body + tail` within one SMS: `body` is cut at a word, then `head`; `tail` stays whole."""
    head, body, tail = (_in_place(part) for part in (head, body, tail))
    whole = f"{head}{body}{tail}"
    if fits_one_sms(whole):
        return whole
    if fits_one_sms(head + _ELLIPSIS + tail):
        return head + _cut(body, lambda text: fits_one_sms(head + text + tail)) + tail.removeprefix(".")
    head = head.rstrip(" :,")
    return _cut(head, lambda text: fits_one_sms(text + tail)) + tail.removeprefix(".")


def _in_place(text: str) -> str:
    """In the alphabet of SMS, with the spaces at both ends that part it from its neighbours."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{' ' * bool(before)}{in_gsm7(text)}{' ' * bool(after and text.strip())}"


@dataclass(frozen=True, slots=True)
class _Sms:
    """The parts of a summary, in their order."""

    lead: str
    company: str
    name: str
    number: str
    concern: str
    wish: str
    at: str
    cut: bool = False

    @property
    def text(self) -> str:
        people = ", ".join(filter(None, (self.company, self.name)))
        who = " ".join(filter(None, (people, self.number)))
        said = ", ".join(filter(None, (self.concern, self.wish)))
        whole = ": ".join(filter(None, (self.lead, who, said)))
        dot = "" if self.cut and not self.wish else "."
        return f"{whole}{dot} {self.at}" if whole else self.at


def summary(
    name: str,
    company: str,
    number: str,
    concern: str,
    at: str,
    wish: str = "",
    *,
    lead: str = "",
    short_wish: str = "",
    parts: int = 1,
) -> str:
    """A note in one SMS: "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR bis 14 Uhr. 10:42".

    `number` E.164, `at` local time of the call, `wish` as "bitte RR bis 14 Uhr" and `short_wish` the same for
    where room is short; `lead` comes first ("Dringend"); empty parts leave no gap. `parts`: how many SMS it
    may cost. Number and concern are always in it: names are shortened before the concern is cut, and only
    where another script leaves 70 characters do they give way altogether.
    """
    company, name = in_gsm7(company[:_LONGEST_NAME]), in_gsm7(name[:_LONGEST_NAME])
    matter = in_gsm7(concern.strip()[:_LONGEST_MATTER].rstrip(". "))
    whole = _Sms(lead, company, name, number, matter, wish, at)
    if messages(whole.text) <= parts:
        return whole.text
    if not fits_gsm7(whole.text):
        whole = _in_one_script(whole)
    tight = not fits_gsm7(whole.concern)
    for sms in _shorter(whole, short_wish or wish, parts, tight=tight):
        fitted = _fitted(sms, parts, least=_LEAST_OF_MATTER // (2 if tight else 1))
        if fitted is not None:
            return fitted
    return _fitted(replace(whole, lead="", company="", name="", wish=""), parts, least=0) or whole.at


def _in_one_script(sms: _Sms) -> _Sms:
    """A few strange letters become "?" before they halve the room; the concern keeps its script when most of
    it is written in it."""
    strange = sum(not fits_gsm7(char) for char in sms.concern)
    if strange * 4 > len(sms.concern):
        return sms
    concern = only_gsm7(sms.concern, "?")
    return replace(sms, company=_readable(sms.company), name=_readable(sms.name), concern=concern)


def _readable(name: str) -> str:
    """What of a name can be read in this alphabet; nothing of it where no letter is left."""
    plain = only_gsm7(name).strip(" ,.-()")
    return plain if re.search(r"\w", plain) else ""


def _shorter(sms: _Sms, short_wish: str, parts: int, *, tight: bool) -> Iterator[_Sms]:
    """What gives way, step by step: long names, the longer form of the wish, then more of the names."""
    if not tight:
        yield from _with_most_of_names(sms, parts)
        yield _with_names(sms, _NAMES)
    for room in (_NAMES, _NAMES // 2, _NAMES // 4, 0):
        yield replace(_with_names(sms, room), wish=short_wish)


def _with_most_of_names(sms: _Sms, parts: int) -> Iterator[_Sms]:
    """With the longest names beside which the concern stays whole, if there is room for any."""
    low, high = _NAMES, len(sms.company) + len(sms.name) + 2
    while low < high:
        room = (low + high + 1) // 2
        fits = messages(_with_names(sms, room).text) <= parts
        low, high = (room, high) if fits else (low, room - 1)
    if low > _NAMES:
        yield _with_names(sms, low)


def _with_names(sms: _Sms, room: int) -> _Sms:
    """Company and name within `room` letters together; each may use what the other leaves."""
    if len(sms.company) + len(sms.name) + 2 <= room:
        return sms
    half = max(0, room // 2 - 1)
    name = _called(sms.name, max(half, room - len(sms.company) - 2))
    return replace(sms, name=name, company=_shortened(sms.company, room - len(name) - 2))


def _called(name: str, room: int) -> str:
    """A name that is too long goes without its titles first: "Prof. Dr. Ot..." is nobody. Nothing else is
    left out, for what stands where a name does may be none: "Frau Müller von der Hausverwaltung"."""
    split = split_name(name)
    plain = replace(split, title="").spoken if split.title and len(name) > room else name
    return _shortened(plain, room)


def _shortened(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return text[: room - len(_ELLIPSIS)].rstrip(" ,.-") + _ELLIPSIS if room > len(_ELLIPSIS) + 1 else ""


def _fitted(sms: _Sms, parts: int, least: int) -> str | None:
    """With the concern whole, or cut at a word; None when less than `least` letters of it would stay."""
    if messages(sms.text) <= parts:
        return sms.text
    cut = _cut(sms.concern, lambda text: messages(replace(sms, concern=text, cut=True).text) <= parts, least)
    fitted = replace(sms, concern=cut, cut=True).text
    enough = len(cut) - len(_ELLIPSIS) >= min(least, len(sms.concern))
    return fitted if enough and messages(fitted) <= parts else None


def _cut(text: str, fits: Callable[[str], bool], least: int = 0) -> str:
    """The longest beginning that fits with an ellipsis; by whole words unless that would cost most of it."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle].rstrip(" ,;:.-") + _ELLIPSIS) else (low, middle - 1)
    begun = text[:low]
    at = begun.rfind(" ")
    if low < len(text) and not text[low].isspace() and at > max(low // 2, least):
        begun = begun[:at]
    return begun.rstrip(" ,;:.-") + _ELLIPSIS
