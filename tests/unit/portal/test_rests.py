"""What a company's people find while the house has suspended its service: all to read, nothing to change."""

from __future__ import annotations

import pytest

from pbx_bridge.storage import tables
from rules.vocabulary import ServiceState
from tests.unit.portal.conftest import Client


@pytest.mark.parametrize("state", [ServiceState.SUSPENDED, ServiceState.ENDING])
async def test_they_read_and_change_nothing(client: Client, state: ServiceState) -> None:
    served = client.served
    page = await client.get("/portal/unternehmen")
    assert "Vertrag Ihres Unternehmens ruht" not in page.text
    async with served.db.write() as conn:
        await conn.execute(tables.customer.update().values(service=state.value))
    before = await served.company()
    page = await client.get("/portal/unternehmen")
    assert page.status == 200
    assert "Vertrag Ihres Unternehmens ruht" in page.text
    answer = await client.post("/portal/unternehmen", {"instruction": "Bitte niemanden durchstellen."})
    assert answer.status == 409
    assert '"code": "company_rests"' in answer.text
    await client.get("/portal/faq/neu")
    answer = await client.post("/portal/faq/neu", {"question": "Wann?", "answer": "Jetzt."})
    assert answer.status == 409
    assert await served.company() == before
