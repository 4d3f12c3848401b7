"""The names of lines stand in the PBX's own database, and no name of an earlier life of the service stays."""

from __future__ import annotations

from pbx_bridge.ami.actions import Originate
from pbx_bridge.telephony.astdb.line_names import LineNames
from tests.telephony.test_given_phones import Pbx

LINE, OTHER = "+493023125100", "+493023125200"


def told(pbx: Pbx) -> dict[str, str]:
    """Extension → name as it is sent, since the last time of asking."""
    writes = [action for action in pbx.sent if isinstance(action, Originate)]
    pbx.sent.clear()
    return {action.channel: dict(action.variables)["_SEC_COMPANY"] for action in writes}


async def test_a_line_without_a_company_is_cleared_whoever_named_it() -> None:
    pbx = Pbx()
    names = LineNames(pbx)
    names.change({LINE: "Praxis Dr. Sommer", OTHER: ""})
    assert await names.sync()
    assert told(pbx) == {
        "Local/493023125100@sec-line/n": "Praxis%20Dr.%20Sommer",
        "Local/493023125200@sec-line/n": "",
    }
    names.change({LINE: "Praxis Dr. Sommer", OTHER: ""})
    assert await names.sync()
    assert told(pbx) == {}
