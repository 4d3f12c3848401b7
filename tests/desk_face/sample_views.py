"""The house cast in the words of the desk protocol: companies, employees, callers, always the same people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p

PRESENT = p.AvailabilityView("present")


def now() -> datetime:
    return datetime.now(UTC)


def ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


def employee(
    key: str, name: str, position: str = "", responsibility: str = "", **rest: object
) -> p.EmployeeView:
    """An employee who can be rung, unless `rest` says otherwise."""
    family = name.rpartition(" ")[2]
    base = p.EmployeeView(
        key, name, f"{family}, {name}", name.casefold(), position, responsibility, PRESENT, None, [key]
    )
    return replace(base, **rest)


FRIDAY_MIDNIGHT = datetime(2026, 11, 27, 23, tzinfo=UTC)
STAFF = [
    employee(
        "beispiel",
        "Erika Beispiel",
        "Geschäftsführerin",
        "Verträge",
        tries=["beispiel", "mueller"],
        deputy_id="mueller",
    ),
    employee("brunner", "Ines Brunner", "Einkauf", "Lieferanten", refusal="wish", tries=[]),
    employee(
        "meier",
        "Jens Meier",
        "Vertrieb",
        "Angebote, Messen",
        availability=p.AvailabilityView("away", "Im Urlaub.", FRIDAY_MIDNIGHT),
        refusal="away",
        tries=["beispiel"],
    ),
    employee(
        "muehlenberg",
        "Dr.-Ing. Maximiliane von der Mühlenberg-Hohenstein",
        "Leiterin Forschung und Entwicklung",
        "Patente, Förderprojekte, Hochschulen",
    ),
    employee(
        "mueller",
        "Jürgen Müller",
        "Kundendienst",
        "Reklamationen, Reparaturen",
        availability=p.AvailabilityView("info", "Dienstags bis 12 Uhr im Lager."),
    ),
    employee(
        "schmidt", "Petra Schmidt", "Buchhaltung", "Rechnungen, Mahnungen", refusal="vip_only", tries=[]
    ),
    employee("yilmaz", "Selin Yılmaz", "Auszubildende", refusal="no_extension", tries=[]),
]
FAQ = [
    p.FaqView("Wie sind die Öffnungszeiten?", "Montag bis Freitag 8 bis 17 Uhr, Freitag bis 14 Uhr."),
    p.FaqView("Wo kann ich parken?", "Auf dem Hof, Einfahrt neben Nr. 12. Bitte am Empfang melden."),
    p.FaqView("Wie lange dauert eine Reparatur?", "Meist fünf Werktage nach Eingang."),
]
FIELDS = [
    p.NoteFieldView("kundennr", "Kundennummer", "number", True, []),
    p.NoteFieldView("anlass", "Anlass", "choice", False, ["Angebot", "Reklamation", "Sonstiges"]),
    p.NoteFieldView("termin", "Wunschtermin", "date", False, []),
]
BLOCKS = [
    p.TextBlockView("Angebot", "{anrufer} bittet um ein Angebot. Rückruf unter {nummer}."),
    p.TextBlockView("Reklamation", "{anrufer} reklamiert eine Lieferung; bitte Rückruf durch {mitarbeiter}."),
    p.TextBlockView("Meldet sich wieder", "{anrufer} meldet sich wieder, kein Rückruf nötig."),
]
MUSTERMANN = p.CompanyView("mustermann", "Mustermann AG", "Muster-mann", 6, put_through=True)
PRAXIS = p.CompanyView("praxis", "Praxis Dr. Sommer", "Praxis Doktor Sommer", 1, confidential=True)
KANZLEI = p.CompanyView("kanzlei", "Kanzlei Brandt & Weiß", "Brandt und Weiß", 9, put_through=True)
MUELLER = p.CallerView(
    "vip",
    "+491713920042",
    "0171 3920042",
    "Hans Müller",
    "Müller GmbH",
    "Bitte nicht nach Kontaktdaten fragen.",
)
KNOWN = p.CallerView("known", "+493023125077", "030 23125077", "Sabine Krause", "Krause Logistik")
EARLIER = [
    p.EarlierCallView(
        ago(86400 * 3), "Fragt nach dem Angebot für 40 Regale, bittet um Rückruf.", "Ben Vogt", "Hans Müller"
    ),
    p.EarlierCallView(ago(86400 * 9), "An Erika Beispiel durchgestellt.", "Anna Keller", "Hans Müller"),
    p.EarlierCallView(ago(86400 * 12), "", "Ben Vogt", reason="wrong_number"),
]


GREETING = "Herzlich willkommen bei der Mustermann AG, mein Name ist Anna Keller. Was darf ich für Sie tun?"


def mustermann(call: str = "c1", **rest: object) -> p.ScreenPop:
    """The pop of a VIP at Mustermann AG."""
    pop = p.ScreenPop(
        call=call,
        company=MUSTERMANN,
        greeting=GREETING,
        instruction="Reklamationen immer zuerst an den Kundendienst. Preise nennen wir am Telefon nicht.",
        caller=MUELLER,
        employees=STAFF,
        faq=FAQ,
        note_fields=FIELDS,
        line="030 23125100",
        arrived_at=ago(11),
        zone="Europe/Berlin",
        text_blocks=BLOCKS,
        news=["Jens Meier ist bis Freitag im Urlaub.", "Neue Antwort zu Parkplätzen."],
    )
    return replace(pop, **rest)


def praxis(call: str = "c2") -> p.ScreenPop:
    """The pop of a practice without put-through, caller withheld."""
    return p.ScreenPop(
        call=call,
        company=PRAXIS,
        greeting="Praxis Doktor Sommer, guten Tag, Sie sprechen mit Anna Keller.",
        instruction="Momentan ist niemand persönlich erreichbar. Darf ich einen Rückruf aufnehmen?",
        caller=p.CallerView("withheld"),
        employees=[employee("sommer", "Dr. Ute Sommer", "Ärztin", refusal="tariff", tries=[])],
        faq=[],
        note_fields=[p.NoteFieldView("geboren", "Geburtsdatum", "date", True, [])],
        line="030 23125200",
        arrived_at=ago(4),
        zone="Europe/Berlin",
    )


def many(count: int = 300) -> list[p.EmployeeView]:
    """A company with very many employees."""
    given = ["Anna", "Bernd", "Çağla", "Dörte", "Emil", "Françoise", "Gülay", "Hans-Jürgen", "Ilse", "Jörg"]
    family = [
        "Albrecht",
        "Böttcher",
        "Fröhlich",
        "Großmann",
        "Jäger",
        "Köhler",
        "Müller",
        "Öztürk",
        "Schäfer",
        "Weiß",
    ]
    jobs = ["Vertrieb", "Einkauf", "Lager", "Versand", "Buchhaltung", "Kundendienst"]
    return [
        employee(
            f"e{i}",
            f"{given[i % 10]} {family[i // 10 % 10]} {i // 100 + 1}",
            jobs[i % 6],
            f"Region {i % 7 + 1}",
        )
        for i in range(count)
    ]


WAITING = [
    p.WaitingView("w1", "Praxis Dr. Sommer", 1, False, ago(18)),
    p.WaitingView("w2", "Kanzlei Brandt & Weiß", 9, True, ago(5)),
]


def waiting(count: int) -> list[p.WaitingView]:
    """So many, the longest first, every five seconds one."""
    names = [("Praxis Dr. Sommer", 1), ("Kanzlei Brandt & Weiß", 9), ("Mustermann AG", 6)]
    return [p.WaitingView(f"w{n}", *names[n % 3], n % 7 == 0, ago(5.0 * (count - n))) for n in range(count)]


NOTES = [
    p.SavedNoteView("n1", "x1", ago(900), "Mustermann AG", 6, "Erika Beispiel", "Sabine Krause", "delivered"),
    p.SavedNoteView(
        "n2", "x2", ago(1900), "Praxis Dr. Sommer", 1, "Dr. Ute Sommer", "Herr Lindner", "failed"
    ),
    p.SavedNoteView(
        "n3", "x3", ago(2500), "Kanzlei Brandt & Weiß", 9, "Dr. Weiß", "Frau Yıldız", "uncertain"
    ),
    p.SavedNoteView("n4", "x4", ago(4100), "Mustermann AG", 6, "Jürgen Müller", "Hans Müller", "sent"),
]


def quiet(state: str = "ready") -> p.Snapshot:
    """The desk between two calls."""
    return p.Snapshot(
        me=p.AgentView(state, "", ago(42)),  # type: ignore[arg-type]  # the scenes name a state of the protocol
        link=p.LinkView("up", "", ago(3600), "up", "up"),
        waiting=WAITING,
        calls=[],
        notes=NOTES,
        today=p.TodayView(41, 38, 2),
        mine=p.MineView(14, 13, 12, 5, 1870),
    )
