/** The last slide: by whom and when the text was read, and whether signing opens at once. */
import { hour, hourWithZone, momentOf } from "./clock.js";

const STATES = { draft: "Penandatanganan belum dibuka.", open: "Penandatanganan dibuka.", closed: "Penandatanganan ditutup." };
/** A rehearsal is no reading: it is recorded only once the event has begun. */
const NOT_NOW = {
  draft: "Kegiatan masih draf. Ini latihan; pembacaan belum dapat dicatat.",
  scheduled: "Kegiatan belum dimulai. Ketuk “Mulai acara” pada susunan acara, lalu pembacaan dapat dicatat.",
  archived: "Kegiatan sudah diarsipkan. Catatan pembacaan tidak dapat diubah lagi.",
  cancelled: "Kegiatan dibatalkan. Pembacaan tidak dapat dicatat.",
};
const OVER = { sealing: "Naskah sedang disegel.", sealed: "Naskah sudah disegel." };

export class Reading {
  /** @param {HTMLElement} root [data-prompter]  @param {{zone: string, sha: string, act: (taps: object[]) => void}} parts */
  constructor(root, { zone, sha, act }) {
    Object.assign(this, { root, zone, sha, act });
    this.form = root.querySelector("[data-record-form]");
    this.one = (name) => root.querySelector(`[data-${name}]`);
    this.changing = false;
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.one("reader").addEventListener("input", ({ target }) => this.named(target.value));
    this.one("record-change").addEventListener("click", () => this.change());
  }

  /** Called when the slide comes up: the hour is when the reading began. */
  begin(startedAt) {
    this.proposed = this.paper?.read_at && !startedAt ? new Date(this.paper.read_at) : startedAt || new Date();
    this.changing = Boolean(startedAt) || !this.paper?.read_at;
    if (startedAt && this.recordedSince(startedAt)) this.changing = false;
    this.form.elements.time.value = hour(this.proposed, this.zone);
    this.one("problem").textContent = "";
    this.render();
  }

  recordedSince(moment) {
    return this.paper?.read_at && Date.parse(this.paper.read_at) >= moment.getTime() - 60000;
  }

  show(paper, state) {
    this.paper = paper;
    this.state = state;
    this.render();
  }

  render() {
    if (!this.paper || !this.state) return;
    const over = OVER[this.paper.state] || NOT_NOW[this.state.event] || "";
    const done = Boolean(this.paper.read_at) && !this.changing;
    this.form.hidden = Boolean(over) || done;
    this.one("record-done").hidden = Boolean(over) || !done;
    this.one("record-none").hidden = !over;
    this.one("record-none").textContent = over;
    const openable = this.paper.state === "draft" && !this.paper.opening;
    this.one("record-open").hidden = !openable;
    this.one("record-only").classList.toggle("main", !openable);
    if (done) this.showDone();
  }

  showDone() {
    const { read_at: at, read_by: name, read_position: position, followed, waiting, opening, state } = this.paper;
    const who = [name, position].filter(Boolean).join(", ");
    const all = followed ? ", diikuti seluruh peserta yang hadir" : "";
    this.one("record-line").textContent = `Dibacakan pukul ${hourWithZone(at, this.zone)} oleh ${who}${all}.`;
    const wait = opening ? "Penandatanganan dibuka begitu jaringan kembali." : "Akan dikirim begitu jaringan kembali.";
    this.one("record-state").textContent = waiting ? `Tersimpan di perangkat ini. ${wait}` : STATES[state] || "";
  }

  named(value) {
    const known = [...document.querySelectorAll("#pembaca option")].find((option) => option.value === value);
    if (known) this.form.elements.position.value = known.dataset.position;
  }

  change() {
    this.changing = true;
    const { read_at: at, read_by: name, read_position: position, followed } = this.paper;
    this.proposed = new Date(at);
    const { elements } = this.form;
    Object.assign(elements.name, { value: name });
    Object.assign(elements.position, { value: position });
    elements.time.value = hour(at, this.zone);
    elements.followed.checked = followed;
    this.render();
    elements.name.focus();
  }

  submitted(event) {
    event.preventDefault();
    const { elements } = this.form;
    const name = elements.name.value.trim();
    const at = this.moment(elements.time.value.trim());
    const problem = !name ? "Isi nama pembaca ikrar." : !at ? "Isi jam pembacaan yang sudah lewat, misalnya 09.12." : "";
    this.one("problem").textContent = problem;
    if (problem) return;
    this.changing = false;
    const open = event.submitter === this.one("record-open");
    this.act([
      {
        kind: "read",
        paper: this.root.dataset.prompter,
        at: at.toISOString(),
        name,
        position: elements.position.value.trim(),
        followed: elements.followed.checked,
        open,
        text_sha256: this.sha,
      },
    ]);
    this.one("record-line").focus();
  }

  /** The exact moment when nobody changed the proposed hour. */
  moment(text) {
    if (text === hour(this.proposed, this.zone)) return this.proposed;
    return momentOf(text, this.zone, Date.now());
  }
}
