"""No line of the log carries an address, a number, a name or a secret, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from pbx_bridge import log

CANARIES = ("+49 30 23125100", "+493023125100", "030 23125-100", "0171 3920042", "anna@example.org")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, plain = root.handlers[:], root.level, structlog.get_config()
    stream = io.StringIO()
    log.configure("debug", "json", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**plain)
    for name in log.SILENCED:
        logging.getLogger(name).disabled = False


def written(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_and_level(lines: io.StringIO) -> None:
    structlog.get_logger().info("ami.up", version="22.10.1", queue_size=7, queue_name="sec")
    (line,) = written(lines)
    assert line["event"] == "ami.up"
    assert line["level"] == "info"
    assert str(line["timestamp"]).endswith("Z")
    assert (line["version"], line["queue_size"], line["queue_name"]) == ("22.10.1", 7, "sec")


@pytest.mark.parametrize("canary", CANARIES)
def test_numbers_and_addresses_vanish_from_texts(canary: str, lines: io.StringIO) -> None:
    structlog.get_logger().warning(f"refused {canary}", detail=[{"inner": f"<{canary}>"}])
    logging.getLogger("some.library").warning("sent %s to %s", canary, "server")
    assert len(written(lines)) == 2
    assert canary not in lines.getvalue()
    assert "sent *** to server" in lines.getvalue()


@pytest.mark.parametrize("key", ["caller_number", "email", "name", "ami.secret", "password", "text", "to"])
def test_personal_keys_keep_their_name_and_lose_their_value(key: str, lines: io.StringIO) -> None:
    structlog.get_logger().info("x", **{key: "Erika Beispiel"})
    (line,) = written(lines)
    assert line[key] == log.HIDDEN


def test_an_exception_is_cleaned_too(lines: io.StringIO) -> None:
    try:
        raise ValueError("no such user anna@example.org")
    except ValueError:
        structlog.get_logger().exception("failed")
    assert "ValueError" in lines.getvalue()
    assert "anna@example.org" not in lines.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "1763912345.67",
        "call 1763912345.67-a1 over after 0:42",
        "2026-11-23T10:42:00Z",
        "018f6d5e-7c3a-7e21-9f7e-1b2c3d4e5f60",
        "cause 17",
        "127.0.0.1:5060",
    ],
)
def test_ids_times_and_addresses_of_machines_stay_readable(text: str) -> None:
    assert log.scrub(text) == text


def test_panoramisk_says_nothing(lines: io.StringIO) -> None:
    for name in log.SILENCED:
        logging.getLogger(name).error("Action: Originate …")
    assert lines.getvalue() == ""


def test_values_of_any_kind_are_cleaned(lines: io.StringIO) -> None:
    class Note:
        def __repr__(self) -> str:
            return "Note(anna@example.org)"

    structlog.get_logger().info("x", note=Note(), nothing=None, flag=True)
    (line,) = written(lines)
    assert line["note"] == log.HIDDEN
    assert (line["nothing"], line["flag"]) == (None, True)
