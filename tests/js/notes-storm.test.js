/** Any order of typing, answers, losses, choices and closed pages: every word typed is on the server or on the device. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { box } from "../../static/js/notes-box.js";
import { NotePad } from "../../static/js/notes-pad.js";
import { storage } from "./storage.js";

const DEVICE_OF = { sari: 1, budi: 2 };

/** The same numbers for the same seed, so that a storm that fails can be had again. */
function dice(seed) {
  let state = seed * 2654435761 + 1;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % sides;
  };
}

function holds(text, earlier) {
  let start = 0;
  while (start < earlier.length && text[start] === earlier[start]) start += 1;
  return text.length >= earlier.length && text.endsWith(earlier.slice(start));
}

/** The rules of events/note_rows.py. */
class Server {
  rows = [{ text: "", number: 0, writer: "", by: "" }];

  get latest() {
    return this.rows.at(-1);
  }

  state() {
    return { text: this.latest.text, revision: this.latest.number, saved: "10.00 WIB", by: this.latest.by };
  }

  save({ text, revision, writer, apart }, by) {
    const { latest } = this;
    if (latest.text === text) return { status: 200, answer: this.state() };
    const isOwn = Boolean(writer) && latest.writer === writer && latest.by === by;
    if (revision !== latest.number && !isOwn) {
      return { status: 409, answer: { ...this.state(), conflict: true, message: "" } };
    }
    const row = { text, number: latest.number + 1, writer, by };
    if (isOwn && !apart && latest.number && holds(text, latest.text)) this.rows[this.rows.length - 1] = row;
    else this.rows.push(row);
    return { status: 200, answer: this.state() };
  }
}

class Storm {
  constructor(seed) {
    this.roll = dice(seed);
    this.server = new Server();
    this.device = storage();
    this.pages = new Map();
    this.owed = new Set(); // words that somebody typed on a pad and did not delete there
    this.account = "sari";
    this.words = 0;
    this.opened = 0;
    this.isCalm = false;
    this.open();
  }

  word() {
    this.words += 1;
    return `kata${this.words}. `;
  }

  open() {
    this.opened += 1;
    const name = `hal${this.opened}`;
    const keep = box(this.device, `catatan:${DEVICE_OF.sari}`, name);
    const { text, revision } = this.server.state();
    const send = (fields) => new Promise((resolve, reject) => waiting.push({ fields, resolve, reject }));
    const waiting = [];
    const pad = new NotePad({ text, revision, saved: "", writer: name, send, keep, show: () => {}, later: () => 1, stop: () => {} });
    const page = { name, pad, keep, waiting };
    this.pages.set(name, page);
    this.adopt(page);
  }

  adopt({ pad, keep }) {
    for (const [name, kept] of keep.left(new Set(this.pages.keys()))) if (pad.adopt(kept)) keep.drop(name);
  }

  page() {
    const pages = [...this.pages.values()];
    return pages[this.roll(pages.length)];
  }

  type({ pad }) {
    if (pad.isForeign) return; // the text is hidden then
    const old = pad.text;
    const word = this.word();
    const kinds = [`${old}${word}`, `${word}${old}`, old.replace(/kata\d+\. /, ""), `${old}x`.slice(0, -1)];
    const text = kinds[this.roll(kinds.length)];
    for (const gone of old.match(/kata\d+\. /g) ?? []) if (!text.includes(gone)) this.owed.delete(gone);
    if (text.includes(word)) this.owed.add(word);
    pad.typed(text);
  }

  answer({ waiting }) {
    const call = waiting.shift();
    if (!call) return;
    const luck = this.isCalm ? 9 : this.roll(10);
    if (luck === 0) return call.reject(new TypeError("never arrived"));
    if (luck === 1) return call.resolve({ status: 503, answer: null });
    if (luck === 2) return call.resolve({ status: 200, answer: null, signIn: true });
    if (luck === 3) return call.resolve({ status: 403, answer: null, signIn: false });
    if (this.account !== "sari") return call.resolve({ status: 409, answer: { signin: true, message: "" } });
    const result = this.server.save(call.fields, "sari");
    if (luck === 4) return call.reject(new TypeError("the answer was lost"));
    return call.resolve(result);
  }

  colleague() {
    const { text, revision } = this.server.state();
    const next = this.roll(2) ? `${text}${this.word()}` : text.replace(/kata\d+\. /, "");
    this.server.save({ text: next, revision, writer: "budi", apart: false }, "budi");
  }

  look({ pad }) {
    if (pad.busy) return;
    pad.looked(this.account === "sari" ? this.server.state() : { signin: true, message: "" });
  }

  async step() {
    const page = this.page();
    const deeds = [
      () => this.type(page),
      () => this.type(page),
      () => this.type(page),
      () => void page.pad.flush(),
      () => void page.pad.flush(),
      () => this.answer(page),
      () => this.answer(page),
      () => this.answer(page),
      () => void page.pad.resolve(["both", "mine", "theirs"][this.roll(3)]),
      () => this.colleague(),
      () => this.look(page),
      () => this.adopt(page),
      () => this.pages.size < 3 && this.open(),
      () => this.pages.size > 1 && this.pages.delete(page.name),
      () => (this.account = this.roll(3) ? "sari" : "budi"),
    ];
    deeds[this.roll(deeds.length)]();
    await new Promise(setImmediate);
  }

  everywhere() {
    const kept = Array.from({ length: this.device.length }, (_, place) => this.device.getItem(this.device.key(place)));
    return [...this.server.rows.map(({ text }) => text), ...kept].join("\n");
  }

  lost() {
    const found = this.everywhere();
    return [...this.owed].filter((word) => !found.includes(word));
  }

  /** The network is good, the own account is back and each page is asked what it waits for. */
  async calm() {
    this.isCalm = true;
    this.account = "sari";
    for (let round = 0; round < 60; round += 1) {
      for (const page of this.pages.values()) {
        void page.pad.resolve("both");
        void page.pad.flush();
        this.answer(page);
        await new Promise(setImmediate);
        this.look(page);
        this.adopt(page);
      }
    }
  }
}

for (let seed = 1; seed <= 120; seed += 1) {
  test(`storm ${seed} loses no word`, async () => {
    const storm = new Storm(seed);
    for (let turn = 0; turn < 80; turn += 1) {
      await storm.step();
      assert.deepEqual(storm.lost(), [], `after turn ${turn}`);
    }
    await storm.calm();
    const history = storm.server.rows.map(({ text }) => text).join("\n");
    assert.deepEqual([...storm.owed].filter((word) => !history.includes(word)), []);
    assert.equal(storm.device.length, 0, "nothing is left on the device");
    for (const { pad } of storm.pages.values()) assert.deepEqual([pad.state, pad.text], ["saved", storm.server.latest.text]);
  });
}
