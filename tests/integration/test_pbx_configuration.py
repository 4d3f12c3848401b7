"""Our configuration is complete, and Asterisk has nothing to say against it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pbx_bridge.asterisk.config import PLACEHOLDER, PhoneConfig, render
from tests.pbx.room import Room, quick_config
from tests.pbx.watch import Watch

FILES = Path(__file__).parents[2] / "docker" / "asterisk"
FOREIGN_NEWS = re.compile(r"\b(WARNING|ERROR)\b")


@pytest.mark.asterisk
async def test_a_call_leaves_no_warning_in_the_log_of_either_side(room: Room, watch: Watch) -> None:
    await watch.add_agent("anna")
    caller = await room.far.call("493023125100", name="Hans Müller")
    await room.far.converse(caller, "anna")
    await room.far.hang_up(caller)
    await room.far.over("anna")
    for log in (room.pbx.log, room.far.log):
        assert not [line for line in log.read_text().splitlines() if FOREIGN_NEWS.search(line)]


@pytest.mark.parametrize("file", sorted(FILES.glob("*.conf")), ids=lambda file: file.name)
def test_every_placeholder_is_explained_in_its_file_or_stands_beside_a_comment(file: Path) -> None:
    comments = " ".join(line for line in file.read_text().splitlines() if line.lstrip().startswith(";"))
    settings = [line for line in file.read_text().splitlines() if not line.lstrip().startswith(";")]
    used = {name for line in settings for name in PLACEHOLDER.findall(line)}
    explained_by_name = set(PLACEHOLDER.findall(comments))
    assert (
        used <= explained_by_name or file.name == "extensions.conf"
    )  # there each has its own line of comment


def test_whoever_is_fetched_ends_their_music_themselves() -> None:
    steps = [
        line.partition(" ;")[0]
        for line in (FILES / "secretariat.conf").read_text().splitlines()
        if line.startswith(("exten", " same"))
    ]
    fetches = [step for step in steps if re.search(r"\bBridge\(", step)]
    assert fetches
    assert all(re.search(r"\bBridge\([^,]+,pF\(", step) for step in fetches)
    waits = [number for number, step in enumerate(steps) if re.search(r"\bBridgeWait\((?!.*,e\(s\))", step)]
    assert waits
    assert all("FEATURE(xfersound)=${GLOBAL(SEC_SILENCE)}" in steps[at - 1] for at in waits)


def test_a_placeholder_that_nobody_fills_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="MODULES"):
        render(quick_config(5060), tmp_path, {"RUN_DIR": "x", "DATA": "x", "MOH": "x"})


def test_a_phone_registers_with_its_password_or_stands_at_its_address() -> None:
    registering = PhoneConfig("ben", password="long and random")
    fixed = PhoneConfig("anna", contact="sip:anna@127.0.0.1:5090")
    assert "password = long and random" in registering.sections
    assert "contact =" not in registering.sections
    assert "contact = sip:anna@127.0.0.1:5090" in fixed.sections


def test_no_phone_is_believed_by_its_name_alone() -> None:
    for phone in (PhoneConfig("anna"), PhoneConfig("anna", contact="sip:anna@127.0.0.1:5090")):
        assert "auth = anna\n" in phone.sections
        assert re.search(r"^password = \S{20,}$", phone.sections, re.MULTILINE)
        assert phone.password not in repr(phone)
    assert PhoneConfig("anna").password != PhoneConfig("anna").password


def test_a_phone_in_the_database_may_do_what_one_in_a_file_may() -> None:
    template = (FILES / "pjsip.conf").read_text()
    wanted = dict[str, str]()
    for section in ("both](!)", "agent-phone](!,both)"):
        part = template.partition(f"[{section}")[2].partition("\n[")[0]
        wanted |= dict(re.findall(r"(?m)^(\w+) = (\S+)$", part))
    told = (FILES / "secretariat_phones.conf").read_text()
    pieces = re.findall(r"Set\(SETTINGS=(?:\$\{SETTINGS\},)?(.*)\)$", told, re.MULTILINE)
    given = json.loads("{" + ",".join(pieces) + "}")
    # In a file all codecs are there unless they are disallowed first; of an object in the database none is.
    assert wanted.pop("type") == "endpoint"
    assert wanted.pop("disallow") == "all"
    assert given == wanted
    objects = re.findall(r"Set\(DB\(phone/(\w+)/\$\{NAME\}\)=(\{.*\})\)$", told, re.MULTILINE)
    assert [kind for kind, _ in objects] == ["auth", "aor", "endpoint"], (
        "no phone is there without its password"
    )
    for _, text in objects:
        json.loads(re.sub(r"\$\{SETTINGS\}", '"context":""', text))


def test_phones_are_looked_for_in_files_first_and_then_in_the_database() -> None:
    for kind in ("endpoint", "auth", "aor"):
        places = re.findall(rf"(?m)^{kind} = (.*)$", (FILES / "sorcery.conf").read_text())
        assert places == [f"config,pjsip.conf,criteria=type={kind}", "astdb,phone"]
