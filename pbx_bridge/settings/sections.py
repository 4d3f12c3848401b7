"""One frozen class per section of `settings.toml`; what each key means is written there, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote, urlsplit

from pbx_bridge.settings.values import Bytes, Count, Days, MemoryKib, Port, Seconds, Secret, Size
from rules.fault import Fault
from rules.fields.nobody_free import Ending, NobodyFree, Outside
from rules.text.working_hours import WorkingHours, read_week
from rules.vocabulary import FIRST_LANGUAGE


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where browsers reach us."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = "http://localhost:8080"
    brand: str = ""
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    max_connections: Size = 2_000
    max_connections_per_address: Size = 500
    head_seconds: Seconds = 20
    max_body_bytes: Bytes = 4_000_000
    body_seconds: Seconds = 20
    send_seconds: Seconds = 30


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where everything is kept."""

    url: str = "sqlite:///var/pbx-bridge.db"
    password: Secret = field(default_factory=Secret)
    busy_timeout_seconds: Seconds = 5
    answer_timeout_seconds: Seconds = 5
    lease_seconds: Seconds = 15

    def full_url(self) -> str:
        """`url` with the password in its place: for the driver, never for a log."""
        if not self.password:
            return self.url
        parts = urlsplit(self.url)
        user, _, host = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{user}:{quote(self.password.reveal(), safe='')}@{host}").geturl()


LOOKS_ON = "-look"
"""Behind the service's own name in manager.conf: whoever looks on beside it, and can do nothing."""


@dataclass(frozen=True, slots=True)
class AmiSettings:
    """The link to the PBX."""

    host: str = "127.0.0.1"
    port: Port = 5038
    username: str = "pbx-bridge"
    secret: Secret = field(default_factory=Secret)
    tls: bool = False
    ca_file: str = ""
    server_name: str = ""
    connect_timeout_seconds: Seconds = 5
    ping_seconds: Seconds = 5
    dead_after_seconds: Seconds = 12
    action_timeout_seconds: Seconds = 3
    backoff_min_seconds: Seconds = 0.25
    backoff_max_seconds: Seconds = 5
    queue_size: Size = 10_000

    def looking_on(self) -> AmiSettings:
        """For whoever is not the service, which Asterisk lets in alone."""
        return replace(self, username=self.username + LOOKS_ON)


@dataclass(frozen=True, slots=True)
class PbxSettings:
    """Our own Asterisk, where we run one, and the names by which any Asterisk knows our parts."""

    name: str = ""
    queue: str = "sec"
    run_dir: Path = Path("var/pbx")
    suite: str = ""
    sip_port: Port = 5060
    ami_port: Port = 5038
    rtp_start: Port = 10_000
    rtp_end: Port = 10_999
    trunk_peer: str = "127.0.0.1:5070"
    internal_via: str = "trunk"
    phone_server: str = ""
    phone_transport: Literal["udp", "tcp", "tls"] = "udp"
    phones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CallSettings:
    """Calls on their way to an agent."""

    caller: Literal["asserted", "from"] = "asserted"
    wrap_up_seconds: Seconds = 20
    service_level_seconds: Seconds = 20
    dispatcher_size: Size = 50_000

    @property
    def in_time(self) -> timedelta:
        """Within which an answer counts as in time, on floor, desk and portal."""
        return timedelta(seconds=self.service_level_seconds)


@dataclass(frozen=True, slots=True)
class TransferSettings:
    """Put-through: how long each step may take and which numbers may be dialled."""

    ring_seconds: Seconds = 20
    hold_limit_seconds: Seconds = 150
    wait_seconds: Seconds = 25
    grace_seconds: Seconds = 3
    park_seconds: Seconds = 20
    max_attempts: Size = 3
    caller_id: str = ""
    caller_shown: Literal["from", "pai", "ppi", "pai-bare", "ppi-bare"] = "from"
    allowed_countries: tuple[str, ...] = ("DE",)
    allowed_kinds: tuple[Literal["geographic", "mobile", "voip"], ...] = ("geographic", "mobile")
    internal: str = ""


@dataclass(frozen=True, slots=True)
class NobodyFreeSettings:
    """What happens to callers for whom nobody is free, where their company has nothing of its own."""

    hours: str = ""
    state: str = ""
    zone: str = "Europe/Berlin"
    outside: Literal["busy", "announcement", "message"] = "message"
    after_seconds: Seconds = 300
    ending: Literal["hang_up", "busy", "announcement", "message"] = "hang_up"
    announcement: str = ""
    call_back: str = ""
    music: tuple[str, ...] = ()
    recordings: Path = Path("var/pbx/spool/voice")
    sounds: Path = Path("var/announcements")

    @property
    def policy(self) -> NobodyFree:
        """As the rules have it."""
        week = read_week(self.hours)
        hours = None if week is None or isinstance(week, Fault) else WorkingHours(week, self.state)
        ending, outside = Ending(self.ending), Outside(self.outside)
        after = int(self.after_seconds)
        return NobodyFree(hours, outside, after, ending, self.announcement, self.call_back)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server that takes our notifications."""

    host: str = "127.0.0.1"
    port: Port = 587
    starttls: Literal["required", "never"] = "required"
    tls: bool = False
    ca_file: str = ""
    username: str = ""
    password: Secret = field(default_factory=Secret)
    from_address: str = "sekretariat@example.org"
    from_name: str = "Ihr Sekretariat"
    connect_timeout_seconds: Seconds = 10
    timeout_seconds: Seconds = 600


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The gateway that takes our SMS."""

    preset: Literal["off", "kannel", "seven"] = "off"
    url: str = ""
    username: str = ""
    secret: Secret = field(default_factory=Secret)
    sender: str = "Sekretariat"
    timeout_seconds: Seconds = 15
    delivery_report: bool = True
    signing_key: Secret = field(default_factory=Secret)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How notifications leave the outbox."""

    workers: Size = 2
    lease_seconds: Seconds = 60
    poll_seconds: Seconds = 5
    drain_seconds: Seconds = 5


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """Who is told when something needs a person, and from when on."""

    to: tuple[str, ...] = ()
    sms_to: str = ""
    language: str = FIRST_LANGUAGE
    after_minutes: Size = 30
    trouble_minutes: Size = 5
    remind_hours: Count = 4


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """Log-in."""

    session_hours: Size = 12
    idle_minutes: Size = 240
    argon2_memory_kib: MemoryKib = 19_456
    argon2_time_cost: Size = 2
    delay_first_seconds: Seconds = 1
    delay_max_seconds: Seconds = 60
    free_attempts: Count = 3
    second_factor: Literal["required", "offered"] = "required"


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The agents' WebSocket."""

    history_size: Size = 500
    client_queue_size: Size = 200
    heartbeat_seconds: Seconds = 10
    beat_seconds: Seconds = 5
    max_message_bytes: Size = 262_144
    allowed_origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """Employees' calendars elsewhere that we read."""

    refresh_minutes: Size = 15
    allow_loopback: bool = False


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written down while running."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long personal data stays."""

    note_days: Days = 90
    call_days: Days = 90
    outbox_days: Days = 7
    undelivered_days: Days = 400
    access_days: Days = 90
    appointment_days: Days = 365
    ended_days: Days = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections; `Settings()` is what an empty file means."""

    web: WebSettings = field(default_factory=WebSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    ami: AmiSettings = field(default_factory=AmiSettings)
    pbx: PbxSettings = field(default_factory=PbxSettings)
    calls: CallSettings = field(default_factory=CallSettings)
    transfers: TransferSettings = field(default_factory=TransferSettings)
    nobody_free: NobodyFreeSettings = field(default_factory=NobodyFreeSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    auth: AuthSettings = field(default_factory=AuthSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    calendar: CalendarSettings = field(default_factory=CalendarSettings)
    log: LogSettings = field(default_factory=LogSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
