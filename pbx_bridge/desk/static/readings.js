// How the server reads what is typed into the note: asked after a short pause, shown beside the field, never stored.

const PAUSE = 350;
const textsOf = ({ callback, callback_by: by, concern, callback_wanted: wanted }) =>
  JSON.stringify([callback.trim(), by.trim(), concern.trim(), wanted]);

/** Event "change" when the server has answered. */
export class Readings extends EventTarget {
  #send;
  #known = new Map(); // call → { texts, read, fields }
  #asked = new Map(); // call → texts that are on their way
  #timers = new Map();

  /** `send(call, body)` → the server's answer. */
  constructor(send) {
    super();
    this.#send = send;
  }

  /** How this very text is read: { read, fields } by name of field, or null while nobody knows. */
  of(call, body) {
    const known = this.#known.get(call);
    return known?.texts === textsOf(body) ? known : null;
  }

  /** Whether a call-back is wanted, as the service would decide it by what was last read; null: nobody knows yet. */
  wanted(call) {
    const known = this.#known.get(call);
    return known ? known.read.callback_wanted === "yes" : null;
  }

  /** The concern itself says that nobody needs to call back. */
  saysNo(call) {
    return this.#known.get(call)?.read.concern === "no_callback";
  }

  /** Whenever the note may have changed; asks only when it has. */
  look(call, body) {
    const texts = textsOf(body);
    if (this.#known.get(call)?.texts === texts || this.#asked.get(call) === texts) return;
    if (!body.callback.trim() && !body.callback_by.trim()) return;
    this.#asked.set(call, texts);
    clearTimeout(this.#timers.get(call));
    this.#timers.set(
      call,
      setTimeout(() => this.#ask(call, texts, body), PAUSE),
    );
  }

  forget(call) {
    clearTimeout(this.#timers.get(call));
    for (const map of [this.#known, this.#asked, this.#timers]) map.delete(call);
  }

  async #ask(call, texts, body) {
    const answer = await this.#send(call, body);
    if (this.#asked.get(call) === texts) this.#asked.delete(call);
    if (!answer.ok) return;
    this.#known.set(call, { texts, read: answer.read, fields: answer.fields });
    this.dispatchEvent(new Event("change"));
  }
}
