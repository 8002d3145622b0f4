/** The text of one pad on its way to the server: nothing typed is let go before the server has confirmed it. No page here. */
export const SOON = 800;
export const AGAIN = 5000;

export class NotePad {
  /**
   * @param {{text: string, revision: number, saved: string, writer: string,
   *   send: (fields: object) => Promise<{status: number, answer: object|null}>,
   *   keep: {read: () => object|null, write: (kept: object) => boolean, forget: (text: string) => void},
   *   show: (pad: NotePad) => void, later: (work: () => void, ms: number) => unknown, stop: (timer: unknown) => void}} parts
   * ``send`` rejects when there is no network; ``keep`` is the copy on this device; it forgets
   * only the text that is named, for another tab may have put its own there.
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.confirmed = this.text;
    this.state = "saved";
    this.message = "";
    this.other = null;
    this.busy = false;
    this.isKept = true;
    this.timer = null;
    this.resume();
  }

  /** What an earlier visit could not hand over goes on from the number it began with. */
  resume() {
    const kept = this.keep.read();
    if (!kept || typeof kept.text !== "string") return;
    if (kept.text === this.text) {
      this.keep.forget(kept.text);
      return;
    }
    // A copy that goes on from what the server has takes nothing away; any other has to be compared by a person.
    if (!kept.text.startsWith(this.text)) this.revision = Number(kept.revision) || 0;
    this.text = kept.text;
    this.change("typing");
    this.plan(0);
  }

  get isUnsent() {
    return this.text !== this.confirmed;
  }

  typed(text) {
    this.text = text;
    this.remember();
    if (this.state !== "conflict") {
      this.change("typing");
      this.plan(SOON);
    }
  }

  remember() {
    this.isKept = this.keep.write({ text: this.text, revision: this.revision, writer: this.writer });
  }

  plan(ms) {
    this.stop(this.timer);
    this.timer = this.later(() => this.flush(), ms);
  }

  /** Hand over what is not confirmed; one at a time, and once more for what was typed meanwhile. */
  async flush(apart = false) {
    if (this.busy || this.state === "conflict" || !this.isUnsent) return;
    const text = this.text;
    this.busy = true;
    let result = null;
    try {
      result = await this.send({ text, revision: this.revision, writer: this.writer, apart });
    } catch {
      result = null;
    }
    this.busy = false;
    this.take(text, result);
  }

  take(text, result) {
    if (result === null || result.status >= 500 || result.status === 429) {
      this.wait("waiting");
    } else if (result.answer === null) {
      this.wait("signin");
    } else if (result.status === 200) {
      this.stored(text, result.answer);
    } else if (result.answer.conflict) {
      this.other = result.answer;
      this.message = result.answer.message;
      this.change("conflict");
    } else {
      this.message = result.answer.message || "";
      this.change("refused");
    }
  }

  wait(state) {
    this.change(state);
    this.plan(AGAIN);
  }

  stored(text, answer) {
    this.confirmed = text;
    this.revision = answer.revision;
    this.saved = answer.saved;
    if (this.isUnsent) {
      this.remember();
      this.change("typing");
      this.plan(SOON);
      return;
    }
    this.keep.forget(text);
    this.change("saved");
  }

  /** "both", "mine" or "theirs": the text that is not used stays in the history of the server. */
  async resolve(choice) {
    const { other } = this;
    if (!other) return;
    this.revision = other.revision;
    this.confirmed = other.text;
    this.other = null;
    this.change("typing");
    if (choice === "both") this.text = `${other.text}\n\n${this.text}`;
    this.remember();
    await this.flush(true);
    if (choice === "theirs" && this.state === "saved") {
      this.text = other.text;
      this.remember();
      this.change("typing");
      await this.flush(true);
    }
  }

  /** What somebody else wrote, taken over while nothing of one's own waits. */
  offer(answer) {
    if (this.busy || this.isUnsent || this.state !== "saved" || answer.revision <= this.revision) return false;
    this.text = answer.text;
    this.stored(answer.text, answer);
    return true;
  }

  change(state) {
    this.state = state;
    this.show(this);
  }
}

/** [tone, sentence] for the line below the pad. */
export function words(pad) {
  const here = pad.isKept ? "Tersimpan di perangkat ini, menunggu jaringan." : "Menunggu jaringan. Jangan tutup halaman ini: perangkat tidak dapat menyimpan salinan.";
  return {
    saved: ["", pad.saved ? `Tersimpan pukul ${pad.saved}` : ""],
    typing: ["", "Menyimpan …"],
    waiting: ["waiting", here],
    signin: ["waiting", "Tersimpan di perangkat ini. Sesi Anda berakhir: masuk lagi di tab lain, lalu tulisan dikirim sendiri."],
    conflict: ["danger", pad.message],
    refused: ["danger", pad.message],
  }[pad.state];
}
