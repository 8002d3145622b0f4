/** The teleprompter: one piece of the text at a time, very large, turned by key, tap, swipe or presenter. */
import { phrases } from "./phrases.js";

const SIZES = [28, 34, 40, 48, 56, 66, 78, 92, 110, 130];
const FORWARD = ["ArrowRight", "PageDown", " ", "Enter"];
const BACK = ["ArrowLeft", "PageUp", "Backspace"];
const SWIPE = 60;

export class Prompter {
  /** @param {HTMLElement} root [data-prompter]  @param {{onExit: () => void, onRecordSlide: () => void}} parts */
  constructor(root, { onExit, onRecordSlide, prefer }) {
    Object.assign(this, { root, onExit, onRecordSlide, prefer });
    this.stage = root.querySelector("[data-stage]");
    this.slides = [...root.querySelectorAll("[data-slide]")];
    this.pieces = this.slides.map((slide) => cut(slide.querySelector("[data-text]")));
    this.index = 0;
    this.piece = 0;
    this.startedAt = null;
    this.byPhrase = false;
    this.listen();
  }

  listen() {
    const on = (name, act) =>
      this.root.querySelectorAll(`[data-${name}]`).forEach((found) => found.addEventListener("click", () => act(found)));
    on("exit", () => this.close());
    on("turn", ({ dataset }) => this.turn(Number(dataset.turn)));
    on("size", ({ dataset }) => this.resize(Number(dataset.size)));
    on("phrases", () => this.phraseByPhrase(this.prefer("phrases", !this.byPhrase)));
    this.stage.addEventListener("click", (event) => this.tapped(event));
    let from = null;
    this.stage.addEventListener("touchstart", ({ touches }) => (from = touches[0]), { passive: true });
    this.stage.addEventListener("touchend", ({ changedTouches: [to] }) => from && this.swiped(from, to), { passive: true });
  }

  open() {
    this.root.hidden = false;
    this.startedAt = null;
    this.size = this.prefer("size") ?? (window.innerWidth < 1000 ? 4 : window.innerWidth < 1600 ? 5 : 7);
    this.phraseByPhrase(this.prefer("phrases") ?? this.root.hasAttribute("data-by-phrase"));
    this.resize(0);
    this.go(0);
    this.stage.focus();
  }

  close() {
    this.root.hidden = true;
    this.onExit();
  }

  get isOpen() {
    return !this.root.hidden;
  }

  get isRecording() {
    return this.slides[this.index].matches("[data-record-slide]");
  }

  /** Keys of the whole page, while this prompter is open. */
  pressed(event) {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.matches("button") && [" ", "Enter"].includes(event.key);
    if (event.key === "Escape") this.close();
    else if (FORWARD.includes(event.key) && !onButton) this.turn(1);
    else if (BACK.includes(event.key)) this.turn(-1);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.slides.length - 1);
    else if ("+=".includes(event.key)) this.resize(1);
    else if (event.key === "-") this.resize(-1);
    else return;
    event.preventDefault();
  }

  tapped({ target, clientX }) {
    if (this.isRecording || target.closest("button, input, label")) return;
    const { left, width } = this.stage.getBoundingClientRect();
    this.turn(clientX - left < width / 3 ? -1 : 1);
  }

  swiped(from, to) {
    const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
    if (this.isRecording || Math.abs(across) < SWIPE || Math.abs(across) < 2 * Math.abs(down)) return;
    this.turn(across < 0 ? 1 : -1);
  }

  /** One step: the next phrase, the rest of a long text, else the next piece. */
  turn(step) {
    const count = this.byPhrase ? this.pieces[this.index].length : 0;
    const wanted = this.piece + step;
    if (count && wanted >= 0 && wanted < count) this.point(wanted);
    else if (!this.scrolled(step)) this.go(this.index + step, step < 0);
  }

  scrolled(step) {
    const { scrollTop, scrollHeight, clientHeight } = this.stage;
    const room = step > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
    if (room < 8 || this.isRecording || this.byPhrase) return false;
    this.stage.scrollBy({ top: step * clientHeight * 0.8 });
    return true;
  }

  go(index, atEnd = false) {
    if (index < 0 || index >= this.slides.length) return;
    this.index = index;
    this.slides.forEach((slide, number) => (slide.hidden = number !== index));
    this.stage.scrollTop = 0;
    const count = this.pieces[index].length;
    this.point(atEnd && count ? count - 1 : 0);
    this.root.querySelector("[data-place]").textContent = this.slides[index].dataset.label;
    this.root.querySelector('[data-turn="-1"]').disabled = index === 0;
    this.root.querySelector('[data-turn="1"]').disabled = this.isRecording;
    if (index > 0 && !this.isRecording) this.startedAt ??= new Date();
    if (this.isRecording) this.onRecordSlide(this);
  }

  /** Which phrase is said now; in the plain way all are alike. */
  point(piece) {
    this.piece = piece;
    this.pieces[this.index].forEach((span, number) => {
      span.classList.toggle("is-said", this.byPhrase && number === piece);
      if (this.byPhrase && number === piece) span.scrollIntoView({ block: "center" });
    });
  }

  phraseByPhrase(on) {
    this.byPhrase = on;
    this.root.classList.toggle("by-phrase", on);
    this.root.querySelector("[data-phrases]").setAttribute("aria-pressed", String(on));
    this.point(0);
  }

  resize(step) {
    this.size = Math.min(Math.max(this.size + step, 0), SIZES.length - 1);
    this.prefer("size", this.size);
    this.root.style.setProperty("--prompt", `${SIZES[this.size]}px`);
  }
}

/** The text as one span per phrase; read aloud or copied it is the same text. */
function cut(element) {
  if (!element) return [];
  const spans = phrases(element.textContent).map((words) => {
    const span = document.createElement("span");
    span.className = "phrase";
    span.textContent = words;
    return span;
  });
  element.replaceChildren(...spans);
  return spans;
}
