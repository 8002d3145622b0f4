/** The officer's PIN before whatever only an officer may do; nothing of it stays in the page. */
import { find } from "./view.js";
import { WORDS, clock } from "./words.js";

export class Pin {
  constructor(engine) {
    this.engine = engine;
    this.dialog = find("[data-ask=pin]");
    this.form = find("form", this.dialog);
    this.form.addEventListener("submit", () => this.check());
    this.dialog.addEventListener("close", () => this.settle(false));
    find("[data-leave]", this.dialog).addEventListener("click", () => this.dialog.close());
  }

  /** @returns {Promise<boolean>} whether the right PIN was typed */
  ask(purpose) {
    this.settle(false);
    find("h2", this.dialog).textContent = purpose;
    this.note("");
    this.dialog.showModal();
    this.form.pin.focus();
    return new Promise((resolve) => (this.resolve = resolve));
  }

  async check() {
    const { ok, lockedUntil } = await this.engine.checkPin(this.form.pin.value.trim());
    this.form.reset();
    if (ok) return this.settle(true);
    const { event } = this.engine.snapshot();
    this.note(lockedUntil ? WORDS.pinLocked(clock(lockedUntil, event.time_zone)) : WORDS.pinWrong);
    this.form.pin.focus();
  }

  note(sentence) {
    find("[data-note]", this.dialog).textContent = sentence;
  }

  settle(ok) {
    this.resolve?.(ok);
    this.forget();
  }

  forget() {
    this.form.reset();
    this.dialog.close();
  }
}
