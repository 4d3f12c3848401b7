from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.hub import Hub, StreamPosition
from pbx_bridge.desk.stream.projection import EMPTY, fold
from tests.unit.desk.sample_messages import offer, pop, view, waiting

decode = msgspec.json.Decoder(p.Numbered).decode


@dataclass(eq=False)
class Tab:
    """A client as docs/desk-protocol.md asks for: folds what it is sent and remembers the last number."""

    hub: Hub
    picture: p.Snapshot = EMPTY
    place: StreamPosition | None = None
    seen: list[int] = field(default_factory=list)
    snapshots: int = 0

    def connect(self) -> None:
        joined = self.hub.join("anna", self, self.place)
        self.place = StreamPosition(
            self.hub.epoch, self.place.seq if joined.resumed and self.place else joined.seq
        )
        for frame in joined.frames:
            self.send(frame)

    def disconnect(self) -> None:
        self.hub.leave("anna", self)

    def send(self, frame: bytes) -> None:
        numbered = decode(frame)
        assert self.place is not None
        if isinstance(numbered.event, p.Snapshot):
            self.snapshots += 1
        else:
            assert numbered.seq == self.place.seq + 1, "a gap in the numbers"
            self.seen.append(numbered.seq)
        self.picture = fold(self.picture, numbered.event)
        self.place = StreamPosition(self.hub.epoch, numbered.seq)


def test_a_new_tab_gets_one_snapshot_with_the_number_of_the_last_event() -> None:
    hub = Hub("e1")
    hub.publish("anna", waiting("a"))
    tab = Tab(hub)
    tab.connect()
    assert (tab.snapshots, tab.place) == (1, StreamPosition("e1", 1))
    assert tab.picture.waiting[0].call == "a"


def test_a_tab_that_was_away_gets_exactly_what_it_missed() -> None:
    hub = Hub("e1")
    tab = Tab(hub)
    tab.connect()
    tab.disconnect()
    hub.publish("anna", offer("x"))
    hub.publish("anna", p.Call(view("x", "talking")))
    tab.connect()
    assert (tab.seen, tab.snapshots) == ([1, 2], 1)
    assert tab.picture == hub.picture("anna")


def test_a_number_of_another_run_or_from_the_future_means_a_snapshot() -> None:
    hub = Hub("e2")
    for place in (StreamPosition("e1", 0), StreamPosition("e2", 5), StreamPosition("e2", -1)):
        assert hub.join("anna", Tab(hub), place).resumed is False


def test_a_tab_that_was_away_longer_than_the_history_gets_a_snapshot() -> None:
    hub = Hub("e1", history_size=3)
    tab = Tab(hub)
    tab.connect()
    tab.disconnect()
    for call in "abcd":
        hub.publish("anna", waiting(call))
    tab.connect()
    assert (tab.snapshots, tab.picture.waiting[0].call) == (2, "d")


def test_the_history_is_bounded_in_bytes_too() -> None:
    hub = Hub("e1", history_size=500, history_bytes=4_000)
    for _ in range(10):
        hub.publish("anna", p.PopChanged(pop("x", "G" * 900)))
    assert hub.join("anna", Tab(hub), StreamPosition("e1", 8)).resumed is True
    assert hub.join("anna", Tab(hub), StreamPosition("e1", 5)).resumed is False


def test_agents_have_numbers_of_their_own_and_see_only_what_is_theirs() -> None:
    hub = Hub("e1")
    hub.publish("anna", offer("x"))
    hub.publish_to(["anna", "ben"], waiting("y"))
    assert [c.view.call for c in hub.picture("anna").calls] == ["x"]
    assert hub.picture("ben").calls == []
    assert hub.picture("ben").waiting == hub.picture("anna").waiting


CALLS = st.sampled_from("xyz")
EVENTS = st.one_of(
    CALLS.map(offer),
    CALLS.map(lambda call: p.Call(view(call, "talking"))),
    CALLS.map(lambda call: p.OfferGone(call, "caller_gone")),
    CALLS.map(lambda call: p.PopChanged(pop(call, "Guten Tag."))),
    CALLS.map(lambda call: p.Draft(p.DraftView(call, 2, p.NoteBody(name="Müller")))),
    CALLS.map(p.CallClosed),
    st.lists(CALLS, unique=True).map(lambda calls: waiting(*calls)),
)
STEPS = st.lists(
    st.one_of(EVENTS, st.sampled_from([("drop", 0), ("drop", 1), ("connect", 0), ("connect", 1)]))
)


@given(STEPS, st.integers(1, 6))
def test_however_tabs_come_and_go_they_all_see_what_a_fresh_one_sees(
    steps: list[object], history: int
) -> None:
    hub = Hub("e1", history_size=history)
    tabs = [Tab(hub), Tab(hub)]
    for step in steps:
        match step:
            case ("drop", int(which)):
                tabs[which].disconnect()
            case ("connect", int(which)):
                tabs[which].disconnect()
                tabs[which].connect()
            case event:
                hub.publish("anna", event)  # type: ignore[arg-type]
    fresh = Tab(hub)
    for tab in (*tabs, fresh):
        tab.disconnect()
        tab.connect()
    assert tabs[0].picture == tabs[1].picture == fresh.picture == hub.picture("anna")
