"""What can be measured of any page: words torn, texts cut, places to press that lie on each other."""

from __future__ import annotations

from playwright.async_api import Page

LONGEST_WORD = 24
"""Letters of a word that has to stay whole; longer ones may be broken where there is no room."""

_FINDS = """(longest) => {
  const found = [], seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const clipped = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at), box = at.getBoundingClientRect();
      if (style.clipPath !== "none" || (style.overflow === "hidden" && box.width <= 1)) return true;
      if (at.closest("svg, iframe, [aria-hidden=true], textarea, select")) return true;
    }
    return false;
  };
  const named = (one) => `${one.tagName.toLowerCase()}.${one.className} in ${location.pathname}`;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const one = node.parentElement;
    if (!node.data.trim() || !seen(one) || clipped(one) || one.closest("script, style, code, pre")) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}.,:;„“()]+/gu)) {
      if (word[0].length > longest) continue;
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0.5)
        .map((box) => Math.round(box.top / 4)));
      if (lines.size > 1) found.push(`torn: "${word[0]}" at ${innerWidth} px, ${named(one)}`);
    }
  }
  for (const one of document.body.querySelectorAll("*")) {
    if (!seen(one) || clipped(one) || !one.textContent.trim() || one.closest("video")) continue;
    const style = getComputedStyle(one);
    const hides = style.overflowX === "hidden" || style.overflowX === "clip";
    const said = one.title && one.title === one.textContent.trim(); // a bar in the month: the list has it all
    if (hides && !said && one.scrollWidth > one.clientWidth + 1) {
      found.push(`cut: "${one.textContent.trim().slice(0, 40)}" at ${innerWidth} px, ${named(one)}`);
    }
  }
  const stays = (one) => {
    for (let at = one; at; at = at.parentElement) {
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(at).position)) return true;
    }
    return false;
  };
  const press = [...document.body.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((one) => seen(one) && !clipped(one) && one.type !== "hidden" && !stays(one))
    .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 2 && box.height > 2);
  press.forEach(([one, box], at) => press.slice(at + 1).forEach(([other, next]) => {
    if (one.contains(other) || other.contains(one)) return;
    const wide = Math.min(box.right, next.right) - Math.max(box.left, next.left);
    const high = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
    if (wide > 2 && high > 2) found.push(`on each other: ${named(one)}, ${named(other)}, ${innerWidth} px`);
  }));
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`${over} px too wide at ${innerWidth}, ${location.pathname}`);
  return [...new Set(found)];
}"""


async def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands: words torn, texts cut, places to press on each other."""
    found: list[str] = await page.evaluate(_FINDS, LONGEST_WORD)
    return found
