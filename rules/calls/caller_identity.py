"""Who calls, by what network and telephone say: P-Asserted-Identity, Remote-Party-ID, From, Privacy.

[sec-caller] of the dial plan reads the same headers for the telephones' displays and for blocked callers,
which must work without us; one table of tests holds both to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rules.calls.sip_headers import Address, addresses
from rules.text.phone_numbers import is_anonymous, is_withheld, signalled

_PRIVATE = frozenset({"id", "user", "header", "full"})
"""Words of Privacy (RFC 3323, RFC 3325) that hide the caller; `none`, `critical`, `session`, `history`, and
"off", which no RFC knows, do not."""
_HIDDEN = frozenset({"full", "uri"})
"""Of Remote-Party-ID's `privacy`; "name" hides the name alone."""
NOBODY = "anonymous.invalid"


class Leads(StrEnum):
    """Whose word counts first: what the network asserts, or what the caller's own telephone says (From)."""

    ASSERTED = "asserted"
    FROM = "from"


@dataclass(frozen=True, slots=True)
class Signalled:
    """What a call's INVITE says, as the PBX hands it over: header values, several lines with commas between.

    `number`, `name`, `withheld`: what the PBX itself made of it, and all there is when `sender` is empty.
    """

    number: str
    name: str = ""
    withheld: bool = False
    sender: str = ""
    asserted: str = ""
    remote_party: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Calling:
    """`raw` as signalled, `number` in E.164; both empty when withheld, `number` when it is none."""

    raw: str = ""
    number: str = ""
    name: str = ""
    withheld: bool = False


def who_calls(
    said: Signalled,
    dialled: str,
    ours: Callable[[str], bool],
    region: str = "DE",
    leads: Leads = Leads.ASSERTED,
) -> Calling:
    """The first of these that names a number, but for numbers of which `ours` says that they cannot be the
    caller's: our lines, the companies' own, and who forwarded. Those count when there is no other.

    `dialled`, as signalled, tells how this trunk writes numbers.
    """
    if not said.sender:
        withheld = said.withheld or is_withheld(said.number)
        return Calling(withheld=True) if withheld else _calling(said.number, said.name, dialled, region)
    found = [_calling(one.user, one.name, dialled, region) for one in _candidates(said, leads)]
    if _withheld(said) or all(is_withheld(one.raw) for one in found):
        return Calling(withheld=True)
    known = [one for one in found if one.number]
    others = [one for one in known if not ours(one.number)]
    named = [one for one in found if not is_withheld(one.raw)]
    chosen = (others or known or named)[0]
    if chosen.name:
        return chosen
    same = (one.name for one in found if one.number == chosen.number and one.name)
    return Calling(chosen.raw, chosen.number, next(same, ""))


def _calling(raw: str, name: str, dialled: str, region: str) -> Calling:
    return Calling(raw, signalled(raw, dialled, region), name)


def _candidates(said: Signalled, leads: Leads) -> Iterator[Address]:
    sender = addresses(said.sender)[:1]
    asserted = [*addresses(said.asserted), *_calling_parties(said.remote_party)]
    yield from (*sender, *asserted) if leads is Leads.FROM else (*asserted, *sender)


def _calling_parties(header: str) -> Iterator[Address]:
    """Of Remote-Party-ID; it can name the called party too."""
    for one in addresses(header):
        if one.params.get("party", "calling") == "calling":
            yield Address(one.user, one.host, "", one.params) if _hides_name(one) else one


def _hides_name(one: Address) -> bool:
    return one.params.get("privacy", "") == "name"


def _withheld(said: Signalled) -> bool:
    """Each way in which callers and networks say so is enough."""
    if _PRIVATE & set(re.findall(r"[a-z]+", said.privacy.lower())):
        return True
    if any(one.params.get("privacy", "") in _HIDDEN for one in _calling_parties(said.remote_party)):
        return True
    (sender, *_) = (*addresses(said.sender), Address("", ""))
    if sender.host.lower() == NOBODY or is_anonymous(sender.user):
        return True
    return any(is_anonymous(one.name) for one in (sender, *addresses(said.asserted)))
