"""`/demo` and `/demo/mailbox`: buttons, telephones and messages, live over sockets of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from aiohttp import web

from pbx_bridge.demo import cast
from pbx_bridge.demo.live import Deeds, LiveView
from pbx_bridge.demo.phones import AGENT_HABITS, Habit, Phones
from pbx_bridge.demo.scenes import SCENES, Callers
from pbx_bridge.demo.stage import DemoStage
from pbx_bridge.errors import NotFoundError
from pbx_bridge.settings import Settings
from pbx_bridge.web.i18n import languages, names_of_languages, page_texts
from pbx_bridge.web.middleware import HEADERS
from pbx_bridge.web.rendering import render
from rules.model import Customer
from rules.text.phone_numbers import national

POLICY = "Content-Security-Policy"
FRAMED_MAIL = {  # a mail is foreign text: it may look as it likes, and do nothing
    POLICY: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}


class DemoPages:
    """The demo's part of the web application; open to everybody, so it listens on this machine only."""

    def __init__(
        self,
        stage: DemoStage,
        phones: Phones,
        callers: Callers,
        companies: Iterable[Customer],
        settings: Settings,
    ) -> None:
        self._stage, self._phones, self._callers, self._settings = stage, phones, callers, settings
        self._lines = [
            (company.name, company.hue, line)
            for company, line in zip(companies, cast.own_lines(), strict=True)
        ]
        port = settings.web.port
        origins = frozenset({settings.web.public_url, f"http://127.0.0.1:{port}"})
        self._demo = LiveView(self._picture, self._deeds(), origins)
        self._mailbox = LiveView(self._messages, {}, origins)

    def attach(self, app: web.Application) -> None:
        """Put the routes beside those of the service."""
        app.add_routes(
            [
                web.get("/demo", self.show, name="demo"),
                web.get("/demo/socket", self._demo.serve, name="demo.socket"),
                web.get("/demo/mailbox", self.show_mailbox, name="demo.mailbox"),
                web.get("/demo/mailbox/socket", self._mailbox.serve, name="demo.mailbox.socket"),
                web.get(r"/demo/mailbox/mails/{id:\d{1,9}}", self.show_mail, name="demo.mail"),
            ]
        )

    async def show(self, request: web.Request) -> web.Response:
        """Log-ins, buttons and telephones."""
        request = _in_wanted_language(request)
        return render(
            request,
            "demo/demo.html",
            languages=names_of_languages(),
            words=_words(request, "callers", "phones", "habits"),
            log_ins=cast.log_ins(),
            scenes=SCENES,
            lines=[(name, hue, national(line, "DE"), line) for name, hue, line in self._lines],
            sip=f"127.0.0.1:{self._stage.config.sip_port}",
            habits={"agents": list(AGENT_HABITS), "employees": list(Habit)},
        )

    async def show_mailbox(self, request: web.Request) -> web.Response:
        """Mails and SMS."""
        request = _in_wanted_language(request)
        page = render(
            request, "demo/mailbox.html", words=_words(request, "mailbox"), languages=names_of_languages()
        )
        page.headers[POLICY] = f"{HEADERS[POLICY]}; frame-src 'self'"
        return page

    async def show_mail(self, request: web.Request) -> web.Response:
        """The HTML of one mail, for the frame in the mailbox."""
        wanted = int(request.match_info["id"])
        for mail in self._stage.mail.mails:
            if mail.id == wanted:
                return web.Response(text=mail.html, content_type="text/html", headers=FRAMED_MAIL)
        raise NotFoundError

    def _picture(self) -> dict[str, Any]:
        mails, messages = self._stage.mail.mails, self._stage.sms.messages
        return self._phones.picture() | {
            "callers": self._callers.picture(),
            "mails": mails[0].id if mails else 0,
            "sms": messages[0].id if messages else 0,
        }

    def _messages(self) -> dict[str, Any]:
        return {
            "mails": [
                {"id": m.id, "at": _clock(m.at), "to": list(m.to), "subject": m.subject, "text": m.text}
                for m in self._stage.mail.mails
            ],
            "sms": [
                {
                    "id": s.id,
                    "at": _clock(s.at),
                    "from": s.sender,
                    "to": s.to,
                    "text": s.text,
                    "delivered": s.delivered,
                }
                for s in self._stage.sms.messages
            ],
        }

    def _deeds(self) -> Deeds:
        async def choose(said: dict[str, str]) -> None:
            await self._phones.choose(said["phone"], Habit(said["habit"]))

        def with_phone(deed: Callable[[str], Awaitable[None]]) -> Callable[[dict[str, str]], Awaitable[None]]:
            return lambda said: deed(said["phone"])

        return {
            "scene": lambda said: self._callers.play(said["scene"]),
            "caller_hangs_up": lambda said: self._callers.hang_up(said["caller"]),
            "habit": choose,
            "pick_up": with_phone(self._phones.pick_up),
            "reject": with_phone(self._phones.reject),
            "hang_up": with_phone(self._phones.hang_up),
        }


def _in_wanted_language(request: web.Request) -> web.Request:
    """`?lang=en` wins over what browser or account want."""
    wanted = request.query.get("lang")
    if wanted in languages():
        request["locale"] = wanted
    return request


def _words(request: web.Request, *groups: str) -> dict[str, str]:
    """The sentences that a page's script needs, by their keys."""
    return page_texts("demo", request["locale"], *groups)


def _clock(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
