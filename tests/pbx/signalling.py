"""INVITEs as networks and telephone systems write them, each with whom it is from and whose call it is."""

# ruff: noqa: E501 - one line a row

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from tests.pbx.sip_message import Headers, Invite

VIP, WITHHELD, UNREADABLE = "+491713920042", "withheld", ""
OWN, SHARED = b"493023125100", b"493023125199"
MUSTERMANN, SOMMER = "mustermann", "sommer"
HOST = b"@carrier.example"
ANONYMOUS = b'"Anonymous" <sip:anonymous@anonymous.invalid>;tag=ours'


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: E.164, WITHHELD, or UNREADABLE for a caller whose number is none."""

    title: str
    number: str
    caller: bytes = b"+491713920042"
    headers: Headers = ()
    user: bytes = OWN
    to: bytes = OWN
    name: bytes = b""
    shown: str = ""
    company: str = MUSTERMANN

    def invite(self) -> Invite:
        """Ready to be sent."""
        return Invite(self.user, self.caller, self.name, self.to, self.headers)


def pai(*values: bytes) -> Headers:
    return tuple((b"P-Asserted-Identity", value) for value in values)


def rpid(value: bytes) -> Headers:
    return ((b"Remote-Party-ID", value),)


def sip(number: bytes, name: bytes = b"") -> bytes:
    return name + b"<sip:" + number + HOST + b">"


def sender(value: bytes) -> Headers:
    return ((b"From", value),)


def privacy(value: bytes) -> Headers:
    return ((b"Privacy", value),)


def diversion(*values: bytes) -> Headers:
    return tuple((b"Diversion", value) for value in values)


CALLER = sip(b"+491713920042")
FORWARDER = sip(b"+493023125010")
OUR_COMPANY = sip(b"+493023125500")  # Mustermann AG, on its letterhead

WHO_IS_IT = (
    Row("From alone", VIP),
    Row("PAI of the caller", VIP, b"+493023125401", pai(CALLER)),
    Row("PAI is who forwarded", VIP, headers=(*pai(FORWARDER), *diversion(FORWARDER))),
    Row("PAI is who forwarded, told by History-Info", VIP, headers=(
        *pai(FORWARDER), (b"History-Info", FORWARDER[:-1] + b"?Reason=SIP%3Bcause%3D302>;index=1"))),
    Row("PAI is who forwarded first", VIP, headers=(*pai(FORWARDER), *diversion(sip(b"+494023125777"), FORWARDER))),
    Row("RPID is who forwarded", VIP, headers=(*rpid(FORWARDER), *diversion(FORWARDER))),
    Row("PAI is the company's own number", VIP, headers=pai(OUR_COMPANY)),
    Row("PAI is the company's own, written 0049", VIP, headers=pai(sip(b"00493023125500"))),
    Row("PAI is a line of ours", VIP, headers=pai(sip(b"+493023125101"))),
    Row("PAI is the number that is called", VIP, headers=pai(sip(OWN))),
    Row("From is a line of ours, PAI the caller", VIP, b"493023125101", pai(CALLER)),
    Row("the company's own number calls", "+493023125500", b"+493023125500", pai(OUR_COMPANY)),
    Row("two PAI headers, SIP and tel", VIP, b"+493023125401", pai(CALLER, b"<tel:+491713920042>")),
    Row("two PAI headers, the first is who forwarded", VIP, b"+493023125401", (
        *pai(FORWARDER, CALLER), *diversion(FORWARDER))),
    Row("two PAI in one header", VIP, b"+493023125401", pai(b"<sip:anna@pbx.example>, <tel:+491713920042>")),
    Row("PAI as tel", VIP, b"+493023125401", pai(b"<tel:+491713920042>")),
    Row("PAI as tel with visual separators", VIP, b"+493023125401", pai(b"<tel:+49-171-3920042>")),
    Row("PAI as tel, local with phone-context", VIP, b"+493023125401", pai(b"<tel:1713920042;phone-context=+49>")),
    Row("PAI without brackets", VIP, b"+493023125401", pai(b"sip:+491713920042@carrier.example")),
    Row("PAI with npdi and rn", VIP, b"+493023125401", pai(b"<sip:+491713920042;npdi;rn=+49199@carrier.example;user=phone>")),
    Row("PAI with user=phone and 00", VIP, b"+493023125401", pai(b"<sip:00491713920042@carrier.example;user=phone>")),
    Row("PAI percent-encoded", VIP, b"+493023125401", pai(b"<sip:%2B491713920042@carrier.example>")),
    Row("PAI is an account", VIP, headers=pai(sip(b"1234567t0"))),
    Row("PAI is an extension", VIP, headers=pai(sip(b"101"))),
    Row("PAI with a comma in its name", VIP, b"+493023125401", pai(b'"Sommer, Dr. <x>" ' + CALLER)),
    Row("RPID instead of PAI", VIP, b"+493023125401", rpid(CALLER + b";party=calling;screen=yes;privacy=off")),
    Row("RPID of who is called", VIP, headers=rpid(sip(b"+493023125100") + b";party=called")),
    Row("From is an account, PAI the caller", VIP, b"1234567t0", pai(CALLER)),
    Row("From is an account alone", UNREADABLE, b"1234567t0"),
    Row("From is an extension alone", UNREADABLE, b"101"),
    Row("From as tel", VIP, headers=(*sender(b"<tel:+491713920042>;tag=ours"),)),
    Row("From without brackets", VIP, headers=sender(b"sip:+491713920042@carrier.example;tag=ours")),
    Row("From with a name of commas and brackets", VIP, headers=sender(
        b'"M\xc3\xbcller, \\"Sommer\\" <b>" <sip:+491713920042@carrier.example>;tag=ours')),
    Row("the name is the caller's, not who forwarded", VIP, headers=(
        *pai(sip(b"+493023125010", b'"Zentrale" ')), *diversion(FORWARDER)), name=b'"Hans Weber"', shown="Hans Weber"),
    Row("the name that the network asserts", VIP, b"+493023125401", pai(sip(b"+491713920042", b'"Hans Weber" ')),
        name=b'"Praxis"', shown="Hans Weber"),
)  # fmt: skip

WITHHELD_ROWS = (
    Row("From anonymous, PAI, no Privacy", WITHHELD, headers=(*sender(ANONYMOUS), *pai(CALLER))),
    Row("From anonymous, nothing else", WITHHELD, headers=sender(ANONYMOUS)),
    Row("From anonymous at the provider's host", WITHHELD, b"anonymous", pai(CALLER)),
    Row("From anonymous in capitals", WITHHELD, b"Anonymous", pai(CALLER)),
    Row("From anonymous as tel, RPID", WITHHELD, b"anonymous", rpid(CALLER)),
    Row("Privacy id", WITHHELD, headers=(*pai(CALLER), *privacy(b"id"))),
    Row("Privacy id;critical", WITHHELD, headers=(*pai(CALLER), *privacy(b"id;critical"))),
    Row("Privacy header;user, none", WITHHELD, headers=(*pai(CALLER), *privacy(b"header;user, none"))),
    Row("Privacy on two lines", WITHHELD, headers=(*pai(CALLER), *privacy(b"none"), *privacy(b"id"))),
    Row("Privacy user without PAI", WITHHELD, headers=privacy(b"user")),
    Row("Privacy ID in capitals", WITHHELD, headers=(*pai(CALLER), *privacy(b"ID"))),
    Row("RPID privacy full", WITHHELD, headers=rpid(CALLER + b";party=calling;privacy=full;screen=yes")),
    Row('RPID privacy "full"', WITHHELD, headers=rpid(CALLER + b';privacy="full"')),
    Row("PAI named Anonymous", WITHHELD, headers=pai(sip(b"+491713920042", b'"Anonymous" '))),
    Row("From named Anonymous", WITHHELD, name=b'"Anonymous"'),
    Row("From unknown", WITHHELD, b"unknown"),
    Row("Privacy off", VIP, headers=(*pai(CALLER), *privacy(b"off"))),
    Row("Privacy none", VIP, headers=(*pai(CALLER), *privacy(b"none"))),
    Row("Privacy session", VIP, headers=(*pai(CALLER), *privacy(b"session"))),
    Row("Privacy history", VIP, headers=(*pai(CALLER), *privacy(b"history"))),
    Row("Privacy critical alone", VIP, headers=(*pai(CALLER), *privacy(b"critical"))),
    Row("RPID privacy off", VIP, b"+493023125401", rpid(CALLER + b";privacy=off")),
    Row("RPID privacy name", VIP, b"+493023125401", rpid(CALLER + b";privacy=name")),
)  # fmt: skip

HOW_IT_IS_WRITTEN = (
    Row("foreign without plus, ours without plus", "+436641234567", b"436641234567"),
    Row("foreign without plus, ours with plus", "+436641234567", b"436641234567", user=b"+493023125100"),
    Row("foreign without plus, ours national", "+436641234567", b"436641234567", user=b"03023125100"),
    Row("foreign without plus in PAI", "+436641234567", b"436641234567", pai(sip(b"436641234567"))),
    Row("France, that looks like Potsdam", "+33123456789", b"33123456789"),
    Row("national with its zero, ours without plus", VIP, b"01713920042"),
    Row("national with its zero, ours with plus", VIP, b"01713920042", user=b"+493023125100"),
    Row("national without zero, ours alike", VIP, b"1713920042", user=b"3023125100"),
    Row("foreign with 00", "+436641234567", b"00436641234567"),
    Row("ours without plus", VIP, b"491713920042"),
    Row("phone-context in the number dialled", VIP, user=b"3023125100;phone-context=+49"),
    Row("user=phone in From", VIP, headers=sender(b"<sip:+491713920042@carrier.example;user=phone>;tag=ours")),
    Row("phone-context in From", VIP, headers=sender(
        b"<sip:1713920042;phone-context=+49@carrier.example;user=phone>;tag=ours")),
    Row("separators in From", VIP, headers=sender(b"<sip:+49(171)39-20042@carrier.example>;tag=ours")),
)  # fmt: skip

BY_WAY_OF = (
    *(Row(f"Diversion {form.decode()}", VIP, headers=diversion(sip(form) + b";reason=unconditional"), user=SHARED)
      for form in (b"+493023125500", b"00493023125500", b"03023125500", b"493023125500", b"%2B493023125500")),
    Row("Diversion as tel", VIP, headers=diversion(b"<tel:+49-30-23125-500>"), user=SHARED),
    Row("two stations in one line, the latest", VIP, user=SHARED, headers=diversion(
        sip(b"+493023125600") + b";reason=unconditional, " + sip(b"+494023125777") + b";reason=no-answer"), company=SOMMER),
    Row("two stations in one line, the first one", VIP, user=SHARED, headers=diversion(
        sip(b"+494023125777") + b";reason=unconditional, " + sip(b"+493023125600") + b";reason=no-answer"), company=SOMMER),
    Row("two lines, the latest", VIP, user=SHARED, headers=diversion(
        sip(b"+493023125500") + b";reason=unconditional", sip(b"+494023125777") + b";reason=no-answer")),
    Row("two lines, the first one", VIP, user=SHARED, headers=diversion(
        sip(b"+494023125777") + b";reason=unconditional", sip(b"+493023125500") + b";reason=no-answer")),
    Row("three stations on three lines", VIP, user=SHARED, headers=diversion(
        sip(b"+494023125777"), sip(b"+498923125777"), sip(b"+493023125600")), company=SOMMER),
    Row("a name with commas and quotes", VIP, user=SHARED, headers=diversion(
        b'"Beispiel, \\"Erika\\", Dr. <x>" <sip:+493023125500@carrier.example>;reason="no-answer, busy"')),
    Row("the second behind a name with commas", VIP, user=SHARED, headers=diversion(
        b'"Wolf, T." <sip:+494023125777@c>;reason=busy, "Beispiel, E." <sip:+493023125500@c>;reason=unknown')),
    Row("History-Info on two lines", VIP, user=SHARED, headers=(
        (b"History-Info", sip(b"+493023125600") + b";index=1"), (b"History-Info", sip(SHARED) + b";index=1.1")), company=SOMMER),
    Row("History-Info escaped, with Reason", VIP, user=SHARED, headers=((b"History-Info",
        b"<sip:%2B493023125500@c?Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%2C%20now%22&Privacy=none>;index=1, "
        b"<sip:493023125199@c;cause=302>;index=1.1"),)),
    Row("History-Info in any order", VIP, user=SHARED, headers=((b"History-Info",
        sip(SHARED) + b";index=1.1.1," + sip(b"+493023125500") + b";index=1," + sip(b"+493023125600") + b";index=1.1"),),
        company=SOMMER),
    Row("Diversion says nothing, History-Info does", VIP, user=SHARED, headers=(
        *diversion(sip(b"anonymous")), (b"History-Info", sip(b"+493023125500") + b";index=1"))),
    Row("an account, the number in To", VIP, user=b"1234567t0", to=OWN),
)  # fmt: skip

ROWS = (*WHO_IS_IT, *WITHHELD_ROWS, *HOW_IT_IS_WRITTEN, *BY_WAY_OF)

FROM_LEADS = (
    Row("From before PAI", VIP, headers=pai(sip(b"+493023125401"))),
    Row("From before RPID", VIP, headers=rpid(sip(b"+493023125401"))),
    Row("From is an account", VIP, b"1234567t0", pai(CALLER)),
    Row("From is a line of ours", VIP, b"493023125101", pai(CALLER)),
    Row("From anonymous", WITHHELD, headers=(*sender(ANONYMOUS), *pai(CALLER))),
)


def groups(rows: tuple[Row, ...], size: int) -> Iterator[tuple[Row, ...]]:
    """So many at once."""
    left = iter(rows)
    while some := tuple(itertools.islice(left, size)):
        yield some
