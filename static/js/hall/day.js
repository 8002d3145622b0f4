/** The rundown on screen: what is on, what comes next, how late, and each item with its times. */
import { hour, hourWithZone } from "./clock.js";
import { delay, delayWords, place, span } from "./rundown.js";

const DOUBLE = 700; // ms: a second tap this soon is a trembling finger
const CLOSED_TO_TAPS = ["draft", "archived", "cancelled"];
const NOTES = {
  draft: "Kegiatan masih draf. Jadwalkan kegiatan dahulu; naskah sudah dapat dibuka untuk latihan.",
  scheduled: "Kegiatan berstatus Berlangsung begitu mata acara pertama dimulai. Naskah dapat dibuka untuk latihan.",
  closed: "Kegiatan sudah ditutup.",
  archived: "Kegiatan sudah diarsipkan. Layar ini hanya dapat dibaca.",
  cancelled: "Kegiatan dibatalkan.",
};
/** An event without a rundown cannot be begun or followed from here. */
const EMPTY_NOTES = { scheduled: "Susunan acara kosong. Mulai kegiatan dari halaman kegiatan; naskah sudah dapat dibuka untuk latihan." };
const EMPTY_WORDS = { running: "Kegiatan berlangsung", closed: "Kegiatan selesai", archived: "Kegiatan selesai" };
const PAPER_WORDS = {
  open: ["active", "Penandatanganan dibuka"],
  closed: ["done", "Penandatanganan ditutup"],
  sealing: ["waiting", "Sedang disegel"],
  sealed: ["done", "Sudah disegel"],
};

export function takesTaps(state) {
  return !CLOSED_TO_TAPS.includes(state.event);
}

/** Words and tone of an element; an empty word hides it. */
export function say(element, words, tone = "muted") {
  element.textContent = words;
  element.hidden = !words;
  if (element.classList.contains("status")) element.className = `status status-${tone}`;
}

export class Day {
  /** @param {HTMLElement} root [data-rundown]  @param {{zone: string, act: (taps: object[]) => void, undo: () => void}} parts */
  constructor(root, { zone, act, undo }) {
    Object.assign(this, { root, zone, act });
    this.rows = [...root.querySelectorAll("[data-item]")];
    this.plan = this.rows.map(({ dataset }) => ({ starts: dataset.starts, ends: dataset.ends }));
    this.one = (name) => root.querySelector(`[data-${name}]`);
    this.one("advance").addEventListener("click", () => this.once(() => this.advance()));
    this.one("undo").addEventListener("click", undo);
    this.rows.forEach((row, index) =>
      row.addEventListener("click", ({ target }) => {
        const button = target.closest("[data-tap]");
        if (button) this.once(() => this.tapped(button.dataset.tap, index));
      }),
    );
  }

  /** The button under the finger changes its meaning with the tap, so the second half of a double tap is dropped. */
  once(deed) {
    const now = performance.now();
    if (now - (this.tappedAt ?? -DOUBLE) < DOUBLE) return;
    this.tappedAt = now;
    deed();
  }

  show(state, { undoable }) {
    this.state = state;
    this.items = this.rows.map(
      (row) => state.items.find(({ id }) => id === Number(row.dataset.item)) || { id: Number(row.dataset.item) },
    );
    this.open = takesTaps(state);
    this.place = place(this.items);
    this.rows.forEach((row, index) => this.showRow(row, index));
    this.showNow();
    this.showNext();
    this.one("undo").hidden = !undoable;
    say(this.one("event-note"), (!this.rows.length && EMPTY_NOTES[state.event]) || NOTES[state.event] || "");
    this.tick();
  }

  /** What moves with the clock alone. */
  tick(now = Date.now()) {
    const { tone, words } = delayWords(this.open ? delay(this.plan, this.items, now) : null);
    say(this.one("delay"), words, tone);
    const item = this.items[this.place.on];
    if (!item) return;
    const gone = Math.max(0, Math.floor((now - Date.parse(item.started_at)) / 60000));
    const planned = Number(this.rows[this.place.on].dataset.duration);
    const rest = gone < 12 * 60 ? ` · sudah ${span(gone)} dari ${span(planned)}` : "";
    this.one("now-times").textContent = `Dimulai pukul ${hourWithZone(item.started_at, this.zone)}${rest}`;
  }

  showRow(row, index) {
    const { started_at: started, ended_at: ended } = this.items[index];
    row.classList.toggle("is-on", index === this.place.on);
    row.classList.toggle("is-done", Boolean(ended));
    const button = (name) => row.querySelector(`[data-tap="${name}"]`);
    button("start").hidden = !this.open || Boolean(started || ended);
    button("finish").hidden = !this.open || !started || Boolean(ended);
    button("undo").hidden = !this.open || !(started || ended);
    const from = started ? hour(started, this.zone) : "";
    const to = ended ? hour(ended, this.zone) : "";
    const words = ended ? `Selesai ${[from, to].filter(Boolean).join("–")}` : started ? `Berlangsung sejak ${from}` : "";
    say(row.querySelector("[data-real]"), words, ended ? "done" : "active");
  }

  showNow() {
    const { on, next } = this.place;
    const over = this.rows.length > 0 && on < 0 && next < 0;
    const idle = this.rows.length ? this.idleWords(over) : EMPTY_WORDS[this.state.event] || "Belum dimulai";
    this.one("now-kicker").textContent = on >= 0 ? "Sedang berlangsung" : "Saat ini";
    this.one("now-title").textContent = on >= 0 ? this.words(on, "title") : idle;
    this.one("now-person").textContent = on >= 0 ? this.words(on, "person") : "";
    if (on < 0) this.one("now-times").textContent = "";
    const button = this.one("advance");
    button.hidden = !this.open || (on < 0 && next < 0);
    button.textContent =
      on < 0 ? "Mulai mata acara berikutnya" : next < 0 ? "Selesaikan mata acara" : "Lanjut ke berikutnya";
    if (on < 0 && !this.items.some((item) => item.started_at || item.ended_at)) button.textContent = "Mulai acara";
  }

  idleWords(over) {
    if (over) return "Semua mata acara selesai";
    return this.items.some((item) => item.ended_at) ? "Jeda" : "Belum dimulai";
  }

  showNext() {
    const { next } = this.place;
    this.one("next").hidden = next < 0;
    if (next < 0) return;
    const starts = this.plan[next].starts;
    this.one("next-kicker").textContent = starts ? `Berikutnya · rencana ${hourWithZone(starts, this.zone)}` : "Berikutnya";
    this.one("next-title").textContent = this.words(next, "title");
    this.one("next-person").textContent = this.words(next, "person");
  }

  words(index, part) {
    return this.rows[index].querySelector(`.item-${part}`).textContent.trim();
  }

  advance() {
    const { on, next } = this.place;
    const taps = [];
    if (on >= 0) taps.push(this.tap("finish", on));
    if (next >= 0) taps.push(this.tap("start", next));
    this.act(taps);
  }

  tapped(name, index) {
    const item = this.items[index];
    if (name === "undo") this.act([this.tap(item.ended_at ? "unfinish" : "unstart", index)]);
    else this.act([this.tap(name, index)]);
  }

  /** Never earlier than what it follows, also when the clock of this device was set back. */
  tap(kind, index) {
    const { id, started_at: started, ended_at: ended } = this.items[index];
    const after = Math.max(Date.parse(started) || 0, Date.parse(ended) || 0);
    const at = Math.max(Date.now(), kind === "start" ? 0 : after + 1);
    return { kind, item: id, at: new Date(at).toISOString() };
  }
}

/** One paper in the list: who read it when, and whether people sign. */
export function showPaper(row, paper, state, zone) {
  const needs = Boolean(row.dataset.needsReading);
  const who = [paper.read_by, paper.read_position].filter(Boolean).join(", ");
  const record = paper.read_at ? `Dibacakan pukul ${hourWithZone(paper.read_at, zone)} oleh ${who}` : "";
  say(row.querySelector("[data-record]"), record || (needs ? "Dibacakan sebelum ditandatangani" : ""));
  const drafted = needs && !paper.read_at ? "Menunggu pembacaan" : "Penandatanganan belum dibuka";
  let [tone, words] = PAPER_WORDS[paper.state] || ["muted", drafted];
  if (paper.opening) [tone, words] = ["waiting", "Penandatanganan dibuka setelah terkirim"];
  if (paper.state === "open" && paper.expected) words += ` · ${paper.signed} dari ${paper.expected}`;
  say(row.querySelector("[data-paper-state]"), words, tone);
  const openable = paper.state === "draft" && !paper.opening && state.event === "running" && (!needs || paper.read_at);
  row.querySelector("[data-open]").hidden = !openable;
}
