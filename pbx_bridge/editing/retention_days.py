"""How long a company's data stay: set by the house, in the access log. Shorter erases with the next round,
so there is no way back that would bring anything back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import retention_days as stored
from pbx_bridge.storage.editing import retention_days
from rules.office.retention_days import RetentionDays, in_words, read_days, texts_of


async def save(change: Change, wanted: Callable[[Mapping[str, str]], W]) -> RetentionDays | Rejected[W]:
    """`wanted`: what is to be stored, given what is. Raises NotFoundError."""
    company = await change.customer()
    before = await stored.load(change.conn, company.id)
    form = wanted(texts_of(before))
    days = read_days(form.values)
    if isinstance(days, tuple) or not form.ready:
        return Rejected(form, days if isinstance(days, tuple) else ())
    if days != before:
        await retention_days.save(change.conn, company.id, days)
        detail = f"{company.name} · {in_words(before)} > {in_words(days)}"
        who, event = change.editor, AccessEvent.RETENTION_CHANGED
        await access_log.write_all(change.conn, event, [who.login], change.now, who.where, detail=detail)
        change.code = "retention_saved"
        change.logged = True
    return days
