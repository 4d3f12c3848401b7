"""Brings an alarm to whoever runs the house, past the outbox, which may be what is in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from pbx_bridge.alarms.words import AlarmWords
from pbx_bridge.outbox.composing.catalogue import render, words_of
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing, Transport, Uncertain
from pbx_bridge.settings import AlarmSettings
from pbx_bridge.storage.db.ids import new_id
from rules.model import Channel
from rules.office.alarms import AlarmNews

PATIENCE = 60.0
"""Seconds for the mail server, which else may take ten minutes: who is told by SMS should hear of it."""


class AlarmTelling:
    """`ways`: those that are switched on; `public_url`: of the office; `domain`: of Message-IDs."""

    def __init__(
        self, settings: AlarmSettings, ways: Mapping[Channel, Transport], public_url: str, domain: str
    ) -> None:
        self._settings, self._ways, self._domain = settings, ways, domain
        self._words = AlarmWords(settings.language, f"{public_url}/admin")

    async def tell(self, news: AlarmNews, now: datetime) -> Channel | None:
        """By mail; by SMS where the mail surely, or maybe, did not go out. None: nobody was told.

        Where nobody can know whether it went out it counts as told: the reminder comes, and no flood does.
        """
        mail = await self._mailed(news, now) if self._settings.to else None
        if mail is not None and not isinstance(mail, Failed | Uncertain):
            return Channel.EMAIL
        if Channel.SMS in self._ways and self._settings.sms_to:
            text = self._words.sms(news, now)
            sms = Outgoing(id=new_id(), channel=Channel.SMS, address=self._settings.sms_to, text=text)
            if not isinstance(await self._ways[Channel.SMS].send(sms), Failed):
                return Channel.SMS
        return Channel.EMAIL if isinstance(mail, Uncertain) else None

    async def _mailed(self, news: AlarmNews, now: datetime) -> Outcome:
        mail_id, subject, text = new_id(), self._words.subject(news), self._words.text(news, now)
        parts = [part.splitlines() for part in text.strip().split("\n\n")]
        words = words_of(self._settings.language)
        mail = Outgoing(
            id=mail_id,
            channel=Channel.EMAIL,
            address=self._settings.to[0],
            cc=self._settings.to[1:],
            subject=subject,
            text=text,
            html=render("letter.html.j2", words, subject=subject, parts=parts, link=self._words.link),
            message_id=f"<{mail_id}@{self._domain}>",
        )
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ways[Channel.EMAIL].send(mail)
        except TimeoutError:
            return Uncertain("no_answer") if mail.leaving.begun else Failed("no_answer", permanent=False)
