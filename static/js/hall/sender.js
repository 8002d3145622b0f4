/** Hands taps in whenever the server can be reached, and asks now and then how the day looks there. */

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const QUIET_WAIT = 15000;
const PATIENCE = 15000;
const BATCH = 50;

/** What the answer means: "ok", or why there is none: offline, login, refused, error. */
export function meaning(answer) {
  if (answer.redirected || answer.status === 401) return "login";
  if (answer.status === 409) return "refused";
  if (answer.status === 403) return "forbidden";
  const type = answer.headers.get("Content-Type") || "";
  if (answer.ok && type.includes("application/json")) return "ok";
  return answer.status >= 500 || answer.ok ? "offline" : "error";
}

export class Sender {
  /**
   * @param {{queue: import("./queue.js").Queue, url: string, csrf: string, fetch?: typeof fetch,
   *   onState: (state: object) => void, onChange: () => void, onWords: (words: string[]) => void}} parts
   */
  constructor({ queue, url, csrf, onState, onChange, onWords, fetch: ask = (...given) => fetch(...given) }) {
    Object.assign(this, { queue, url, csrf, onState, onChange, onWords, ask });
    this.kind = "idle";
    this.confirmedAt = null;
    this.wait = FIRST_WAIT;
    this.busy = false;
    this.again = false;
    this.timer = 0;
  }

  /** Send now; while something is on its way, once more right after it. */
  async kick() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.timer);
    try {
      this.kind = await this.round();
    } catch {
      this.kind = "offline";
    } finally {
      this.busy = false;
    }
    this.plan();
    this.onChange();
  }

  plan() {
    const well = this.kind === "idle";
    if (well) this.wait = FIRST_WAIT;
    const more = well && this.queue.pending().length > 0;
    const wait = this.again || more ? 0 : well ? QUIET_WAIT : this.wait;
    if (!well) this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.again = false;
    this.timer = setTimeout(() => this.kick(), wait);
  }

  /** One question: with taps when some wait, without them only the state. Returns the new kind. */
  async round() {
    const taps = this.queue.pending().slice(0, BATCH);
    if (taps.length) {
      this.kind = "sending";
      this.onChange();
    }
    let answer = await (taps.length ? this.post(taps) : this.get());
    if (taps.length && meaning(answer) === "forbidden") {
      await this.renewToken();
      answer = await this.post(taps);
    }
    const kind = meaning(answer);
    if (kind === "refused") return this.turnedDown(taps, await answer.json());
    if (kind !== "ok") return kind === "forbidden" ? "login" : kind;
    this.accept(await answer.json());
    return "idle";
  }

  accept({ results = [], state, csrf }) {
    if (csrf) this.csrf = csrf;
    const words = this.queue.settle(results);
    this.confirmedAt = Date.now();
    if (state) this.onState(state);
    if (words.length) this.onWords(words);
  }

  /** The event itself takes no taps any more (archived): each is kept as refused, with the reason. */
  turnedDown(taps, { message }) {
    this.queue.settle(taps.map(({ id }) => ({ id, status: "refused", message })));
    this.confirmedAt = Date.now();
    return "idle";
  }

  async renewToken() {
    const answer = await this.get();
    if (meaning(answer) === "ok") this.accept(await answer.json());
  }

  get() {
    return this.fetch({ method: "GET" });
  }

  post(taps) {
    const body = JSON.stringify({ sent_at: new Date().toISOString(), taps });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.csrf };
    return this.fetch({ method: "POST", body, headers });
  }

  fetch({ headers = {}, ...options }) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE);
    const all = { credentials: "same-origin", cache: "no-store", signal: control.signal, ...options };
    const asked = this.ask(this.url, { ...all, headers: { Accept: "application/json", ...headers } });
    return asked.finally(() => clearTimeout(timer));
  }
}
