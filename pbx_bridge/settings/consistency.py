"""What no single key can tell: settings that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pbx_bridge.settings.addresses import is_this_machine, network_of
from pbx_bridge.settings.sections import Settings
from rules.calls.nobody_free import SOUND
from rules.fault import Fault
from rules.text.email import is_email
from rules.text.holidays import STATES
from rules.text.working_hours import read_week

LONGEST_LEASE = 300
SHORTEST_WAIT = 10


def contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    """(key, what is wrong and what to do) for each pair of settings that cannot both hold."""
    yield from _addresses(settings)
    yield from _times(settings)
    yield from _telephony(settings)
    yield from _senders(settings)
    yield from _alarms(settings)
    yield from _nobody_free(settings)


def _alarms(settings: Settings) -> Iterator[tuple[str, str]]:
    alarms = settings.alarms
    for text in alarms.to:
        if not is_email(text):
            yield "alarms.to", f'"{text}" must be one address, as "betrieb@example.org"'
    if alarms.sms_to and not re.fullmatch(r"\+[1-9][0-9]{6,14}", alarms.sms_to):
        yield "alarms.sms_to", 'must be a number with its country, as "+491713920040", or empty'
    if alarms.sms_to and settings.sms.preset == "off":
        yield "alarms.sms_to", "needs a gateway: set sms.preset, or leave it empty"


def _addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    if not _is_full(settings.web.public_url):
        yield "web.public_url", 'must be a full address, e.g. "https://sekretariat.example.org"'
    database = urlsplit(settings.database.url)
    if database.scheme not in {"sqlite", "postgresql"}:
        yield "database.url", 'must begin with "sqlite:///" or "postgresql://"'
    if settings.database.password and not database.username:
        yield "database.url", "has no user, although there is a password: postgresql://user@host/name"
    if database.password:
        yield "database.url", "carries a password: take it out and set PBX_BRIDGE_DATABASE_PASSWORD"

    for text in settings.web.trusted_proxies:
        if not _is_some_network(text):
            yield "web.trusted_proxies", f'"{text}" must be an address or a network, as "10.0.0.0/8", not all'


def doubts(settings: Settings) -> Iterator[tuple[str, str]]:
    """(key, what it leads to) for what works and is most likely not meant."""
    public = urlsplit(settings.web.public_url)
    if public.scheme == "http" and not is_this_machine(public.hostname or ""):
        yield (
            "web.public_url",
            "is not encrypted: passwords and notes can be read on the way; use https behind a proxy with TLS",
        )
    if public.scheme == "https" and not settings.web.trusted_proxies:
        yield (
            "web.trusted_proxies",
            "is empty: everybody behind the proxy is one stranger, who shares limits and waiting times",
        )


def _is_full(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_some_network(text: str) -> bool:
    """All addresses are no network: then everybody could say who it is."""
    try:
        return network_of(text).prefixlen > 0
    except ValueError:
        return False


def _times(settings: Settings) -> Iterator[tuple[str, str]]:
    ami, auth = settings.ami, settings.auth
    if ami.dead_after_seconds <= ami.ping_seconds:
        yield "ami.dead_after_seconds", "must be more than ami.ping_seconds, or a healthy link looks dead"
    if ami.backoff_max_seconds < ami.backoff_min_seconds:
        yield "ami.backoff_max_seconds", "must not be less than ami.backoff_min_seconds"
    if auth.delay_max_seconds < auth.delay_first_seconds:
        yield "auth.delay_max_seconds", "must not be less than auth.delay_first_seconds"
    if settings.delivery.lease_seconds > LONGEST_LEASE:
        yield (
            "delivery.lease_seconds",
            f"must not be more than {LONGEST_LEASE}: so long a message of a killed service is left alone; "
            "while one is sent it is renewed",
        )


def _telephony(settings: Settings) -> Iterator[tuple[str, str]]:
    pbx, transfers = settings.pbx, settings.transfers
    if not re.fullmatch(r"([a-z][a-z0-9]{0,19})?", pbx.name):
        yield (
            "pbx.name",
            'must be at most 20 small letters and digits, a letter first, as "berlin1", or empty',
        )
    if pbx.rtp_end <= pbx.rtp_start:
        yield "pbx.rtp_end", "must be more than pbx.rtp_start"
    if transfers.hold_limit_seconds <= transfers.ring_seconds + transfers.grace_seconds:
        yield "transfers.hold_limit_seconds", "must be more than one ringing time and the grace time together"
    if not _is_pattern(transfers.internal):
        yield "transfers.internal", 'must be a pattern of digits, as "[1-8][0-9]{1,3}", or empty'
    if not re.fullmatch(r"[\w.-]+", pbx.internal_via):
        yield "pbx.internal_via", 'must be the name of an endpoint, as "trunk"'
    for name, way in pbx.phones.items():
        if way != "register" and not way.startswith("sip:"):
            yield f"pbx.phones.{name}", 'must be "register" or an address as "sip:anna@192.0.2.7:5060"'


def _is_pattern(text: str) -> bool:
    """A regular expression of which Python and Asterisk (POSIX) think the same."""
    try:
        return bool(re.fullmatch(r"[0-9\[\](){},|?*+-]*", text) and re.compile(text))
    except re.error:
        return False


def _senders(settings: Settings) -> Iterator[tuple[str, str]]:
    mail, sms = settings.mail, settings.sms
    if mail.tls and mail.starttls == "required":
        yield (
            "mail.starttls",
            'must be "never" when mail.tls is true: it is encrypted from the start',
        )
    if not is_email(mail.from_address):
        yield "mail.from_address", 'must be one address, as "sekretariat@example.org"'
    if mail.password and not mail.username:
        yield "mail.username", "is empty although there is a password"
    if sms.preset != "off" and not sms.url:
        yield "sms.url", f'is empty: sms.preset = "{sms.preset}" needs the address of the gateway'
    if sms.preset != "off" and not sms.secret:
        yield "sms.secret", "is empty: set PBX_BRIDGE_SMS_SECRET or PBX_BRIDGE_SMS_SECRET_FILE"


def _nobody_free(settings: Settings) -> Iterator[tuple[str, str]]:
    free = settings.nobody_free
    if isinstance(fault := read_week(free.hours), Fault):
        found = fault.params.get("found", free.hours)
        yield (
            "nobody_free.hours",
            f'"{found}" cannot be read: write days and times, e.g. "Mo–Fr 8–18; Sa 9–13"',
        )
    if free.state not in {"", *STATES}:
        yield "nobody_free.state", 'must be two letters of a German state, e.g. "BE", or empty'
    if free.zone not in available_timezones():
        yield "nobody_free.zone", 'must be the name of a clock, e.g. "Europe/Berlin"'
    if free.after_seconds < SHORTEST_WAIT:
        yield "nobody_free.after_seconds", f"must be {SHORTEST_WAIT} at least: no phone rings shorter"
    if free.announcement and not SOUND.fullmatch(free.announcement):
        yield "nobody_free.announcement", "must be the name of a file without .wav: letters, digits, - and _"
    if free.call_back and not SOUND.fullmatch(free.call_back):
        yield "nobody_free.call_back", "must be the name of a file without .wav: letters, digits, - and _"
    for name in free.music:
        if not SOUND.fullmatch(name):
            yield (
                "nobody_free.music",
                f'"{name}" must be a class of musiconhold.conf: letters, digits, - and _',
            )
    said = {free.ending, free.outside if free.hours else ""}
    if "announcement" in said and not free.announcement:
        yield (
            "nobody_free.announcement",
            "is empty: name a file of nobody_free.sounds, or choose another ending",
        )
