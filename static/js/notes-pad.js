/** The text of one pad on its way to the server: nothing typed is let go before the server has confirmed it. No page here. */
export const SOON = 800;
export const AGAIN = 5000;

const REFUSED = {
  400: "Peladen tidak dapat membaca kiriman ini. Muat ulang halaman, lalu coba lagi.",
  403: "Akun Anda tidak lagi boleh menulis di kegiatan ini. Hubungi penyelenggara.",
  404: "Kegiatan ini tidak ditemukan lagi. Buka daftar kegiatan, lalu cari kegiatannya.",
  413: "Tulisan terlalu panjang untuk dikirim. Ringkas tulisannya.",
};

export class NotePad {
  /**
   * @param {{text: string, revision: number, saved: string, writer: string,
   *   send: (fields: object) => Promise<{status: number, answer: object|null, signIn?: boolean}>,
   *   keep: {read: () => object|null, write: (kept: object) => boolean, forget: () => void},
   *   show: (pad: NotePad) => void, later: (work: () => void, ms: number) => unknown, stop: (timer: unknown) => void}} parts
   * ``send`` rejects when there is no network; ``keep`` is the copy on this device, of this page alone.
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.confirmed = this.text;
    this.state = "saved";
    this.message = "";
    this.other = null;
    this.asides = []; // texts that go into the history before the one that counts
    this.apart = false; // the next text begins a row of its own there
    this.hand = this.writer; // who the server knows as the writer of what waits; a page that is gone, after ``adopt``
    this.isDoubtful = false; // sent, and nobody knows whether it arrived
    this.isForeign = false; // another account is signed in; what is here is not theirs to see or to send
    this.busy = false;
    this.isKept = true;
    this.timer = null;
  }

  get isUnsent() {
    return this.isDoubtful || this.asides.length > 0 || this.text !== this.confirmed;
  }

  /** May the page be closed without losing anything? */
  get isSafe() {
    if (!this.isUnsent) return true;
    const kept = this.keep.read();
    return kept?.text === this.text && String(kept.asides) === String(this.asides);
  }

  /**
   * What a page that is gone could not hand over goes on from the number it began with, under its name.
   * @return {boolean} whether that copy may be forgotten
   */
  adopt(kept) {
    if (this.busy || this.isUnsent || this.isForeign || this.state !== "saved") return false;
    if (typeof kept?.text !== "string") return true;
    const asides = Array.isArray(kept.asides) ? kept.asides.map(String) : [];
    // Put together with another text since then, as "both" does: every word of the copy is stored, there is nothing to ask.
    const isThere = Number(kept.revision) < this.revision && this.confirmed.includes(kept.text);
    if ((isThere || kept.text === this.confirmed) && !asides.length) return true;
    this.text = kept.text;
    this.asides = asides;
    this.revision = Number(kept.revision) || 0;
    this.hand = String(kept.writer || this.writer);
    this.isDoubtful = true;
    this.remember();
    this.change("typing");
    this.plan(0);
    return this.isKept;
  }

  typed(text) {
    this.text = text;
    if (!this.isUnsent && !this.busy) {
      this.settle();
      return;
    }
    this.remember();
    if (this.state !== "conflict") {
      this.change("typing");
      this.plan(SOON);
    }
  }

  /** Nothing waits any more: no copy may stay behind that would bring back what is taken away later. */
  settle() {
    this.stop(this.timer);
    this.keep.forget();
    this.other = null;
    this.change("saved");
  }

  remember() {
    const { text, asides, revision, hand } = this;
    this.isKept = this.keep.write({ text, asides, revision, writer: hand });
  }

  plan(ms) {
    this.stop(this.timer);
    this.timer = this.later(() => this.flush(), ms);
  }

  /** Hand over what is not confirmed; one at a time, and once more for what was typed meanwhile. */
  async flush() {
    if (this.busy || this.state === "conflict" || !this.isUnsent) return;
    const { revision, hand: writer } = this;
    const isAside = this.asides.length > 0;
    const text = isAside ? this.asides[0] : this.text;
    this.busy = true;
    this.isDoubtful = true;
    let result = null;
    try {
      result = await this.send({ text, revision, writer, apart: isAside || this.apart });
    } catch {
      result = null;
    }
    this.busy = false;
    await this.take(text, result);
  }

  async take(text, result) {
    if (result === null || result.status >= 500 || [408, 429].includes(result.status)) {
      this.wait("waiting");
    } else if (result.answer === null && !result.signIn && !(result.status in REFUSED)) {
      this.wait("waiting"); // a page of somebody else, as in a network that asks for a password first
    } else if (result.status === 200 && result.answer) {
      await this.stored(text, result.answer);
    } else {
      this.isDoubtful = false;
      this.rejected(result);
    }
  }

  rejected({ status, answer, signIn }) {
    if (answer?.signin) this.isForeign = true;
    if (!this.isUnsent) {
      this.settle();
    } else if (answer?.signin) {
      this.wait("waiting");
    } else if (answer?.conflict) {
      this.isForeign = false;
      this.hand = this.writer;
      this.other = answer;
      this.message = answer.message;
      this.remember();
      this.change("conflict");
    } else if (signIn) {
      this.wait("signin");
    } else {
      this.message = answer ? answer.message || "" : `${REFUSED[status]} ${here(this)}`;
      this.change("refused");
    }
  }

  wait(state) {
    this.change(state);
    this.plan(AGAIN);
  }

  async stored(text, answer) {
    const wasAside = this.asides.length > 0;
    if (wasAside) this.asides.shift();
    this.apart = wasAside;
    this.isDoubtful = this.isForeign = false;
    this.hand = this.writer;
    this.confirmed = text;
    this.revision = answer.revision;
    this.saved = answer.saved;
    if (!this.isUnsent) {
      this.settle();
      return;
    }
    this.remember();
    this.change("typing");
    if (wasAside) await this.flush();
    else this.plan(SOON);
  }

  /** "both", "mine" or "theirs": the text that is not used goes into the history of the server, however long it takes. */
  async resolve(choice) {
    const { other } = this;
    if (!other) return;
    this.revision = other.revision;
    this.confirmed = other.text;
    this.other = null;
    this.apart = true;
    if (choice === "both") this.text = `${other.text}\n\n${this.text}`;
    if (choice === "theirs") {
      this.asides.push(this.text);
      this.text = other.text;
    }
    this.remember();
    this.change("typing");
    await this.flush();
  }

  /** What the server says of itself between two saves: who is signed in, and what somebody else wrote. */
  looked(answer) {
    const isForeign = Boolean(answer.signin);
    if (isForeign !== this.isForeign) {
      this.isForeign = isForeign;
      this.change(this.state);
    }
    if (!isForeign) this.offer(answer);
  }

  /** What somebody else wrote, taken over while nothing of one's own waits. */
  offer(answer) {
    if (this.busy || this.isUnsent || this.state !== "saved" || answer.revision <= this.revision) return false;
    this.text = this.confirmed = answer.text;
    this.revision = answer.revision;
    this.saved = answer.saved;
    this.settle();
    return true;
  }

  change(state) {
    this.state = state;
    this.show(this);
  }
}

function here(pad) {
  return pad.isKept ? "Tulisan tetap tersimpan di perangkat ini." : "Jangan tutup halaman ini: perangkat tidak dapat menyimpan salinan.";
}

/** [tone, sentence] for the line below the pad. */
export function words(pad) {
  const waiting = pad.isKept ? "Tersimpan di perangkat ini, menunggu jaringan." : `Menunggu jaringan. ${here(pad)}`;
  if (pad.isForeign) {
    const rest = pad.isUnsent ? ` Yang belum terkirim tidak dikirim atas nama akun itu. ${here(pad)}` : "";
    return ["waiting", `Di peramban ini sekarang masuk akun lain, maka tulisan di halaman ini disembunyikan.${rest} Masuk lagi dengan akun semula untuk melanjutkan.`];
  }
  return {
    saved: ["", pad.saved ? `Tersimpan pukul ${pad.saved}` : ""],
    typing: ["", "Menyimpan …"],
    waiting: ["waiting", waiting],
    signin: ["waiting", `${here(pad)} Sesi Anda berakhir: masuk lagi di tab lain, lalu tulisan dikirim sendiri.`],
    conflict: ["danger", pad.message],
    refused: ["danger", pad.message],
  }[pad.state];
}
