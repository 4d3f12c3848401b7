// Finding by the first letters: "müller", "mueller" and "muller" are one person.

const EXPANDED = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "oe", œ: "oe" };
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");

/** Lower case, umlauts spelled out, other accents dropped. */
function spelled(text) {
  return bare(
    text
      .normalize("NFC")
      .toLowerCase()
      .replace(/[äöüßæøœ]/g, (letter) => EXPANDED[letter]),
  );
}

const WITHIN = /(?<=[\p{L}\p{N}])['’‘ʼ´`‐‑-](?=[\p{L}\p{N}])/gu;

/** Every way in which the words of `text` may be typed: "O'Neill" as oneill too, "Anne-Kathrin" as annekathrin. */
export function wordsOf(text) {
  const apart = `${spelled(text)} ${bare(text.toLowerCase())}`;
  const ways = `${apart} ${apart.replace(WITHIN, "")}`;
  return [...new Set(ways.split(/[^\p{L}\p{N}]+/u).filter(Boolean))];
}

/** 0 = does not fit; 2 a word begins so, 1 it is inside one. Every word of the query has to fit; the weakest counts. */
function fit(words, wanted) {
  if (words.some((word) => word.startsWith(wanted))) return 2;
  return words.some((word) => word.includes(wanted)) ? 1 : 0;
}

/** `items` that fit the query, the best first, else in their own order. `wordLists(item)`: word lists, the weightiest first. */
export function find(items, query, wordLists) {
  const wanted = spelled(query)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  if (!wanted.length) return items;
  const scored = items.map((item, index) => {
    const lists = wordLists(item);
    const scores = wanted.map((word) =>
      Math.max(
        ...lists.map((words, i) => {
          const how = fit(words, word);
          return how ? how * 10 + lists.length - i : 0;
        }),
      ),
    );
    return { item, index, score: Math.min(...scores) && scores.reduce((a, b) => a + b) };
  });
  return scored
    .filter((s) => s.score)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((s) => s.item);
}
