/**
 * Photos that wait to be sent, one after the other. Pure: ``send(file, onProgress)`` answers {state, text} or throws.
 *
 * States: waiting, sending, then kept, known or refused as the server says, or unsent when it could not be reached.
 * What is unsent goes again at the next ``run``; sent twice does no harm, the server knows its bytes.
 */
export const SLOW = 1000; // milliseconds after which a photo shows its progress

const ANSWERS = new Set(["kept", "known", "refused"]);

export class PhotoQueue {
  constructor({ send, onChange = () => {} }) {
    Object.assign(this, { send, onChange, items: [], running: false });
  }

  add(file) {
    const item = { file, state: "waiting", text: "", progress: 0 };
    this.items.push(item);
    this.onChange(item);
    return item;
  }

  /** Only what is not on its way and not settled can be taken out. */
  drop(item) {
    if (item.state !== "waiting" && item.state !== "unsent") return false;
    this.items = this.items.filter((each) => each !== item);
    return true;
  }

  open() {
    return this.items.filter((item) => item.state === "waiting" || item.state === "unsent");
  }

  /** Sends what is open; after the first that does not get through the rest waits, for the network is gone. */
  async run() {
    if (this.running) return;
    this.running = true;
    for (const item of this.open()) {
      if (!this.items.includes(item)) continue; // taken out meanwhile
      await this.#one(item);
      if (item.state === "unsent") break;
    }
    this.running = false;
  }

  async #one(item) {
    this.#set(item, { state: "sending", text: "", progress: 0 });
    try {
      const { state, text } = await this.send(item.file, (progress) => this.#set(item, { progress }));
      if (!ANSWERS.has(state)) throw new TypeError("an answer without a state");
      this.#set(item, { state, text: text ?? "" });
    } catch (problem) {
      this.#set(item, { state: "unsent", text: problem.told ?? "" });
    }
  }

  #set(item, values) {
    Object.assign(item, values);
    this.onChange(item);
  }
}

const count = (items, state) => items.filter((item) => item.state === state).length;

/** What is said below the list; "" while nothing was chosen. */
export function words(items) {
  const settled = ["kept", "known", "refused"].reduce((sum, state) => sum + count(items, state), 0);
  if (count(items, "sending")) return `Mengirim foto ${settled + 1} dari ${items.length} …`;
  if (count(items, "unsent")) return "Sebagian foto belum terkirim. Periksa sambungan, lalu tekan “Simpan foto” lagi.";
  if (count(items, "waiting")) return `${items.length} foto dipilih. Tekan “Simpan foto” untuk mengirim.`;
  if (count(items, "refused")) return `${count(items, "kept")} foto disimpan, ${count(items, "refused")} tidak disimpan.`;
  return items.length ? `${count(items, "kept")} foto disimpan.` : "";
}

/** Everything arrived and nothing was refused: the page may be read anew. */
export function isDone(items) {
  return items.length > 0 && items.every((item) => item.state === "kept" || item.state === "known");
}
