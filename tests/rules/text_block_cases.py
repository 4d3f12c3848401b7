"""Text blocks and what is known of the call: the text, the values, what the note says then."""

from __future__ import annotations

ALL = {"anrufer": "Hans Müller", "nummer": "0171 3920042", "mitarbeiter": "Erika Beispiel und Jens Meier"}
CASES: list[tuple[str, dict[str, str], str]] = [
    ("Bittet um Rückruf.", ALL, "Bittet um Rückruf."),
    ("{anrufer} bittet um Rückruf.", ALL, "Hans Müller bittet um Rückruf."),
    (
        "Rückruf unter {nummer} durch {mitarbeiter}",
        ALL,
        "Rückruf unter 0171 3920042 durch Erika Beispiel und Jens Meier",
    ),
    ("{anrufer}{anrufer}", ALL, "Hans MüllerHans Müller"),
    ("{Anrufer}, {NUMMER}, { mitarbeiter }", ALL, "Hans Müller, 0171 3920042, Erika Beispiel und Jens Meier"),
    ("{anrufer} unter {nummer}", {"anrufer": "Hans Müller"}, "Hans Müller unter …"),
    ("{anrufer} unter {nummer}", {"anrufer": " ", "nummer": ""}, "… unter …"),
    ("{kunde} und {anrufer}", ALL, "{kunde} und Hans Müller"),
    ("{{anrufer}}", ALL, "{Hans Müller}"),
    ("{anrufer", ALL, "{anrufer"),
    ("{}, { }, {an rufer}", ALL, "{}, { }, {an rufer}"),
    ("{anrufer}", {"anrufer": "{nummer}", "nummer": "1"}, "{nummer}"),
    ("{anrufer}", {"anrufer": r"\1 $& $1 \g<0>"}, r"\1 $& $1 \g<0>"),
    ("Zeile 1\n{anrufer}\nZeile 3", ALL, "Zeile 1\nHans Müller\nZeile 3"),
    ("", ALL, ""),
]
