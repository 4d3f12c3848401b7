from __future__ import annotations

import pytest

from rules.office.processing import Processor, Protection, ServerKind, ServerPlace, place_of, processor


@pytest.mark.parametrize(
    "host,place",
    [
        ("", ServerPlace.HERE),
        ("localhost", ServerPlace.HERE),
        ("127.0.0.1", ServerPlace.HERE),
        ("[::1]", ServerPlace.HERE),
        ("10.1.2.3", ServerPlace.INSIDE),
        ("mail", ServerPlace.INSIDE),
        ("mail.house.lan", ServerPlace.INSIDE),
        ("fd00::1", ServerPlace.INSIDE),
        ("192.168.1.20", ServerPlace.INSIDE),
        ("8.8.8.8", ServerPlace.OUTSIDE),
        ("mail.example.org", ServerPlace.OUTSIDE),
    ],
)
def test_where_a_server_is(host: str, place: ServerPlace) -> None:
    assert place_of(host) is place


def test_only_an_open_way_to_another_machine_is_doubtful() -> None:
    assert processor(ServerKind.MAIL, "", encrypted=False, off=True) == Processor(
        ServerKind.MAIL, ServerPlace.OFF, Protection.NOT_NEEDED
    )
    assert processor(ServerKind.PBX, "127.0.0.1", encrypted=False).protection is Protection.NOT_NEEDED
    assert processor(ServerKind.MAIL, "mail.example.org", encrypted=True).protection is Protection.TLS
    assert processor(ServerKind.MAIL, "10.1.2.3", encrypted=False).is_doubtful
    assert not processor(ServerKind.MAIL, "10.1.2.3", encrypted=True).is_doubtful
