/** How a person says who they are: by the search, by the QR of the invitation, as somebody who is on no list. */
import { uuid7 } from "./canon.js";
import { line } from "./record.js";
import { fill, find, list, say } from "./view.js";
import { WORDS } from "./words.js";

const LEAST = 3;

/** @returns what the app knows of the person in front of it; `papers` are those still to sign */
function visitOf(row, found, source = "roster") {
  const { name, category, position, agency } = row;
  return { attendee: row.id, source, found, signatory: { name, category, position, agency }, papers: row.papers || [], at: 0 };
}

async function meet(app, id, found) {
  const row = await app.engine.person(id);
  if (row) app.meet(visitOf(row, found));
  else say(WORDS.noHits);
}

export class Search {
  constructor(app) {
    this.app = app;
    this.input = find("main input");
    this.results = find("[data-results]");
    this.input.addEventListener("input", () => this.look());
    find("[data-do=scan]").hidden = !("BarcodeDetector" in globalThis && navigator.mediaDevices);
  }

  async look() {
    const query = this.input.value;
    const { count, hits } = query.trim().length < LEAST ? { count: 0, hits: [] } : await this.app.engine.search(query);
    if (query !== this.input.value) return; // an older answer
    this.count(query, count, hits.length);
    list(this.results, "hit", hits, (hit) => this.values(hit));
    Array.from(this.results.children).forEach((item, i) => this.mark(item, hits[i]));
  }

  count(query, count, shown) {
    const asked = query.trim().length >= LEAST;
    say(!asked ? (query ? WORDS.typeMore : "") : !count ? WORDS.noHits : shown ? WORDS.hits(count) : WORDS.tooMany(count));
    find("[data-do=absent]").hidden = !asked || count > 0;
  }

  values({ name, position, agency, tail, done }) {
    return {
      name: name || position,
      tail: tail ? `…${tail}` : "",
      post: [name ? position : "", agency].filter(Boolean).join(", "),
      taken: done && !this.app.listing ? WORDS.taken(done) : "",
    };
  }

  mark(item, { id, done }) {
    const button = find("button", item);
    button.dataset.id = id;
    button.disabled = Boolean(done) && !this.app.listing;
  }

  choose(button) {
    return meet(this.app, button.dataset.id, "search");
  }

  submit() {
    const first = find("button:not(:disabled)", this.results);
    if (first) first.focus();
  }

  scan() {
    this.app.go("scan");
  }

  absent() {
    this.app.go("absent");
  }
}

export class Scan {
  constructor(app) {
    this.app = app;
    this.video = find("video");
    say(WORDS.scanning);
    this.start().catch(() => say(WORDS.noCamera));
  }

  async start() {
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (this.left) return this.leave();
    this.video.srcObject = this.stream;
    await this.video.play();
    while (!this.left) {
      const [code] = await detector.detect(this.video);
      if (code && (await this.found(code.rawValue))) return;
      await new Promise((again) => setTimeout(again, 200));
    }
  }

  async found(text) {
    const { hits } = await this.app.engine.search(text);
    if (this.left) return true;
    if (hits.length !== 1) return say(WORDS.unknownCode);
    await meet(this.app, hits[0].id, "qr");
    return true;
  }

  leave() {
    this.left = true;
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
  }
}

/** A post on the list without a name: whoever holds it today writes it down. */
export class Name {
  constructor(app) {
    this.app = app;
    const { position, agency } = app.visit.signatory;
    find("[data-slot=post]").textContent = [position, agency].filter(Boolean).join(", ");
  }

  submit(form) {
    const name = line(form.full_name.value);
    if (!name) return say(WORDS.fillName);
    const { visit } = this.app;
    this.app.meet({ ...visit, signatory: { ...visit.signatory, name } });
  }
}

/** A paper of two parties, or one read aloud for all, has its signers named. */
const isForEverybody = ({ kind, requires_reading: readAloud }) => kind !== "mou" && !readAloud;

/** Somebody who is on no list; no identity number is asked here. */
export class WalkIn {
  constructor(app) {
    this.app = app;
  }

  submit(form) {
    const row = Object.fromEntries(["name", "category", "position", "agency"].map((key) => [key, line(form[key].value)]));
    const empty = Object.keys(row).find((key) => !row[key]);
    if (empty) {
      say(WORDS.fillWalkIn);
      return form[empty].focus();
    }
    const { engine } = this.app;
    const papers = engine.snapshot().papers.filter((paper) => engine.open(paper) && isForEverybody(paper));
    this.app.meet(visitOf({ ...row, id: uuid7(), papers }, "typed", "walk_in"));
  }
}

/** The list of those present: one question, one tap. */
export class Arrive {
  constructor(app) {
    this.app = app;
    const { name, position, agency } = app.visit.signatory;
    fill(find("main"), { name, post: [position, agency].filter(Boolean).join(", ") });
  }

  async record(button) {
    const { app } = this;
    const { attendee, source, signatory, found } = app.visit;
    if (!app.go("finish")) return;
    button.disabled = true;
    try {
      const saved = await app.engine.save({ kind: "attendance", attendee, source, signatory, found_by: found });
      app.stored(saved, { list: true });
    } catch {
      app.go("unsaved");
      say(WORDS.notSaved);
    }
  }
}
