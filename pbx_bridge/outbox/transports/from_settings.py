"""Which transport carries which channel, as the settings have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import aiohttp

from pbx_bridge.outbox import reports
from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.sms.sms_http import SmsTransport
from pbx_bridge.outbox.transports.transport import Transport
from pbx_bridge.settings import Settings
from rules.model import Channel


def transports(
    settings: Settings, session: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> dict[Channel, Transport]:
    """A channel that is switched off has none; nothing is made for it."""
    found: dict[Channel, Transport] = {Channel.EMAIL: SmtpTransport(settings.mail, clock)}
    if settings.sms.preset != "off":
        found[Channel.SMS] = SmsTransport(settings.sms, session, settings.web.public_url + reports.PATH)
    return found
