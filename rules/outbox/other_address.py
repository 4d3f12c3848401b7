"""Where a message may be sent instead: an e-mail address, or a mobile number for an SMS."""

from __future__ import annotations

from rules.fault import Fault
from rules.model import Channel
from rules.text.email import LONGEST, bare_email, is_email, split_emails
from rules.text.phone_numbers import is_mobile, to_e164

FIELD = "address"


def read_other_address(typed: str, channel: Channel, region: str) -> str | Fault:
    """The address as it is stored; `region`: two letters, in which a national number is read.

    Faults: required, too_long, email, email_two, mobile.
    """
    text = typed.strip()
    if not text:
        return Fault(FIELD, "required")
    if len(text) > 2 * LONGEST:
        return Fault(FIELD, "too_long", {"length": str(len(text)), "max": str(LONGEST)})
    if channel is Channel.SMS:
        number = to_e164(text, region)
        return number if number and is_mobile(number) else Fault(FIELD, "mobile")
    address = bare_email(text)
    if is_email(address):
        return address
    several = len([one for one in split_emails(text) if is_email(one)]) > 1
    return Fault(FIELD, "email_two" if several else "email")
