"""What a gateway's answer says of an SMS; whatever is not known to mean one thing is uncertain.

Sources: RFC 9110 (status codes); Kannel user guide, "Using HTTP to send SMS"; seven.io, "SMS: return values".
"""

from __future__ import annotations

import re

from rules.outbox.mail_answers import Judged

_NOT_SENT_NOW = frozenset({408, 421, 425, 429, 501, 503, 505, 511})
"""Busy, or not able to: nothing was taken."""
_OF_THE_MESSAGE = frozenset({400, 413, 414, 422})
_KANNEL = re.compile(r"\s*([0-9]):")
_SEVEN = {
    "100": Judged.ACCEPTED,
    "201": Judged.SERVER,  # our sender
    "202": Judged.ADDRESS_NEVER,
    "301": Judged.ADDRESS_NEVER,
    "305": Judged.MESSAGE_NEVER,
    "401": Judged.MESSAGE_NEVER,
    "402": Judged.MESSAGE_LATER,  # the same within three minutes
    "403": Judged.ADDRESS_LATER,  # this number's limit of the day
    "500": Judged.SERVER,  # credit
    "600": Judged.SERVER,
    "900": Judged.SERVER,  # key
    "901": Judged.SERVER,  # signature
    "902": Judged.SERVER,  # rights
    "903": Judged.SERVER,  # our address
}
SEVEN_PARTLY = "101"
"""At least one recipient failed; of one recipient, that one: its own entry tells why."""


def judge_status(status: int) -> Judged | None:
    """What a status alone says, None: the body has to be read.

    A redirect, a wrong address and a refused log-in are our set-up. Of most 5xx nobody knows what was done
    before.
    """
    if status in range(200, 300):
        return None
    if status in _OF_THE_MESSAGE:
        return Judged.MESSAGE_NEVER
    if status in range(300, 500) or status in _NOT_SENT_NOW:
        return Judged.SERVER
    return Judged.UNCERTAIN


def judge_kannel(body: str) -> Judged:
    """`0: Accepted for delivery` and `3: Queued for later delivery` are both theirs now."""
    found = _KANNEL.match(body)
    code = found[1] if found else ""
    if code in {"0", "3"}:
        return Judged.ACCEPTED
    return Judged.SERVER if code == "4" else Judged.UNCERTAIN


def judge_seven(code: str) -> Judged:
    """seven.io answers 200 to everything; its own code tells."""
    return _SEVEN.get(code, Judged.UNCERTAIN)
