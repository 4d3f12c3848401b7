"""What two windows have typed, put together: a table, read by the page's own module."""

from __future__ import annotations

import pytest

from rules.text.typed_text import lines
from tests.browser.conftest import OpenDesk

pytestmark = pytest.mark.browser

BLENDED = """async ([before, own, other, between]) => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { blended } = await import(loaded.find((name) => /\\/merge[.\\w-]*\\.js/.test(name)));
  return blended(before, own, other, between);
}"""

MEANT = """async (signs) => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { means } = await import(loaded.find((name) => /\\/merge[.\\w-]*\\.js/.test(name)));
  const note = (concern) => ({ concern, fields: {} });
  return signs.filter((sign) => !means(note(`a${sign}b`), note("ab")));
}"""

TABLE = [
    ("", "eins", "zwei", "eins\nzwei", "typed in both"),
    ("", "eins", "eins zwei", "eins zwei", "the other window has gone on"),
    ("", "eins zwei", "eins", "eins zwei", "the own one has"),
    ("", "x", "Max ruft an", "x\nMax ruft an", "a letter that both have is still a letter"),
    ("", "zwei", "eins\nzwei", "eins\nzwei", "put together already"),
    ("Wort1", "Wort1x", "Wort1 anderes", "Wort1x anderes", "a word sent in its middle, the own one"),
    ("Wort1", "Wort1 anderes", "Wort1x", "Wort1x anderes", "and the other's"),
    ("Wort1", "Wort1 Taxi", "Wort1x", "Wort1x Taxi", "a letter that the new word has too"),
    ("eins", "eins zwei", "eins drei", "eins zwei drei", "both went on after the same word"),
    ("eins zwei", "EINS zwei", "eins ZWEI", "EINS ZWEI", "changes that lie apart"),
]


@pytest.mark.parametrize(("before", "own", "other", "both", "why"), TABLE, ids=[row[-1] for row in TABLE])
async def test_no_letter_is_lost_and_no_word_broken(
    open_desk: OpenDesk, before: str, own: str, other: str, both: str, why: str
) -> None:
    desk = await open_desk()
    assert await desk.page.evaluate(BLENDED, [before, own, other, "\n"]) == both, why


async def test_letters_that_the_server_leaves_out_are_nobodys_words(open_desk: OpenDesk) -> None:
    """Else what the server has kept would come back as if another window had typed it."""
    unseen = [sign for code in range(1, 0x10000) if not lines(sign := chr(code))]
    assert {"\xad", "\u2060"} <= set(unseen)
    desk = await open_desk()
    assert await desk.page.evaluate(MEANT, unseen) == []
