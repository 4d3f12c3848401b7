from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest

from pbx_bridge.calls.effects import EndReason
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk import schema
from pbx_bridge.desk.session.commands import HANDLERS
from pbx_bridge.desk.session.connection import CloseCode
from pbx_bridge.desk.stream.projection import FOLDS
from pbx_bridge.web.i18n import catalogue
from rules.customers.change_feed import NewsKind

DOCUMENT = Path(schema.FILE).with_name("desk-protocol.md").read_text(encoding="utf-8")
EVENTS = get_args(p.Event)
COMMANDS = get_args(p.ClientCommand)


def tag(kind: type) -> str:
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]


def test_the_json_schema_is_the_one_that_the_messages_give() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "run python -m pbx_bridge.desk.schema"


def test_a_client_knows_what_to_do_with_every_event() -> None:
    assert set(FOLDS) == set(EVENTS)


def test_every_command_has_its_deed() -> None:
    assert set(HANDLERS) | {p.Resync, p.CheckNote, p.Find} == set(COMMANDS)


@pytest.mark.parametrize("kind", [*EVENTS, *COMMANDS], ids=tag)
def test_every_message_is_described(kind: type) -> None:
    assert f"| `{tag(kind)}` |" in DOCUMENT


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_described(code: CloseCode) -> None:
    assert f"| {code.value} | `{code.name.lower()}` |" in DOCUMENT


def test_the_schema_takes_what_we_send_and_refuses_what_we_do_not_know() -> None:
    validator = jsonschema.Draft202012Validator(schema.schema())
    answer = msgspec.to_builtins(p.Answer("7f3a", ok=False, code="vip_only"))
    ring = {"type": "ring", "id": "7f3a", "call": "c", "employee": "e"}
    for message in (answer, ring, {"seq": 1, "event": {"type": "call_closed", "call": "c"}}):
        validator.validate(json.loads(json.dumps(message)))
    for message in ({"type": "ring", "id": "7f3a"}, {"type": "ring_all", "id": "1"}, {"seq": 1}):
        assert not validator.is_valid(message)


@pytest.mark.parametrize(
    "message",
    [
        '{"type": "ring", "id": "1", "call": "c"}',
        '{"type": "ring", "id": "1", "call": "c", "employee": "e", "mode": "loud"}',
        '{"type": "snapshot"}',
        '{"id": "1"}',
        "[]",
    ],
)
def test_what_is_not_in_the_closed_set_is_not_read(message: str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        msgspec.json.decode(message, type=p.ClientCommand)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(
    "key",
    [f"news.{kind}" for kind in NewsKind]
    + [f"news_when.{form}" for form in ("day", "days", "hours", "long", "date")]
    + ["pop.unassigned", "pop.neutral_greeting", "pop.neutral_instruction"]
    + [f"say.{form}" for form in ("name_company", "name", "company", "number", "unknown", "deputy")],
)
def test_the_sentences_of_the_service_are_there_in_both_languages(locale: str, key: str) -> None:
    assert catalogue("desk", locale)[key]


def test_every_reason_why_a_call_can_end_is_one_of_the_protocol() -> None:
    told = set(get_args(p.EndReason))
    assert told == {reason.value for reason in EndReason} | {"requeued"}
    assert {reason for reason in told if f"`{reason}`" not in DOCUMENT} == set()
