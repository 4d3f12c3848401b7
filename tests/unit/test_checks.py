"""`pbx-bridge check` says plainly what works and what does not, and shows no secret."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pbx_bridge import checks
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.settings import Secret, Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from tests.ami_server import fake_ami, message
from tests.mail_server import running_mail_server


@pytest.fixture
def nowhere(tmp_path: Path) -> Settings:
    """Settings under which nothing can be reached."""
    plain = Settings()
    return dataclasses.replace(
        plain,
        database=dataclasses.replace(plain.database, url=f"sqlite:///{tmp_path / 'bridge.db'}"),
        ami=dataclasses.replace(plain.ami, port=free_port(), secret=Secret("hunter-two")),
        mail=dataclasses.replace(plain.mail, port=free_port()),
        sms=dataclasses.replace(plain.sms, preset="kannel", url=f"http://127.0.0.1:{free_port()}/"),
        nobody_free=dataclasses.replace(
            plain.nobody_free, ending="message", recordings=tmp_path / "voice", sounds=tmp_path / "sounds"
        ),
    )


async def test_whatever_cannot_be_reached_is_not_ok(nowhere: Settings) -> None:
    findings = [await attempt(nowhere) for attempt in checks.TRIES]
    assert [(finding.what, finding.ok) for finding in findings] == [
        ("database", False),
        ("PBX", False),
        ("mail", False),
        ("SMS", False),
        ("voice messages", False),
    ]
    assert all(finding.words for finding in findings)


async def test_the_report_shows_every_setting_but_no_secret(
    nowhere: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await checks.report(nowhere) == 1
    shown = capsys.readouterr().out
    assert "transfers.ring_seconds" in shown
    assert "hunter-two" not in shown
    assert "NOT OK" in shown


async def test_a_missing_database_is_not_made_by_looking(nowhere: Settings, tmp_path: Path) -> None:
    finding = await checks.try_database(nowhere)
    assert "pbx-bridge db upgrade" in finding.words
    assert list(tmp_path.iterdir()) == []


async def test_an_upgraded_database_is_fit(nowhere: Settings) -> None:
    database = Database(nowhere.database.full_url())
    await migrate.upgrade(database)
    await database.close()
    assert (await checks.try_database(nowhere)).ok


SILENCE = "/usr/share/asterisk/silence-20ms"
PLANS = {
    # newest context, SEC_SILENCE, phones in its database, what the SIP stack knows of one → what is said
    ("1", SILENCE, "", ""): "Asterisk 22",
    ("1", SILENCE, "anna,ben", "anna"): "Asterisk 22",
    ("1", SILENCE, "anna,ben", ""): "copy sorcery.conf and restart Asterisk",
    ("1", SILENCE, "an)na", ""): "Asterisk 22",
    ("1", "", "", ""): "SEC_SILENCE is empty: hold music may go on",
    ("1", " ", "", ""): "SEC_SILENCE is empty: hold music may go on",
    ("0", SILENCE, "", ""): "copy secretariat",
    ("0", "", "", ""): "copy secretariat",
}
ASKED = (
    "DIALPLAN_EXISTS(sec-ringback,10,1)",
    "SEC_SILENCE",
    "DB_KEYS(phone/endpoint)",
    "PJSIP_ENDPOINT(anna,aors)",
)


@pytest.mark.parametrize("plan", PLANS)
async def test_a_pbx_is_fit_when_its_dial_plan_is_as_new_as_we_are(
    nowhere: Settings, plan: tuple[str, str, str, str]
) -> None:
    async with fake_ami() as pbx:
        pbx.special["Getvar"] = lambda asked: message(
            "Response: Success",
            f"ActionID: {asked['ActionID']}",
            f"Value: {plan[ASKED.index(asked['Variable'])]}",
        )
        ami = dataclasses.replace(nowhere.ami, port=pbx.port, secret=Secret("geheim"))
        finding = await checks.try_pbx(dataclasses.replace(nowhere, ami=ami))
    assert finding.ok is (PLANS[plan] == "Asterisk 22")
    assert PLANS[plan] in finding.words


@pytest.mark.parametrize("looks_on", [True, False])
async def test_beside_a_service_one_looks_on(nowhere: Settings, *, looks_on: bool) -> None:
    async with fake_ami() as pbx:
        known = pbx._login

        def log_in(asked: dict[str, str]) -> bytes:
            if asked["Username"] == "bridge":
                return pbx.refuse(asked, "Login Already In Use")
            return known(asked) if looks_on else pbx.refuse(asked, "Authentication failed")

        pbx.special["Login"] = log_in
        pbx.permitted = {"CoreShowChannels", "Getvar", "QueueStatus"}
        pbx.special["Getvar"] = lambda asked: message(
            "Response: Success",
            f"ActionID: {asked['ActionID']}",
            f"Value: {'1' if asked['Variable'] else ''}",
        )
        finding = await checks.try_pbx(dataclasses.replace(nowhere, ami=pbx.settings()))
    assert finding.ok is looks_on
    said = "looked on at Asterisk 22" if looks_on else "bridge-look may not look on (wrong_secret"
    assert said in finding.words
    assert "is logged in as bridge" in finding.words


async def test_a_certificate_file_that_is_missing_is_named(tmp_path: Path) -> None:
    async with running_mail_server(tmp_path) as mail:
        right, wrong = mail.settings(), mail.settings(ca_file="missing.pem")
        assert (await checks.try_mail(dataclasses.replace(Settings(), mail=right))).ok
        finding = await checks.try_mail(dataclasses.replace(Settings(), mail=wrong))
    assert not finding.ok
    assert "mail.ca_file cannot be read: No such file or directory" in finding.words


async def test_voice_messages_are_promised_only_where_there_is_a_folder_for_them(nowhere: Settings) -> None:
    free = nowhere.nobody_free
    assert "@VOICE@" in (await checks.try_voice_messages(nowhere)).words
    free.recordings.mkdir()
    assert (await checks.try_voice_messages(nowhere)).ok
    said = dataclasses.replace(nowhere, nobody_free=dataclasses.replace(free, announcement="spaeter"))
    assert "no announcement spaeter.wav" in (await checks.try_voice_messages(said)).words
    free.sounds.mkdir()
    (free.sounds / "spaeter.wav").touch()
    assert (await checks.try_voice_messages(said)).ok
    assert (await checks.try_voice_messages(Settings())).ok


async def test_sms_that_is_off_is_fine() -> None:
    assert (await checks.try_sms(Settings())).ok


@pytest.mark.parametrize(
    "url,trusted,key",
    [
        ("http://localhost:8080", (), ""),
        ("http://127.0.0.1:8080", (), ""),
        ("http://[::1]:8080", (), ""),
        ("http://sekretariat.localhost", (), ""),
        ("https://sekretariat.example.org", ("127.0.0.1",), ""),
        ("https://sekretariat.example.org", (), "web.trusted_proxies"),
        ("http://sekretariat.example.org", (), "web.public_url"),
        ("http://sekretariat.example.org", ("127.0.0.1",), "web.public_url"),
        ("HTTP://192.0.2.7:8080", (), "web.public_url"),
        ("http://localhost.example.org", (), "web.public_url"),
        ("http://127.0.0.1.example.org", (), "web.public_url"),
    ],
)
async def test_an_address_that_anybody_can_listen_to_is_not_taken_silently(
    url: str, trusted: tuple[str, ...], key: str, nowhere: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = dataclasses.replace(
        nowhere, web=dataclasses.replace(nowhere.web, public_url=url, trusted_proxies=trusted)
    )
    finding = await checks.look_at_settings(settings)
    assert (finding.ok, key in finding.words) == (not key, True)
    await checks.report(settings)
    (said,) = [line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == ["settings"]]
    assert ("NOT OK" in said) is bool(key)
