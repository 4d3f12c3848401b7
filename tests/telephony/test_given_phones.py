"""Phones that we gave stand in Asterisk's own database, and those that nobody has any more do not."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from pbx_bridge.ami.actions import Action, DBGet, Getvar, Originate, Response
from pbx_bridge.ami.codec import encode
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.telephony.astdb.given_phones import GivenPhones
from rules.access.phones import password_digest
from tests.fake_astdb import FakeAstdb

ANNA, BEN, ANEW = (
    password_digest(name, password)
    for name, password in (("anna", "eins"), ("ben", "zwei"), ("anna", "drei"))
)


class Pbx:
    """`deaf`: its dial plan is too old. `blind`: its SIP stack does not look into the database. `gone_after`:
    so many actions."""

    def __init__(self) -> None:
        self.db = FakeAstdb()
        self.sent: list[Action] = []
        self.answers: list[Response] = []
        self.deaf = self.blind = False
        self.gone_after = 1_000_000

    async def send(self, action: Action) -> Response:
        if not self.gone_after:
            raise LinkGone("cut")
        self.gone_after -= 1
        encode(action.headers())  # raises what cannot be sent
        self.sent.append(action)
        answer = self._answer(action)
        if not answer.ok:
            raise ActionFailed(action.name, answer.message)
        self.answers.append(answer)
        return answer

    def _answer(self, action: Action) -> Response:
        if isinstance(action, DBGet):
            return self.db.read(action)
        if isinstance(action, Getvar):
            return Response(ok=True, message="") if self.blind else self.db.value(action)
        if not self.deaf:
            self.db.take(action)
        return Response(ok=True, message="Originate successfully queued")

    def written(self) -> int:
        """Writes since the last time of asking."""
        writes = sum(isinstance(action, Originate) for action in self.sent)
        self.sent.clear()
        return writes


async def told(pbx: Pbx, phones: GivenPhones, **wanted: str) -> dict[str, str]:
    """The PBX has been told; the phones that it knows then."""
    phones.set_desired(wanted)
    assert await phones.sync()
    return pbx.db.phones


async def test_a_phone_is_told_once_and_then_only_what_differs() -> None:
    pbx = Pbx()
    phones = GivenPhones(pbx)
    assert await told(pbx, phones, anna=ANNA, ben=BEN) == {"anna": ANNA, "ben": BEN}
    assert pbx.written() == 3  # with the word that these are all
    assert await told(pbx, phones, anna=ANNA, ben=BEN)
    assert pbx.sent == []
    assert await told(pbx, phones, anna=ANEW, ben=BEN) == {"anna": ANEW, "ben": BEN}
    assert pbx.written() == 1
    assert await told(pbx, phones, ben=BEN) == {"ben": BEN}
    assert pbx.written() == 1


async def test_what_was_taken_away_while_nobody_told_the_pbx_is_gone_with_the_next_connect() -> None:
    pbx = Pbx()
    await told(pbx, GivenPhones(pbx), anna=ANNA, ben=BEN)
    assert await told(pbx, GivenPhones(pbx), ben=BEN) == {"ben": BEN}  # a new life of the service
    assert [list(book) for book in pbx.db.books.values()] == [["ben"]]
    assert await told(pbx, GivenPhones(pbx)) == {}


async def test_nobody_is_out_while_a_new_life_of_the_service_has_not_told_all() -> None:
    pbx = Pbx()
    await told(pbx, GivenPhones(pbx), anna=ANNA, ben=BEN)
    after = GivenPhones(pbx)
    after.set_desired({"anna": ANNA, "ben": BEN})
    for pbx.gone_after in range(1, 7):
        after.invalidate()
        assert not await after.sync()
        assert pbx.db.phones == {"anna": ANNA, "ben": BEN}


async def test_a_pbx_that_lost_its_database_gets_everything() -> None:
    pbx = Pbx()
    phones = GivenPhones(pbx)
    await told(pbx, phones, anna=ANNA, ben=BEN)
    pbx.db = FakeAstdb()
    phones.invalidate()
    assert await phones.sync()
    assert pbx.db.phones == {"anna": ANNA, "ben": BEN}


async def test_what_changed_while_the_wire_was_cut_is_told_when_it_is_back() -> None:
    pbx = Pbx()
    phones = GivenPhones(pbx)
    await told(pbx, phones, anna=ANNA, ben=BEN)
    pbx.gone_after = 0
    phones.set_desired({"anna": ANEW})
    assert not await phones.sync()
    pbx.gone_after = 100
    phones.invalidate()
    assert await phones.sync()
    assert pbx.db.phones == {"anna": ANEW}


async def test_a_pbx_that_does_not_understand_is_not_believed_and_asked_again_only_for_phones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pbx_bridge.telephony.astdb.read_back.DONE_SECONDS", 0.0)
    pbx = Pbx()
    pbx.deaf = True
    phones = GivenPhones(pbx)
    with capture_logs() as logs:
        assert await phones.sync(), "no phones: nothing it would have to know"
        phones.set_desired({"anna": ANNA})
        assert not await phones.sync()
    assert [line["event"] for line in logs] == ["phones_not_taken"] * 2
    pbx.deaf = False
    assert await phones.sync()
    assert pbx.db.phones == {"anna": ANNA}


async def test_a_sip_stack_that_does_not_look_there_is_named_and_no_secret_is_read_back_or_logged() -> None:
    pbx = Pbx()
    pbx.blind = True
    with capture_logs() as logs:
        assert await told(pbx, GivenPhones(pbx), anna=ANNA) == {"anna": ANNA}
    assert [line["event"] for line in logs] == ["phones_not_found"]
    assert "sorcery.conf" in logs[0]["remedy"]
    assert ANNA not in f"{logs} {pbx.sent} {[(one.headers, one.events) for one in pbx.answers]}"
