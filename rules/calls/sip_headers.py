"""Addresses in SIP headers: From, P-Asserted-Identity, Remote-Party-ID, Diversion, History-Info."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 4_000
"""So much of a header is read; eight stations take 800."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS = re.compile(r"<([^<>]*)>")
_CUT_SHORT = re.compile(r"<([^<>]*)$")
_PARAMETER = re.compile(r';\s*([\w-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*))?')
_URI = re.compile(r"\s*(?:sips?|tel):(.*)", re.IGNORECASE | re.DOTALL)
_CONTEXT = re.compile(r";phone-context=(\+[\d.-]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Address:
    """`user`: what is left of @, or the number of a tel URI, with its phone-context before it. `params`: of
    the header, names and values in lower case."""

    user: str
    host: str
    name: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)


def addresses(header: str) -> tuple[Address, ...]:
    """Every address in the value of a header, or in several of them with commas between."""
    return tuple(one for one in map(_address, entries(header)) if one)


def entries(header: str) -> list[str]:
    """The header's values; commas within quotes or angle brackets separate nothing.

    Sign by sign: whoever calls may write what he likes, and a pattern that looks ahead takes half a second
    then.
    """
    found, closed_by, escaped = [""], "", False
    for sign in header[:LONGEST]:
        if sign == "," and not closed_by:
            found.append("")
            continue
        found[-1] += sign
        if escaped:
            escaped = False
        elif closed_by:
            escaped = sign == "\\" and closed_by == '"'
            closed_by = "" if sign == closed_by else closed_by
        else:
            closed_by = {'"': '"', "<": ">"}.get(sign, "")
    return [entry.strip() for entry in found if entry.strip()]


def uri_of(entry: str) -> tuple[str, str, str]:
    """The display name, the URI, and the parameters behind it."""
    quoted = _QUOTED.match(entry)
    rest = entry[quoted.end() :] if quoted else entry
    bracketed = _ADDRESS.search(rest) or _CUT_SHORT.search(rest)
    if not bracketed:
        uri, semicolon, params = rest.partition(";")
        return "", uri, semicolon + params
    name = re.sub(r"\\(.)", r"\1", quoted[0].strip('"')) if quoted else rest[: bracketed.start()]
    return name.strip(), bracketed[1], rest[bracketed.end() :]


def user_of(uri: str) -> tuple[str, str]:
    """What a SIP or tel URI names, and its host; a number without plus has its phone-context before it."""
    found = _URI.match(uri)
    if not found:
        return "", ""
    user, at, host = found[1].partition("@")
    context = _CONTEXT.search(found[1])
    number = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), user.partition(";")[0].partition("?")[0]).strip()
    if not at and found[0].lstrip()[:3].lower() != "tel":
        return "", number  # sip:host, nobody there in particular
    if context and not number.startswith("+"):
        number = context[1] + (number.removeprefix("0") if number[:2] != "00" else number)
    return number, re.split(r"[;:?]", host)[0]


def _address(entry: str) -> Address | None:
    name, uri, params = uri_of(entry)
    user, host = user_of(uri)
    if not (user or host):
        return None
    found = {key.lower(): value.strip('" ').lower() for key, value in _PARAMETER.findall(params)}
    return Address(user, host, name, found)
