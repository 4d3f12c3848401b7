"""What a browser says of itself, in two words: for somebody who looks through the list of own sessions."""

from __future__ import annotations

# What stands in the header → word; the first one found counts, as each browser also names those it imitates.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST = 1_000


def browser_words(user_agent: str) -> str:
    """ "Firefox · Windows", as far as it can be told; "" for what is no browser."""
    text = user_agent[:LONGEST]
    found = (next((word for part, word in table if part in text), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))
