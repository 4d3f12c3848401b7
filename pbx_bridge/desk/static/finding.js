// Who works there and what is answered: of a big company the pop has the first ones, and the server finds the others.

import { find } from "./search.js";

const PAUSE = 120;
const AT_ONCE = 50; // people that one question may name
const LATER = ["offline", "outcome_unknown", "overloaded", "internal"]; // asked again

/** How many there are, also where the pop has only some of them. */
const totalOf = (pop, what) => Math.max(pop[`${what}_total`] ?? 0, pop[what].length);
const isWhole = (pop, what) => totalOf(pop, what) === pop[what].length;

let here = null; // a page has one desk

/** What somebody at the company of this pop is called. */
export const nameOf = (pop, id) => here?.name(pop, id) ?? id ?? "";

/** Who has the caller now: somebody of the company, or the number of somebody outside. */
export const takerOf = ({ pop, view }) => view.joined_number || nameOf(pop, view.joined_with);

/** Event "change" when the server has answered. */
export class Finding extends EventTarget {
  #send;
  #found = new Map(); // call → what → { query, items, total }
  #asked = new Map(); // call and what → query on its way
  #timers = new Map();
  #met = new Map(); // call → id → employee, whom the pop does not have
  #names = new Map(); // id → name
  #missing = new Map(); // call → ids to be asked for
  #asking = new Set(); // calls whose missing ones are being asked for
  #renewed = new Map(); // call → a new object each time: an answer to what was asked before is of before

  /** `send(command)` → the server's answer. */
  constructor(send) {
    super();
    this.#send = send;
    here = this;
  }

  total(pop, what) {
    return totalOf(pop, what);
  }

  /** What fits the query, the best first; `sure`: nobody else does, as far as is known. */
  of(pop, what, query, wordLists) {
    const typed = query.trim();
    const here = find(pop[what], query, wordLists);
    if (isWhole(pop, what)) return { items: here, total: here.length, sure: true };
    if (!typed) return { items: here, total: totalOf(pop, what), sure: true };
    const known = this.#found.get(pop.call)?.[what];
    if (known?.query === typed) return { ...known, sure: true };
    this.#soon(pop.call, what, typed);
    const near = what === "employees" ? [...pop.employees, ...this.#of(pop.call).values()] : pop[what];
    const once = [...new Map(near.map((one) => [one.id ?? one, one])).values()];
    return { items: find(once, query, wordLists), total: totalOf(pop, what), sure: false };
  }

  /** The employee, if anybody has named them on this desk. */
  employee(pop, id) {
    return pop.employees.find((one) => one.id === id) ?? this.#of(pop.call).get(id) ?? null;
  }

  /** What somebody is called; who is not known yet is asked for. */
  name(pop, id) {
    const known = this.employee(pop, id)?.name ?? pop.names?.[id] ?? this.#names.get(id);
    if (known || !id) return known ?? "";
    if (!isWhole(pop, "employees")) this.#miss(pop.call, id);
    return isWhole(pop, "employees") ? id : "…";
  }

  /** The company or the clock changed something, or may have: whoever was found is found anew. */
  renew(call) {
    this.#renewed.set(call, {});
    this.#found.delete(call);
    for (const id of this.#met.get(call)?.keys() ?? []) this.#miss(call, id);
  }

  /** The server is there again: whoever was asked for in vain is asked for. */
  again() {
    for (const call of this.#missing.keys()) this.#askSoon(call);
  }

  forget(call) {
    for (const map of [this.#found, this.#met, this.#missing, this.#renewed]) map.delete(call);
    for (const what of ["employees", "faq"]) clearTimeout(this.#timers.get(`${call} ${what}`));
  }

  #of(call) {
    if (!this.#met.has(call)) this.#met.set(call, new Map());
    return this.#met.get(call);
  }

  #soon(call, what, query) {
    const key = `${call} ${what}`;
    if (this.#asked.get(key) === query) return;
    this.#asked.set(key, query);
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => this.#ask(call, what, query), PAUSE));
  }

  async #ask(call, what, query) {
    const [key, time] = [`${call} ${what}`, this.#renewed.get(call)];
    const answer = await this.#send({ type: "find", call, what, query });
    if (this.#asked.get(key) === query) this.#asked.delete(key);
    if (time !== this.#renewed.get(call)) return this.dispatchEvent(new Event("change")); // drawn anew, it asks anew
    if (!answer.ok) return;
    this.#learn(call, answer);
    this.#found.set(call, { ...this.#found.get(call), [what]: { query, items: answer[what], total: answer.total } });
    this.dispatchEvent(new Event("change"));
  }

  #miss(call, id) {
    this.#missing.set(call, (this.#missing.get(call) ?? new Set()).add(id));
    this.#askSoon(call);
  }

  #askSoon(call) {
    if (this.#asking.has(call)) return;
    this.#asking.add(call);
    queueMicrotask(() => this.#askForAll(call));
  }

  /** So many in a turn as one question may name, until nobody is missing. */
  async #askForAll(call) {
    for (let ids; (ids = [...(this.#missing.get(call) ?? [])].slice(0, AT_ONCE)).length; ) {
      const time = this.#renewed.get(call);
      const answer = await this.#send({ type: "find", call, what: "employees", ids });
      if (LATER.includes(answer.code) || !this.#missing.has(call)) break;
      if (time !== this.#renewed.get(call)) continue; // asked anew
      for (const id of ids) this.#missing.get(call).delete(id);
      if (answer.ok) this.#take(call, ids, answer);
    }
    this.#asking.delete(call);
  }

  /** Whoever is not in the answer is gone, and asked for no more. */
  #take(call, ids, answer) {
    for (const id of ids) this.#of(call).delete(id);
    for (const id of ids) if (!this.#names.has(id)) this.#names.set(id, "–");
    this.#learn(call, answer);
    this.dispatchEvent(new Event("change"));
  }

  #learn(call, { employees = [], names = {} }) {
    for (const one of employees) this.#of(call).set(one.id, one);
    for (const { id, name } of employees) this.#names.set(id, name);
    for (const [id, name] of Object.entries(names)) this.#names.set(id, name);
  }
}
