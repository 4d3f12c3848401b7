"""Each sound of an archive has a name of its own: of two called alike one is lost when it is unpacked."""

from __future__ import annotations

from pbx_bridge.admin.voice_archive import name_of
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from tests.sample_company import NOW


def test_two_messages_of_one_second_have_two_names() -> None:
    left = [VoiceMessage(new_id(), f"rec{n}", f"call{n}", f"note{n}", 7, NOW) for n in range(20)]
    assert len({name_of(one) for one in left}) == len(left)
