/** Taps are never lost and never counted twice: the queue, and what sends it. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { newId, Queue } from "../../static/js/hall/queue.js";
import { meaning, Sender } from "../../static/js/hall/sender.js";

class Storage {
  rows = new Map();
  full = false;

  get length() {
    return this.rows.size;
  }

  key(index) {
    return [...this.rows.keys()][index];
  }

  getItem(key) {
    return this.rows.get(key) ?? null;
  }

  setItem(key, value) {
    if (this.full) throw new Error("QuotaExceededError");
    this.rows.set(key, value);
  }

  removeItem(key) {
    this.rows.delete(key);
  }
}

const NAME = "netralitas-mc:ABC";

function json(body, status = 200) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

/** A server that keeps taps as ours does; `moods` are what happens to the next questions, in order. */
function server(moods = []) {
  const stored = new Map();
  const asked = [];
  const ask = async (url, options) => {
    const taps = options.body ? JSON.parse(options.body).taps : [];
    asked.push({ method: options.method, token: options.headers["X-CSRFToken"], taps });
    const mood = moods.shift();
    if (mood === "down") throw new TypeError("Failed to fetch");
    if (typeof mood === "function") return mood(taps, stored);
    const results = taps.map(({ id, ...tap }) => {
      const status = stored.has(id) ? "duplicate" : "stored";
      stored.set(id, tap);
      return { id, status, message: "" };
    });
    if (mood === "lost") throw new TypeError("The answer never came");
    return json({ results, state: { as_of: "2026-01-01T00:00:00Z" }, csrf: "fresh" });
  };
  return { ask, stored, asked };
}

function house(moods, storage = new Storage()) {
  const queue = new Queue(storage, NAME);
  const behind = server(moods);
  const told = [];
  const parts = { queue, url: "/x/", csrf: "old", onState() {}, onChange() {}, onWords: (words) => told.push(...words) };
  const sender = new Sender({ ...parts, fetch: behind.ask });
  sender.plan = () => {};
  return { queue, sender, told, storage, ...behind };
}

test("an id is a UUID and never the same", () => {
  const ids = new Set(Array.from({ length: 200 }, newId));
  assert.equal(ids.size, 200);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a tap keeps the time at which it was made", () => {
  const { queue } = house();
  queue.add({ kind: "start", item: 1 }, Date.parse("2026-01-01T02:12:07.000Z"));
  assert.equal(queue.pending()[0].at, "2026-01-01T02:12:07.000Z");
});

test("a reading keeps the hour that was filled in", () => {
  const { queue } = house();
  queue.add({ kind: "read", at: "2026-01-01T02:00:00.000Z" }, Date.parse("2026-01-01T02:12:07.000Z"));
  assert.equal(queue.pending()[0].at, "2026-01-01T02:00:00.000Z");
});

test("taps stay in the order of the fingers when the clock is set back", () => {
  const { queue } = house();
  queue.add({ kind: "start", item: 1 }, 2000);
  queue.add({ kind: "finish", item: 1 }, 1000);
  assert.deepEqual(queue.pending().map(({ kind }) => kind), ["start", "finish"]);
});

test("a closed page finds its taps again, another event does not", () => {
  const { queue, storage } = house();
  queue.add({ kind: "start", item: 1 });
  assert.equal(new Queue(storage, NAME).pending().length, 1);
  assert.equal(new Queue(storage, "netralitas-mc:XYZ").pending().length, 0);
});

test("two tabs do not overwrite each other", () => {
  const { queue, storage } = house();
  const other = new Queue(storage, NAME);
  queue.add({ kind: "start", item: 1 });
  other.add({ kind: "start", item: 2 });
  queue.add({ kind: "finish", item: 1 });
  assert.equal(queue.pending().length, 3);
});

test("a full storage keeps the tap in the page and says so", () => {
  const { queue, storage } = house();
  storage.full = true;
  const tap = queue.add({ kind: "start", item: 1 });
  assert.equal(queue.safe, false);
  assert.equal(queue.pending().length, 1);
  queue.settle([{ id: tap.id, status: "stored" }]);
  assert.equal(queue.safe, true);
});

test("without any storage the queue still works", () => {
  const queue = new Queue(null, NAME);
  queue.add({ kind: "start", item: 1 });
  queue.remember({ as_of: "x" });
  assert.equal(queue.pending().length, 1);
  assert.equal(queue.remembered(), null);
});

test("a damaged row is passed over", () => {
  const { queue, storage } = house();
  storage.setItem(`${NAME}:tap:x`, "{kaput");
  queue.add({ kind: "start", item: 1 });
  assert.equal(queue.pending().length, 1);
});

test("only an answer that names the tap takes it out", () => {
  const { queue } = house();
  const tap = queue.add({ kind: "start", item: 1 });
  queue.settle([{ id: newId(), status: "stored" }, { id: tap.id, status: "retry" }]);
  assert.equal(queue.pending().length, 1);
  assert.deepEqual(queue.settle([{ id: tap.id, status: "stored", message: "Perhatikan." }]), ["Perhatikan."]);
  assert.equal(queue.pending().length, 0);
});

test("a refused tap stays with its reason until somebody has read it", () => {
  const { queue } = house();
  const tap = queue.add({ kind: "start", item: 1 });
  queue.settle([{ id: tap.id, status: "refused", message: "Kegiatan sudah dibatalkan." }]);
  assert.equal(queue.pending().length, 0);
  assert.equal(queue.refused()[0].message, "Kegiatan sudah dibatalkan.");
  queue.dismiss(tap.id);
  assert.equal(queue.refused().length, 0);
});

test("what was tapped without network is handed in once, with its own time", async () => {
  const { queue, sender, stored } = house(["down", "down"]);
  const tap = queue.add({ kind: "start", item: 1 }, 1000);
  await sender.kick();
  assert.deepEqual([sender.kind, queue.pending().length], ["offline", 1]);
  await sender.kick();
  await sender.kick();
  assert.deepEqual([sender.kind, queue.pending().length], ["idle", 0]);
  assert.equal(stored.get(tap.id).at, new Date(1000).toISOString());
});

test("an answer that gets lost costs a second question and no second tap", async () => {
  const { queue, sender, stored, asked } = house(["lost"]);
  queue.add({ kind: "start", item: 1 });
  await sender.kick();
  assert.equal(queue.pending().length, 1);
  await sender.kick();
  assert.equal(queue.pending().length, 0);
  assert.equal(stored.size, 1);
  assert.equal(asked.length, 2);
});

test("an ended session keeps everything and asks to sign in", async () => {
  const login = () => Object.defineProperty(new Response("<html>"), "redirected", { value: true });
  const { queue, sender } = house([login]);
  queue.add({ kind: "start", item: 1 });
  await sender.kick();
  assert.deepEqual([sender.kind, queue.pending().length], ["login", 1]);
});

test("a stale token is renewed and the taps go out in the same round", async () => {
  const { queue, sender, asked } = house([() => json({}, 403)]);
  queue.add({ kind: "start", item: 1 });
  await sender.kick();
  assert.deepEqual(asked.map(({ method }) => method), ["POST", "GET", "POST"]);
  assert.equal(asked[2].token, "fresh");
  assert.equal(queue.pending().length, 0);
});

test("an event that takes no taps any more gives its reason for each", async () => {
  const { queue, sender } = house([() => json({ message: "Kegiatan sudah diarsipkan." }, 409)]);
  queue.add({ kind: "start", item: 1 });
  queue.add({ kind: "start", item: 2 });
  await sender.kick();
  assert.deepEqual([queue.pending().length, queue.refused().length], [0, 2]);
});

test("taps made while others are on their way go right after them", async () => {
  const { queue, sender, asked } = house([]);
  queue.add({ kind: "start", item: 1 });
  const first = sender.kick();
  queue.add({ kind: "finish", item: 1 });
  sender.kick();
  await first;
  assert.equal(sender.again, true);
  await sender.kick();
  assert.deepEqual(asked.map(({ taps }) => taps.length), [1, 1]);
});

test("what an answer means", () => {
  const page = new Response("<html>", { headers: { "Content-Type": "text/html" } });
  assert.equal(meaning(json({})), "ok");
  assert.equal(meaning(page), "offline"); // a captive portal
  assert.equal(meaning(json({}, 503)), "offline");
  assert.equal(meaning(json({}, 401)), "login");
  assert.equal(meaning(json({}, 404)), "error");
});
