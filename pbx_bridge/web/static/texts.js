// The words: every text comes from the catalogue that the page brings along.

const catalogue = JSON.parse(document.getElementById("texts").textContent);
export const locale = document.documentElement.lang;

/** The text under `key` with its gaps filled; a key that is missing shows itself, so that it is found. */
export function t(key, params = {}) {
  return maybe(key, params) ?? key;
}

/** The text under `key`, or null when the catalogue has none. */
export function maybe(key, params = {}) {
  const text = catalogue[key];
  if (text === undefined) return null;
  return text.replace(/\{(\w+)(?::(\w+))?\}(\.(?!\.))?/g, (gap, name, form, stop = "") => {
    const value = params[name];
    if (value === undefined || value === null) return gap;
    const said = form && catalogue["language.declines"] === "german" ? declined(String(value), form) : String(value);
    return /[.?…]$/.test(said) ? said : said + stop;
  });
}

/** A name as a German sentence needs it, in `{name:dat}` or `{name:acc}`: Herr becomes Herrn, nothing else changes. */
function declined(name, form) {
  if (form === "nom") return name;
  return name.replace(/(^|[,;/&(]\s*|\bund\s+|^(?:[\w.-]+\.\s+)+)Herr(?=\s+\p{L})/gu, "$1Herrn");
}

/** "Why not", in words. `code` comes from the server; an unknown one is named, never hidden. */
export function why(code, params = {}) {
  return maybe(`errors.${code}`, params) ?? t("errors.unknown", { code });
}

const plurals = new Intl.PluralRules(locale);

/** One or many: `key.one`, `key.many` or what other form the language has, with {count}. */
export function count(key, number, params = {}) {
  const said = { count: number, ...params };
  return maybe(`${key}.${plurals.select(number)}`, said) ?? t(`${key}.many`, said);
}

const lists = new Intl.ListFormat(locale, { type: "conjunction" });
export const listed = (items) => lists.format(items);
