/** How a person says who they are: by the search, by the QR of the invitation, as somebody who is on no list. */
import { uuid7 } from "./canon.js";
import { line } from "./record.js";
import { fill, find, list, reveal, say } from "./view.js";
import { WORDS, post } from "./words.js";

const LEAST = 3;

/** @returns what the app knows of the person in front of it; `papers` are those still to sign */
export function visitOf(row, found, source = "roster") {
  const { name, category, position, agency } = row;
  return { attendee: row.id, source, found, signatory: { name, category, position, agency }, papers: row.papers, at: 0 };
}

function meet(app, id, found) {
  const row = app.engine.person(id);
  if (row) app.meet(visitOf(row, found));
  else say(WORDS.noHits);
}

/** People to choose from: a time stands at who is on record already, and they cannot be chosen unless `free`. */
export function listPeople(hits, free) {
  const values = ({ name, position, agency, tail, done }) => ({
    name: name || position,
    tail: tail && `…${tail}`,
    post: post({ position: name && position, agency }),
    taken: done && !free ? WORDS.taken(done) : "",
  });
  list(find("[data-results]"), "hit", hits, values, (item, { id, done }) =>
    Object.assign(find("button", item), { value: id, disabled: done && !free }),
  );
}

export class Search {
  constructor(app) {
    this.app = app;
    this.input = find("main input");
    this.input.addEventListener("input", () => this.look());
    reveal("[data-do=scan]", globalThis.BarcodeDetector && navigator.mediaDevices);
  }

  async look() {
    const query = this.input.value;
    const isLong = query.trim().length >= LEAST;
    const { count, hits } = isLong ? await this.app.engine.search(query) : { count: 0, hits: [] };
    if (query !== this.input.value) return; // an older answer
    listPeople(hits, this.app.listing);
    say(!isLong ? query && WORDS.typeMore : !count ? WORDS.noHits : hits.length ? WORDS.hits(count) : WORDS.tooMany(count));
    reveal("[data-do=absent]", isLong && !count);
  }

  choose({ value: id }) {
    return meet(this.app, id, "search");
  }

  submit() {
    find("[data-results] button:enabled")?.focus();
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
    meet(this.app, hits[0].id, "qr");
    return true;
  }

  leave() {
    this.left = true;
    this.stream?.getTracks().forEach((track) => track.stop());
  }
}

/** A post on the list without a name: whoever holds it today writes it down. */
export class Name {
  constructor(app) {
    this.app = app;
    fill(find("main"), { post: post(app.visit.signatory) });
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
    const { signatory } = app.visit;
    fill(find("main"), { name: signatory.name, post: post(signatory) });
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
