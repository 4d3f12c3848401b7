// Text blocks of a company, filled from the call: the same rule as rules/customers/text_blocks.py. Pure, no page.

const GAPS = new Set(["anrufer", "nummer", "mitarbeiter"]);
export const MISSING = "…";

/** The text with what is known of the call; what nobody knows yet is "…", and other braces stay. */
export function filled(text, values) {
  return text.replace(/\{ ?([\p{L}\p{N}_]{1,40}) ?\}/gu, (found, word) => {
    const gap = word.toLowerCase();
    return GAPS.has(gap) ? (values[gap] ?? "").trim() || MISSING : found;
  });
}

/** As it is put behind `before`: a word apart. */
export const apart = (before, text) => (before && !/\s$/u.test(before) ? ` ${text}` : text);
