// What a supervisor may do for an agent: a text onto the desk, a log-out. Each is asked for once, and answered in words.

import { show, text } from "../web/dom.js";
import { t, why } from "../web/texts.js";

const byId = (id) => document.getElementById(id);
const BUSY = new Set(["ringing", "talking", "wrap_up"]);
const NOTICE_MS = 6000;

export class Actions {
  #csrf;
  #agent = null;
  #hide = null;

  constructor(csrf) {
    this.#csrf = csrf;
    for (const dialog of [byId("text-dialog"), byId("leave-dialog")]) {
      dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    }
    byId("text-dialog").addEventListener("submit", (event) => this.#sendText(event));
    byId("leave-dialog").addEventListener("submit", (event) => this.#logOut(event));
    byId("text-words").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
    });
  }

  text(agent) {
    this.#agent = agent;
    text(byId("text-title"), t("text.title", agent));
    byId("text-words").value = "";
    show(byId("text-error"), false);
    byId("text-dialog").showModal();
    byId("text-words").focus();
  }

  leave(agent) {
    this.#agent = agent;
    const busy = BUSY.has(agent.state);
    text(byId("leave-title"), t("leave.title", agent));
    text(byId("leave-words"), t(busy ? "leave.after_call" : "leave.now", agent));
    text(byId("leave-do"), t(busy ? "leave.do_after_call" : "leave.do"));
    show(byId("leave-error"), false);
    byId("leave-dialog").showModal();
  }

  async stay(agent) {
    const answer = await this.#post(agent, "stay");
    this.#say(answer.done ? t("leave.stays", agent) : why(answer.code, answer.params));
  }

  async #sendText(event) {
    event.preventDefault();
    const agent = this.#agent;
    const answer = await this.#post(agent, "text", { text: byId("text-words").value });
    if (!answer.done) {
      this.#refuse("text-error", answer);
      return byId("text-words").focus();
    }
    byId("text-dialog").close();
    this.#say(t("text.sent", agent));
  }

  async #logOut(event) {
    event.preventDefault();
    const agent = this.#agent;
    const answer = await this.#post(agent, "log-out");
    if (!answer.done) return this.#refuse("leave-error", answer);
    byId("leave-dialog").close();
    this.#say(t(answer.done === "now" ? "leave.done" : "leave.done_after_call", agent));
  }

  #refuse(where, answer) {
    text(byId(where), why(answer.code, answer.params));
    show(byId(where), true);
  }

  async #post(agent, action, fields = {}) {
    const headers = { "X-CSRF-Token": this.#csrf, Accept: "application/json" };
    const body = new URLSearchParams(fields);
    try {
      const response = await fetch(`/floor/agents/${agent.id}/${action}`, { method: "POST", headers, body });
      return await response.json();
    } catch {
      return { code: "offline" };
    }
  }

  /** Floats for a moment, and is read out once. */
  #say(words) {
    clearTimeout(this.#hide);
    text(byId("notice"), words);
    show(byId("notice"), true);
    byId("live").replaceChildren(words);
    this.#hide = setTimeout(() => show(byId("notice"), false), NOTICE_MS);
  }
}
