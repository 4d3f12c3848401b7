"""Mails about a log-in: their look, and the words of those that tell what has changed, when they are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from pbx_bridge.outbox.composing.catalogue import Words, render, words_of
from pbx_bridge.storage.access import account_names, accounts
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.outbox.notifications import KEYS, Notification
from rules.model import MessageKind
from rules.text.salutation import salutation
from rules.vocabulary import FIRST_LANGUAGE

ZONE = ZoneInfo("Europe/Berlin")
"""Whose clock the people of the house look at."""
_LINK = re.compile(r"https?://\S+")
BY_OPERATOR = frozenset({"email_changed"})
"""Deeds after which the way of a forgotten password may lead to somebody else."""


async def dressed(conn: AsyncConnection, mail: Notification, sender_domain: str) -> Notification:
    """The mail as it goes out, with the look of all others. A link is one only where we have put it: alone in
    its line, and in no mail that tells of a change."""
    if mail.kind is MessageKind.SECURITY:
        mail = await worded(conn, mail, sender_domain)
    account = await accounts.by_id(conn, mail.account_id or "")
    parts = [part.splitlines() for part in mail.body_text.strip().split("\n\n")]
    may_link = mail.kind in KEYS
    link = next((part[0] for part in parts if may_link and len(part) == 1 and _LINK.fullmatch(part[0])), "")
    words = words_of(account.locale if account else FIRST_LANGUAGE)
    html = render("letter.html.j2", words, subject=mail.subject, parts=parts, link=link)
    return replace(mail, body_html=html)


async def worded(conn: AsyncConnection, mail: Notification, sender_domain: str) -> Notification:
    """The mail with subject and text, in the language of its reader."""
    account = await accounts.by_id(conn, mail.account_id or "")
    if account is None:
        return mail
    facts: Mapping[str, str] = json.loads(mail.body_text)
    words = words_of(account.locale)
    name = await account_names.called(conn, account)
    subject = words(f"account_subject.{facts['deed']}")
    text = _text(words, mail, account, facts, name)
    message_id = f"<{mail.id}@{sender_domain}>" if sender_domain else ""
    return replace(mail, subject=subject, body_text=text, message_id=message_id)


def _text(words: Words, mail: Notification, account: Account, facts: Mapping[str, str], name: str) -> str:
    local = mail.created_at.astimezone(ZONE)
    when = words("account.when", on=local, time=f"{local:%H:%M}")
    hello = words("account.hello_name", name=salutation(name)) if name else words("account.hello")
    remedy = "operator" if facts["deed"] in BY_OPERATOR else "yourself"
    parts = [
        hello,
        words(f"account.{facts['deed']}", login=account.login),
        "\n".join([when, *_where(words, facts)]),
        words("account.fine"),
        words(f"account.{remedy}"),
    ]
    return "\n\n".join(parts) + "\n"


def _where(words: Words, facts: Mapping[str, str]) -> list[str]:
    if facts["done_by"]:
        return [words("account.by_house")]
    lines = [("account.device", facts["device"]), ("account.network", facts["network"])]
    return [words(key, what=what) for key, what in lines if what]
