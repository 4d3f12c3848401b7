// The note of the call: typed while people talk, kept at every letter, saved when nothing is missing.

import { attr, h, keyed, show, text } from "../dom.js";
import { count, listed, maybe, t } from "../texts.js";
import { moment, until } from "../time.js";
import { makeField, setError, setReading, setRequired, setValue } from "./fields.js";
import { menu, updateMenu } from "./me.js";
import { flipCallback } from "../actions.js";
import { capOf, keyOf } from "../keys.js";
import { savedAs, wantsCallback } from "../note.js";
import { keyButton, updateKeyButton, View } from "./parts.js";
import { nameOf } from "../finding.js";
import { Recipients } from "./recipients.js";
import { SavedLine } from "./saved_line.js";
import { TextBlocks } from "./text_blocks.js";

const CONCERN = { name: "concern", kind: "long", required: true };
const CALLER = [
  { name: "name", kind: "text", required: true },
  { name: "company", kind: "text" },
  { name: "callback", kind: "phone" },
];
const LAST = [
  { name: "callback_by", kind: "text" },
  { name: "message_to_caller", kind: "text" },
];

const labelled = (spec) => ({ ...spec, label: t(`note.${spec.name}`), hint: t(`note.${spec.name}_hint`) });

customElements.define(
  "desk-note",
  class extends View {
    build(desk) {
      this.desk = desk;
      this.head = h("h2", { class: "note-title" }, t("note.title"));
      this.company = h("p", { class: "note-company" });
      this.kept = h("p", { class: "muted note-kept" });
      this.recipients = new Recipients(desk.finding, (recipients) => this.#edit({ recipients }));
      this.fields = new Map();
      const make = (spec) => this.#field(labelled(spec), (value) => this.#edit({ [spec.name]: value }));
      this.blocks = new TextBlocks(desk);
      this.own = h("div", { class: "note-own" });
      this.plausible = h("span", { class: "plausible", title: t("note.plausible") }, "✓");
      this.urgent = h("input", {
        type: "checkbox",
        id: "urgent",
        onchange: () => this.#edit({ urgent: this.urgent.checked }),
      });
      const urgent = h("label", { class: "check", for: "urgent" }, this.urgent, t("note.urgent"));
      this.wanted = h("input", {
        type: "checkbox",
        id: "callback-wanted",
        "aria-describedby": "callback-says",
        onchange: () => flipCallback(desk),
      });
      this.wantedKey = h("kbd");
      const words = t("note.callback_wanted");
      const wanted = h("label", { class: "check", for: "callback-wanted" }, this.wanted, words, this.wantedKey);
      this.says = h("p", { class: "field-reading note-says", id: "callback-says", hidden: true });
      const last = LAST.map(make);
      this.versionList = h("ol", { class: "plain" });
      this.versions = h(
        "section",
        { class: "note-versions", "aria-label": t("note.versions") },
        h("h3", { class: "label" }, t("note.versions")),
        this.versionList,
      );
      this.missing = h("p", { class: "note-missing", hidden: true });
      this.done = new SavedLine("note-done");
      this.ring = new SavedLine("note-ring");
      this.save = keyButton(desk, "save", "is-primary");
      this.close = keyButton(desk, "close", "is-quiet", "short");
      this.putAway = keyButton(desk, "put_away", "is-quiet", "short");
      this.menu = menu(desk, "close");
      this.form = h(
        "form",
        { class: "note-form", novalidate: true, onfocusout: () => desk.changed(), onsubmit: (event) => event.preventDefault() },
        this.versions,
        this.recipients.node,
        make(CONCERN),
        this.own,
        ...CALLER.map(make),
        h("div", { class: "note-checks" }, wanted, urgent),
        this.says,
        ...last,
      );
      this.fields.get("callback").control.after(this.plausible);
      this.fields.get("concern").prepend(this.blocks.node);
      this.foot = h(
        "div",
        { class: "note-foot" },
        this.missing,
        this.done.node,
        this.ring.node,
        h("div", { class: "note-buttons" }, this.save, this.close, this.putAway, this.menu),
      );
      this.idle = h("p", { class: "muted note-idle" }, t("note.idle"));
      this.last = new SavedLine("note-last");
      this.append(
        h("header", { class: "note-head" }, this.head, this.company, this.kept),
        this.form,
        this.foot,
        this.idle,
        this.last.node,
      );
    }

    update(desk) {
      const open = desk.current;
      for (const node of [this.form, this.company, this.kept]) show(node, open);
      show(this.foot, open);
      show(this.idle, !open);
      const last = desk.picture.notes[0];
      lastSaved(this.last, open ? null : last);
      lastSaved(this.ring, open?.view.phase === "offered" ? last : null);
      if (!open) return;
      const { pop, view } = open;
      const body = desk.drafts.body(view.call);
      const errors = desk.errors.get(view.call) ?? {};
      text(this.company, t("note.for", { company: pop.company.name || t("company.unassigned") }));
      this.recipients.update(pop, body.recipients);
      this.#own(pop.note_fields, body.fields);
      for (const { name } of [CONCERN, ...CALLER, ...LAST]) setValue(this.fields.get(name), body[name]);
      this.urgent.checked = body.urgent;
      this.#callback(desk, open, body);
      this.blocks.update(desk);
      text(this.wantedKey, capOf(keyOf("callback")));
      show(
        this.fields.get("message_to_caller"),
        view.tried.length || view.put_through || body.message_to_caller,
      );
      this.#short(Boolean(view.joined_with));
      for (const [name, field] of this.fields) setError(field, errors[name]);
      this.#readings(desk, view.call, body, pop.zone);
      this.#versions(view.correction);
      this.#foot(desk, errors);
      this.#kept(desk.drafts.state(view.call), savedAs(open, body));
    }

    /** Where the newest letters are: in the saved note, in the draft, or only here. */
    #kept(state, saved) {
      const now = saved && !saved.changed ? "saved" : state;
      attr(this.kept, "data-state", now || null);
      const at = saved && moment(saved.at);
      if (now === "saved") text(this.kept, t("note.saved_at", { at }));
      else if (saved) text(this.kept, t(`note.changed_${state || "kept"}`, { at }));
      else text(this.kept, state ? t(`note.${state}`) : "");
    }

    /** In the place of the button: when, what, and for whom; until something is typed again. */
    #done({ pop, view }, body, saved) {
      const stands = saved && !saved.changed;
      show(this.done.node, stands);
      if (!stands) return;
      const to = body.recipients.map((id) => nameOf(pop, id));
      const line = t("notes.line", { caller: body.name, to: to.length ? listed(to) : t("notes.nobody") });
      this.done.update(saved.at, [line, body.concern.trim()].filter(Boolean).join(": "), pop.company.hue);
    }

    #field(spec, typed) {
      const field = makeField(spec, (value) => {
        typed(value);
        this.#heal(spec.name);
      });
      this.fields.set(spec.name, field);
      return field;
    }

    /** The customer's own fields; made anew only when the customer changed them. */
    #own(specs, values) {
      keyed(
        this.own,
        specs,
        (spec) => JSON.stringify(spec),
        (spec) =>
          this.#field({ ...spec, name: spec.key, hint: t(`note.${spec.kind}_hint`) }, (value) => {
            const body = this.desk.drafts.body(this.desk.current.view.call);
            this.#edit({ fields: { ...body.fields, [spec.key]: value } });
          }),
        (field, spec) => setValue(field, values[spec.key] ?? ""),
      );
      for (const [name, field] of this.fields)
        if (!field.isConnected && name !== "message_to_caller") this.fields.delete(name);
    }

    /** After a successful put-through only the name has to be there. */
    #short(short) {
      for (const [name, field] of this.fields)
        setRequired(field, field.required && (!short || name === "name"));
    }

    /** What the server understands; what it does not is said only when the field is left. */
    #readings(desk, call, body, zone) {
      desk.readings.look(call, body);
      const found = desk.readings.of(call, body);
      show(this.plausible, found?.read.callback);
      for (const name of ["callback", "callback_by"]) {
        const field = this.fields.get(name);
        const code = found?.fields[name];
        const fault = code && document.activeElement !== field.control;
        const moment = name === "callback_by" && found?.read.callback_by;
        if (fault) setReading(field, maybe(`readings.${code}`) ?? t("readings.other"), true);
        else setReading(field, moment ? until(moment, zone) : "");
      }
    }

    /** Whether somebody is to call back, and why it says so by itself. */
    #callback(desk, open, body) {
      const yes = wantsCallback(open, body, desk.readings);
      this.wanted.checked = yes;
      const says = desk.readings.saysNo(open.view.call) ? t("note.concern_says_no") : "";
      const idle = !yes && body.callback_by.trim() ? t("note.callback_by_idle") : "";
      show(this.says, says || idle);
      text(this.says, says || idle);
    }

    /** What was saved before, when a note lies open for correction. */
    #versions(correction) {
      show(this.versions, correction);
      keyed(
        this.versionList,
        correction?.versions ?? [],
        (version) => version.at,
        () => h("li"),
        (row, { at, agent, body }) =>
          text(row, t("note.version", { at: moment(at), agent, concern: body.concern || body.name })),
      );
    }

    #foot(desk, errors) {
      const names = Object.keys(errors).map(
        (name) => this.fields.get(name)?.querySelector("label").firstChild.data ?? t(`note.${name}`),
      );
      show(this.missing, names.length);
      text(this.missing, names.length ? count("note.missing", names.length, { names: listed(names) }) : "");
      for (const button of [this.save, this.close, this.putAway]) updateKeyButton(button, desk);
      const saved = savedAs(desk.current, desk.drafts.body(desk.current.view.call));
      text(this.save.firstElementChild, t(saved ? "note.save_correction" : "keys.save.label"));
      if (saved && !saved.changed) show(this.save, false);
      this.#done(desk.current, desk.drafts.body(desk.current.view.call), saved);
      updateMenu(this.menu, desk);
    }

    #edit(patch) {
      const open = this.desk.current;
      if (open) this.desk.drafts.edit(open.view.call, patch);
      this.desk.changed();
    }

    /** A field that is being mended is no longer wrong. */
    #heal(name) {
      const errors = this.desk.errors.get(this.desk.current?.view.call);
      if (errors) delete errors[name];
    }
  },
);

/** What was saved last stays to be seen, also while the next call rings. */
function lastSaved(line, note) {
  show(line.node, note);
  if (!note) return;
  const [company, to] = [note.company || t("company.unassigned"), note.to || t("notes.nobody")];
  line.update(note.at, `${company}, ${t("notes.line", { caller: note.caller, to })}`, note.hue);
}
