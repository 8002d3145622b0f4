/** One paper before one person: the text, the box, the other ways. Everything typed or drawn lives in this screen only. */
import { inWords } from "./errors.js";
import { Pad } from "./pad.js";
import { signatureFields, textSha256 } from "./record.js";
import { TEXT } from "./text.js";
import { all, ask, fill, find, reveal, say } from "./view.js";
import { WAYS, behalf, missing } from "./ways.js";
import { WORDS, clockWithZone, post } from "./words.js";

const WITNESSED = ["thumb", "represented"]; // an officer stands by and types the PIN
const DEFAULT_CONSENT = "Saya telah membaca atau mendengar naskah ini dan menyetujuinya.";
let touchEvents = new URLSearchParams(location.search).get("input") === "touch";

export class Paper {
  constructor(app) {
    const { visit } = app;
    Object.assign(this, { app, visit, at: visit.at, paper: visit.papers[visit.at] });
    this.form = find("main form");
    this.sheet = find(".sheet");
    this.write();
    this.pad = new Pad(find("[data-pad]"), {
      onchange: () => this.changed(),
      onfull: () => say(TEXT.padFull),
      touchEvents,
    });
    this.form.on_behalf.addEventListener("change", () => this.crowd());
    this.hintAtMore();
    this.mirrored();
    this.choose("drawn");
    this.checkText();
  }

  /** The text as it is hashed, and who is asked. */
  write() {
    const { paper, visit, app } = this;
    const { title, opening, points = [], closing, consent } = paper.text;
    fill(this.sheet, {
      name: visit.signatory.name,
      post: post(visit.signatory),
      step: WORDS.document(this.at + 1, visit.papers.length),
      title,
      opening,
      closing,
      consent: consent || DEFAULT_CONSENT,
      read: paper.read_at && WORDS.readAt(clockWithZone(paper.read_at, app.event.time_zone)),
    });
    const items = points.map((point) => Object.assign(document.createElement("li"), { className: "words", textContent: point }));
    find(".points").replaceChildren(...items);
    reveal(".points", points.length);
  }

  /** Nobody signs a text whose hash is not the one in the record. */
  async checkText() {
    if ((await textSha256(this.paper.text)) === this.paper.text_sha256) return;
    this.lock(true);
    find("[data-saves]").disabled = true;
    say(TEXT.wrongText);
  }

  hintAtMore() {
    const text = find("[data-paper]");
    const hint = () => {
      const more = text.scrollHeight - text.clientHeight - text.scrollTop > 24;
      find("[data-scroll-hint]", this.sheet).textContent = more ? TEXT.scrollOn : "";
    };
    text.addEventListener("scroll", hint, { passive: true });
    new ResizeObserver(hint).observe(text);
  }

  // -- what the app asks of a screen

  /** Stays on the screen while its own paper is being signed. */
  stays(state) {
    if (this.app.visit !== this.visit || this.visit.at !== this.at) return false;
    find("[data-saves]").disabled = state === "saving";
    this.label();
    return true;
  }

  leave() {
    touchEvents = this.pad.touchEvents;
    this.pad.locked = false;
    this.pad.clear();
    this.form.reset();
  }

  submit() {
    if (this.app.state !== "sign") return;
    say("");
    const found = missing(this.form) || WAYS[this.way](this.form, this.pad, (this.attempts += 1), this.steps);
    if (found.say) say(found.say);
    found.input?.focus();
    if (found.next) return this.nextStep(found.next);
    if (found.act) return this.sign(found.act);
    if (found.confirm) return this.confirm(found.confirm);
  }

  async confirm(act) {
    const answer = await ask("weak");
    if (answer === "again") this.pad.clear();
    if (answer === "use") this.hand({ outcome: "signed", ...act });
  }

  async sign(act) {
    if (WITNESSED.includes(this.way) && !(await this.app.pin.ask(WORDS.pinWitnessed))) return;
    this.hand({ outcome: "signed", ...act });
  }

  async hand(act) {
    const { app, visit, paper } = this;
    if (app.screen !== this || !app.go("finish")) return; // a second tap, or nobody is here any more
    this.lock(true);
    const page = { ...visit, declaration: paper.id, text_sha256: paper.text_sha256 };
    try {
      const saved = await app.engine.save(signatureFields(page, { ...act, behalf: behalf(this.form) }));
      app.stored(saved, { refused: act.outcome === "refused" });
    } catch (error) {
      if (app.screen !== this || !app.go("failed")) return;
      this.lock(false);
      say(inWords(error));
    }
  }

  // -- buttons

  other() {
    this.app.go("other");
    this.choose("other");
  }

  choice(button) {
    this.app.go("way");
    this.choose(button.dataset.way);
  }

  undo() {
    this.pad.undo();
  }

  clear() {
    this.pad.clear();
  }

  mirror() {
    this.visit.leftHanded = !this.visit.leftHanded;
    this.mirrored();
  }

  mirrored() {
    const on = Boolean(this.visit.leftHanded);
    this.sheet.classList.toggle("left-handed", on);
    find("[data-do=mirror]").setAttribute("aria-pressed", on);
  }

  async refuse() {
    if ((await ask("refuse")) === "yes") this.hand({ outcome: "refused" });
  }

  // -- what is seen

  choose(way) {
    say("");
    Object.assign(this, { way, attempts: 0, steps: { step: 0, witnesses: [] } });
    this.pad.clear();
    this.arrange();
    find(`[data-panel=${way}] :is(input, button)`)?.focus();
  }

  /** The second and third page of "diwakili": each witness writes a name and draws. */
  nextStep(witnesses) {
    this.steps = { step: this.steps.step + 1, witnesses };
    this.pad.clear();
    this.form.helper_name.value = "";
    this.form.helper_position.value = "";
    this.arrange();
    this.form.helper_name.focus();
  }

  arrange() {
    const { step } = this.steps;
    const drawing = this.way === "drawn" || step;
    this.form.dataset.way = this.way;
    this.form.dataset.step = step;
    reveal("[data-panel]", false);
    reveal(`[data-panel=${this.way}]`, true);
    reveal("[data-helper]", step);
    reveal("[data-drawing]", drawing);
    reveal("[data-not-helping], .ways .tick, .ways .tick-label", !step);
    fill(this.form, { helping: step ? WORDS.witness(step) : "" });
    this.crowd();
    this.label();
    this.changed();
  }

  /** With the fields of a representative above it the box may be lower. */
  crowd() {
    this.form.toggleAttribute("data-crowded", this.form.on_behalf.checked || this.steps.step > 0);
  }

  label() {
    const more = this.way === "represented" && this.steps.step < 2;
    const words = this.app.state === "saving" ? TEXT.saving : more ? WORDS.next : WORDS.done;
    find("[data-saves]").textContent = words;
  }

  changed() {
    const { isEmpty, strokes, canvas, locked } = this.pad;
    all("[data-do=undo], [data-do=clear]").forEach((button) => (button.disabled = isEmpty || locked));
    canvas.setAttribute("aria-label", isEmpty ? TEXT.padEmpty : TEXT.padHolds(strokes.length));
    if (!isEmpty) say("");
  }

  lock(on) {
    this.pad.locked = on;
    all("main input, main button:not([data-saves])").forEach((item) => (item.disabled = on));
    this.changed();
  }
}
