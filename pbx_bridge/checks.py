"""`pbx-bridge check`: the settings in effect, and one try of every connection they describe."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pbx_bridge.ami.actions import Getvar
from pbx_bridge.ami.errors import ActionTimeout, LinkGone, SessionOver
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.ami.resync import Ask
from pbx_bridge.ami.session import LOOKS, AmiSession
from pbx_bridge.errors import StorageDownError
from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.sms.sms_http import SmsTransport
from pbx_bridge.settings import Settings, doubts, effective
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from rules.access.phones import TECHNOLOGY, phone_name
from rules.calls.nobody_free import keeps_files


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`what` was tried, whether it is fit for work, and in `words` what was seen."""

    what: str
    ok: bool
    words: str


NEWEST_CONTEXT = "sec-ringback"
"""A dial plan of ours without it is older than this service; any extension there begins with 1."""

Try = Callable[[Settings], Awaitable[CheckResult]]


async def report(settings: Settings) -> int:
    """Print settings and findings; the exit code is 0 when everything is fit for work, else 1."""
    console = Console()
    console.print(_settings_table(settings))
    findings = await asyncio.gather(*(attempt(settings) for attempt in (look_at_settings, *TRIES)))
    console.print(_findings_table(findings))
    return 0 if all(finding.ok for finding in findings) else 1


async def try_database(settings: Settings) -> CheckResult:
    """Open it and compare its schema with ours; a SQLite file that is not there yet is not made."""
    if _is_missing_file(settings.database.url):
        return CheckResult("database", ok=False, words="not made yet: run `pbx-bridge db upgrade`")
    database = Database(settings.database.full_url(), busy_seconds=settings.database.busy_timeout_seconds)
    try:
        refusal = await migrate.refusal(database)
    except StorageDownError as error:
        return CheckResult("database", ok=False, words=f"does not answer ({error})")
    finally:
        await database.close()
    if refusal is not None:
        return CheckResult("database", ok=False, words=f"{refusal.code}: run `pbx-bridge db upgrade`")
    return CheckResult("database", ok=True, words=f"{database.dialect}, schema as this version wants it")


async def try_pbx(settings: Settings) -> CheckResult:
    """Log in, take a snapshot, look for our dial plan, leave; says wrong secret and missing privileges as
    such. While a service is logged in, by looking on."""
    heard = asyncio.Event()
    link = AmiLink(settings.ami, lambda _event: heard.set(), queue=settings.pbx.queue)
    running = asyncio.create_task(link.run())
    patience = settings.ami.connect_timeout_seconds + settings.ami.action_timeout_seconds
    fault = ""
    try:
        await asyncio.wait_for(heard.wait(), patience)
        if link.state.up:
            fault = await _fault(link.send_together, settings)
    except TimeoutError:
        return CheckResult("PBX", ok=False, words="no answer in time")
    finally:
        state = link.state
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    if state.reason == "in_use":
        return await _look_on(settings)
    if not state.up:
        return CheckResult("PBX", ok=False, words=f"{state.reason} {state.detail}".strip())
    if fault:
        return CheckResult("PBX", ok=False, words=fault)
    return CheckResult("PBX", ok=True, words=f"logged in, Asterisk {state.version}")


async def try_mail(settings: Settings) -> CheckResult:
    """Connect, encrypt, log in, leave; no mail is sent."""
    try:
        await SmtpTransport(settings.mail, lambda: datetime.now(UTC)).check()
    except OSError as error:
        return CheckResult("mail", ok=False, words=str(error) or type(error).__name__)
    return CheckResult("mail", ok=True, words=f"{settings.mail.host} takes our mail")


async def try_sms(settings: Settings) -> CheckResult:
    """Reach the gateway; no SMS is sent."""
    if settings.sms.preset == "off":
        return CheckResult("SMS", ok=True, words="off")
    async with aiohttp.ClientSession() as session:
        try:
            await SmsTransport(settings.sms, session).check()
        except OSError as error:
            return CheckResult("SMS", ok=False, words=str(error) or type(error).__name__)
    return CheckResult("SMS", ok=True, words=f"{settings.sms.preset} can be reached")


async def try_voice_messages(settings: Settings) -> CheckResult:
    """The folder in which Asterisk writes them, and the announcement: nothing is promised that is missing."""
    what, free = "voice messages", settings.nobody_free
    for name in (free.announcement, free.call_back):
        if name and not (free.sounds / f"{name}.wav").is_file():
            words = f"no announcement {name}.wav in {free.sounds}: put it there, or empty the setting"
            return CheckResult(what, ok=False, words=words)
    if free.recordings.is_dir():
        fit = os.access(free.recordings, os.R_OK | os.W_OK | os.X_OK)
        words = (
            f"taken from {free.recordings}" if fit else f"{free.recordings} may not be read and written by us"
        )
        return CheckResult(what, ok=fit, words=words)
    if keeps_files(free.policy):
        words = f"{free.recordings} is not there: name the folder @VOICE@ as the service sees it"
        return CheckResult(what, ok=False, words=words)
    return CheckResult(what, ok=True, words="no folder, and the house takes none; companies that do need it")


async def _look_on(settings: Settings) -> CheckResult:
    """Somebody is logged in as the service, so it can be; what else there is to see others may look at."""
    ami = settings.ami.looking_on()
    ids = (f"check-{number}" for number in count(1))
    session = AmiSession(ami, ids, lambda *_: None, lambda _: None, lambda _: None, LOOKS)
    try:
        version = await session.open()
        fault = await _fault(session.ask, settings)
    except SessionOver as over:
        why = f"{over.down.reason} {over.down.detail}".strip()
        words = (
            f"somebody, most likely the service, is logged in as {settings.ami.username}, and {ami.username} "
            f"may not look on ({why}): copy manager.conf, `manager reload`"
        )
        return CheckResult("PBX", ok=False, words=words)
    except ActionTimeout:
        return CheckResult("PBX", ok=False, words="no answer in time")
    finally:
        session.end("shutdown")
    if fault:
        return CheckResult("PBX", ok=False, words=fault)
    beside = f"somebody, most likely the service, is logged in as {settings.ami.username}"
    return CheckResult("PBX", ok=True, words=f"{beside}; looked on at Asterisk {version}")


async def _fault(ask: Ask, settings: Settings) -> str:
    """What does harm and is seen from outside; "" for nothing."""
    return (
        await _fault_of_name(ask, settings.pbx.name)
        or await _fault_of_plan(ask)
        or await _missing_music(ask, settings.nobody_free.music)
    )


async def _fault_of_name(ask: Ask, name: str) -> str:
    """Where several share a database, each PBX says itself which of them a call is at."""
    called = await _value(ask, "SYSTEMNAME") if name else ""
    if called == name:
        return ""
    return (
        f'it calls itself "{called}", we call it "{name}": write `systemname = {name}` into asterisk.conf, '
        "under [options], and restart Asterisk; until then its Uniqueids may be those of another PBX"
    )


async def _fault_of_plan(ask: Ask) -> str:
    """What the dial plan lacks, in words: the newest of the contexts that this version needs, or a setting
    without which it works and does harm."""
    if await _value(ask, f"DIALPLAN_EXISTS({NEWEST_CONTEXT},10,1)") != "1":
        return "its dial plan is older than this version: copy secretariat*.conf"
    if not (await _value(ask, "SEC_SILENCE")).strip():
        return (
            "SEC_SILENCE is empty: hold music may go on when somebody is fetched; "
            "name 20 ms of silence in extensions.conf, without the ending of the file"
        )
    name = (await _value(ask, "DB_KEYS(phone/endpoint)")).partition(",")[0]
    if phone_name(TECHNOLOGY + name) and not await _value(ask, f"PJSIP_ENDPOINT({name},aors)"):
        return (
            "phones that were given are in its database, but it does not look there: "
            "copy sorcery.conf and restart Asterisk"
        )
    return ""


async def _missing_music(ask: Ask, names: Iterable[str]) -> str:
    """What companies may choose and would not hear."""
    for name in names:
        if not await _value(ask, f"AST_CONFIG(musiconhold.conf,{name},mode)"):
            return f"it has no music {name}: add it to musiconhold.conf, or take it out of nobody_free.music"
    return ""


async def _value(ask: Ask, variable: str) -> str:
    """Of the dial plan; "" when it is not there, or when nobody answers."""
    try:
        (answer,) = await ask(Getvar(variable))
    except LinkGone:
        return ""
    return answer.get("Value") if answer.ok else ""


async def look_at_settings(settings: Settings) -> CheckResult:
    """What works and is most likely not meant."""
    found = [f"{key} {words}" for key, words in doubts(settings)]
    return CheckResult("settings", ok=not found, words="; ".join(found) or "nothing contradicts itself")


TRIES: tuple[Try, ...] = (
    try_database,
    try_pbx,
    try_mail,
    try_sms,
    try_voice_messages,
)


def _is_missing_file(url: str) -> bool:
    path = url.removeprefix("sqlite:///")
    return path != url and not Path(path).exists()


def _settings_table(settings: Settings) -> Table:
    table = Table("setting", "value", box=None, title="Settings in effect", title_justify="left")
    for key, value in effective(settings):
        table.add_row(key, escape(str(value)))
    return table


def _findings_table(findings: Iterable[CheckResult]) -> Table:
    table = Table("connection", "", "", box=None, title="Connections", title_justify="left")
    for finding in findings:
        table.add_row(finding.what, "ok" if finding.ok else "NOT OK", escape(finding.words))
    return table
