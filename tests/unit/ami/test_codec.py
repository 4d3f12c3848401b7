from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.ami.codec import ACTIONS, HEADERS, MAX_LINE_BYTES, Framer, encode, event_name, parse
from pbx_bridge.ami.errors import Unsendable

STREAM = (
    b"Asterisk Call Manager/11.0.1\r\n"
    + "Event: Hangup\r\nCallerIDName: Jürgen Groß 📞\r\nUniqueid: 1.0\r\n\r\n".encode()
    + b"Response: Success\r\nActionID: 1\r\nMessage: \r\n\n"
    + b"Event: Hangup\r\nUniqueid: 1.1\r\nAccountCode: \r\n\r\n"
)


def cut(stream: bytes, *places: int) -> list[bytes]:
    framer = Framer()
    edges = [0, *sorted(places), len(stream)]
    found = [raw for left, right in pairwise(edges) for raw in framer.feed(stream[left:right])]
    assert framer.version == "11.0.1"
    return found


def test_every_cut_of_a_stream_gives_the_same_messages() -> None:
    whole = cut(STREAM)
    assert [parse(raw).name for raw in whole] == ["Hangup", "Success", "Hangup"]
    assert parse(whole[0]).get("CallerIDName") == "Jürgen Groß 📞"
    for place in range(len(STREAM) + 1):
        assert cut(STREAM, place) == whole


@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_number_of_cuts_gives_the_same_messages(places: list[int]) -> None:
    assert cut(STREAM, *places) == cut(STREAM)


def test_byte_by_byte_gives_the_same_messages() -> None:
    assert cut(STREAM, *range(len(STREAM))) == cut(STREAM)


def test_a_stream_without_greeting_is_read_too() -> None:
    assert Framer().feed(b"Event: Hangup\r\nUniqueid: 1.0\r\n\r\n") == [b"Event: Hangup\r\nUniqueid: 1.0"]


def test_endless_message_is_dropped_and_the_stream_goes_on() -> None:
    framer = Framer()
    for _ in range(40):
        assert framer.feed(b"x" * 65_536) == []
    after = framer.feed(b"x\r\n\r\nEvent: Hangup\r\n\r\n")
    assert after[-1] == b"Event: Hangup"
    assert len(after[0]) < 1 << 20


@pytest.mark.parametrize(
    "raw, name",
    [
        (b"Event: Hangup\r\nUniqueid: 1", b"Hangup"),
        (b"Event: Hangup", b"Hangup"),
        (b"Response: Success", b""),
        (b"", b""),
        (b"Eventually: not", b""),
    ],
)
def test_name_of_the_event_comes_from_the_first_line(raw: bytes, name: bytes) -> None:
    assert event_name(raw) == name


@given(st.binary(max_size=300))
def test_no_bytes_can_make_the_reader_fail(data: bytes) -> None:
    for raw in Framer().feed(data + b"\r\n\r\n"):
        event_name(raw)
        parse(raw)


def test_first_value_of_a_doubled_header_counts() -> None:
    frame = parse(b"Event: UserEvent\r\nUniqueid: 1.0\r\nUniqueid: 6.6")
    assert frame.get("Uniqueid") == "1.0"


@pytest.mark.parametrize(
    "text, number", [("12", 12), ("", 0), ("-1", 0), ("x", 0), ("9" * 5000, 0), ("²", 0)]
)
def test_number_of_a_header_never_fails(text: str, number: int) -> None:
    assert parse(f"Event: Hangup\r\nCause: {text}".encode()).number("Cause") == number


sendable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200)


@given(st.lists(st.tuples(st.sampled_from(sorted(HEADERS - {"Action"})), sendable), max_size=20))
def test_what_is_encoded_is_read_back_as_it_was(headers: list[tuple[str, str]]) -> None:
    data = encode([("Action", "Ping"), *headers])
    (raw,) = Framer().feed(data)
    lines = raw.decode().split("\r\n")
    assert lines[1:] == [f"{key}: {value}" for key, value in headers]


@given(st.text(max_size=60))
def test_no_value_can_become_a_second_line(value: str) -> None:
    try:
        data = encode([("Action", "Getvar"), ("Variable", value)])
    except Unsendable:
        return
    assert len(data.decode().splitlines()) == 3


@pytest.mark.parametrize(
    "header",
    [
        ("Application", "ChanSpy"),
        ("Data", "all"),
        ("Command", "core stop now"),
        ("action", "Ping"),
        ("Channel\r\nApplication", "x"),
        ("", "x"),
        ("Action", "Command"),
        ("Action", "Originate\r\nApplication: System"),
    ],
)
def test_unknown_header_or_action_is_refused(header: tuple[str, str]) -> None:
    with pytest.raises(Unsendable):
        encode([("Action", "Ping"), header])


def test_limits_of_asterisk_are_kept() -> None:
    room = MAX_LINE_BYTES - len("Variable: ")
    assert encode([("Action", "Getvar"), ("Variable", "x" * room)])
    with pytest.raises(Unsendable, match="1001 bytes"):
        encode([("Action", "Getvar"), ("Variable", "x" * (room + 1))])
    with pytest.raises(Unsendable, match="1001 bytes"):
        encode([("Action", "Getvar"), ("Variable", "x" * (room - 1) + "ü")])
    with pytest.raises(Unsendable, match="headers"):
        encode([("Action", "Originate"), *[("Variable", "a=b")] * 100])


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Unsendable):
        encode([("Action", "Getvar"), ("Variable", "\ud83d")])


def test_dangerous_actions_are_not_among_the_known() -> None:
    assert not ACTIONS & {
        "Command",
        "ModuleLoad",
        "MixMonitor",
        "Monitor",
        "AGI",
        "UpdateConfig",
        "JabberSend",
    }
