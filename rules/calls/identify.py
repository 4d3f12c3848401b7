"""Whose call is this, and who is calling: both ranked, with the reason, and never without an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rules.calls.redirecting import diverted_from, history
from rules.model import Caller, Line, VipCaller
from rules.text.phone_numbers import is_withheld, signalled, to_e164


class CalledBy(StrEnum):
    """What told us whose call it is; the last two leave it open, and the call is shown as unassigned."""

    LINE = "line"
    DIVERSION = "diversion"
    HISTORY_INFO = "history_info"
    PUBLIC_NUMBER = "public_number"
    SHARED_UNKNOWN = "shared_unknown"
    LINE_UNKNOWN = "line_unknown"


@dataclass(frozen=True, slots=True)
class Called:
    """`customer_id` None: neutral greeting. `public_number`: the customer's own, when it was what told us."""

    customer_id: str | None
    reason: CalledBy
    dialled: str
    line: Line | None = None
    public_number: str = ""


def identify_customer(
    dialled: str,
    diversion: str,
    history_info: str,
    lines: Callable[[str], Line | None],
    public_numbers: Callable[[str], str | None],
    region: str = "DE",
) -> Called:
    """The customer of the dialled line; on a shared line the one who forwarded, by Diversion or History-Info.

    `lines` and `public_numbers` look up an E.164 number (→ line, → customer id). `region` reads `dialled`.
    """
    number = to_e164(dialled, region) or dialled
    line = lines(number)
    if line and line.customer_id:
        return Called(line.customer_id, CalledBy.LINE, number, line)
    region = line.region if line else region
    hints = [(CalledBy.DIVERSION, address) for address in diverted_from(diversion)]
    hints += [(CalledBy.HISTORY_INFO, entry.uri) for entry in reversed(history(history_info))]
    hints += [(CalledBy.PUBLIC_NUMBER, dialled)]
    for reason, address in hints:
        public = signalled(address, dialled, region)
        if public and (customer_id := public_numbers(public)):
            return Called(customer_id, reason, number, line, public)
    return Called(None, CalledBy.SHARED_UNKNOWN if line else CalledBy.LINE_UNKNOWN, number, line)


def identify_caller(
    raw: str,
    name: str,
    withheld: bool,
    region: str,
    vips: Callable[[str], tuple[VipCaller, ...]],
    number: str = "",
) -> Caller:
    """Who is calling, by the number as signalled. `vips`: `VipTable.find` of the called company; `number`: in
    E.164, where it is known already (`rules.calls.caller_identity`)."""
    if withheld or is_withheld(raw):
        return Caller(raw=raw, withheld=True)
    number = number or to_e164(raw, region)
    known = vips(number)
    shown = "" if name in (raw, number) or is_withheld(name) else name
    return Caller(number, raw, display_name=shown, vip=known[0] if known else None, vips=known)
