"""A message in one SMS: how long it is for the network, and where to cut it so that nothing breaks."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_PLAIN = str.maketrans(
    {
        "„": '"',
        "“": '"',
        "”": '"',
        "‚": "'",
        "‘": "'",
        "’": "'",
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
    }
    | {"…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\u00ad": None, "\u200b": None}
)
_ELLIPSIS = "..."


def fits_gsm7(text: str) -> bool:
    """True when every character is in the GSM 7-bit alphabet or its extension (3GPP TS 23.038)."""
    return all(char in _BASIC or char in _EXTENDED for char in text)


def units(text: str) -> int:
    """Length as the network counts: septets (extended ones are two), or UTF-16 units outside GSM-7."""
    if fits_gsm7(text):
        return len(text) + sum(char in _EXTENDED for char in text)
    return len(text.encode("utf-16-be", "replace")) // 2


def messages(text: str) -> int:
    """How many SMS are paid for: 160 units in one, 153 in each of several; 70 and 67 outside GSM-7."""
    alone, joined = (160, 153) if fits_gsm7(text) else (70, 67)
    return 1 if units(text) <= alone else len(_parts(text, joined))


def _parts(text: str, size: int) -> list[int]:
    """The units of each part; an escape or a surrogate pair moves to the next part as a whole."""
    gsm, parts = fits_gsm7(text), [0]
    for char in text:
        width = (2 if char in _EXTENDED else 1) if gsm else (2 if ord(char) > 0xFFFF else 1)
        if parts[-1] + width > size:
            parts.append(0)
        parts[-1] += width
    return parts


def fits_one_sms(text: str) -> bool:
    """True for a text that goes out, and is paid for, as one message."""
    return units(text) <= (160 if fits_gsm7(text) else 70)


def fit_one_sms(head: str, body: str = "", tail: str = "") -> str:
    """`head + body + tail` within one SMS: `body` is cut at a word, then `head`; `tail` stays whole.

    Typographic characters become plain ones, as a single „ would more than halve the room.
    """
    head, body, tail = (part.translate(_PLAIN) for part in (head, body, tail))
    whole = f"{head}{body}{tail}"
    if fits_one_sms(whole):
        return whole
    if fits_one_sms(head + _ELLIPSIS + tail):
        return _cut(head, body, tail)
    return _cut("", head.rstrip(" :,"), tail)


def _cut(head: str, body: str, tail: str) -> str:
    """The longest beginning of `body` that fits; by whole words unless that would cost most of it."""
    length = max(
        (n for n in range(len(body) + 1) if fits_one_sms(f"{head}{body[:n]}{_ELLIPSIS}{tail}")), default=0
    )
    words = body[:length]
    if length < len(body) and not body[length].isspace() and words.rfind(" ") > length // 2:
        words = words[: words.rfind(" ")]
    return f"{head}{words.rstrip(' ,;:.-')}{_ELLIPSIS}{tail.removeprefix('.')}"


def summary(name: str, company: str, number: str, concern: str, at: str, wish: str = "") -> str:
    """A note in one SMS: "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR bis 14 Uhr. 10:42".

    `number` E.164, `at` local time of the call, `wish` as "bitte RR bis 14 Uhr"; empty parts leave no gap.
    """
    room = 70 if fits_gsm7(f"{company}{name}{concern}{wish}".translate(_PLAIN)) else 24
    people = ", ".join(_shortened(part, room // 2) for part in (company, name) if part)
    who = " ".join(filter(None, (people, number)))
    concern = " ".join(concern.split()).rstrip(". ")
    head = f"{who}: " if who and (concern or wish) else who
    said = ", ".join(filter(None, (concern, wish)))
    end = f"{said[len(concern) :]}. {at}" if head or said else at
    return fit_one_sms(head, concern, end)


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - len(_ELLIPSIS)].rstrip() + _ELLIPSIS
