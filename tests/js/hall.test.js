/** The pure parts of the hall's screens: the day with waiting taps, delay, hours, phrases, pages of the board. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { hour, hourWithZone, momentOf } from "../../static/js/hall/clock.js";
import { arrivals, pagesOf, pageWith } from "../../static/js/hall/pages.js";
import { phrases } from "../../static/js/hall/phrases.js";
import { delay, delayWords, place, span, withTaps } from "../../static/js/hall/rundown.js";

const at = (clock) => `2026-01-01T${clock}:00.000Z`;
const now = (clock) => Date.parse(at(clock));
const items = (...times) => times.map(([started = "", ended = ""], index) => ({ id: index, started_at: started && at(started), ended_at: ended && at(ended) }));
const PLAN = ["02:00", "02:15", "02:45"].map((starts, index, all) => ({ starts: at(starts), ends: at(all[index + 1] || "03:45") }));

test("waiting taps show at once and leave the known state alone", () => {
  const known = { items: items([], []), papers: [{ id: "p", state: "draft", read_at: "" }] };
  const shown = withTaps(known, [
    { kind: "start", item: 0, at: at("02:03") },
    { kind: "finish", item: 0, at: at("02:20") },
    { kind: "read", paper: "p", at: at("02:30"), name: "Rudiyanto", position: "Sekda", followed: true, open: true },
  ]);
  assert.deepEqual(shown.items[0], { id: 0, started_at: at("02:03"), ended_at: at("02:20") });
  assert.deepEqual([shown.papers[0].read_by, shown.papers[0].opening], ["Rudiyanto", true]);
  assert.equal(known.items[0].started_at, "");
});

test("a tap that the server knows already changes nothing", () => {
  const known = { items: items(["02:03"]), papers: [] };
  assert.equal(withTaps(known, [{ kind: "start", item: 0, at: at("02:09") }]).items[0].started_at, at("02:03"));
});

test("the first beginning makes a scheduled event run, before the server knows", () => {
  const known = { event: "scheduled", items: items([]), papers: [] };
  assert.equal(withTaps(known, []).event, "scheduled");
  assert.equal(withTaps(known, [{ kind: "start", item: 0, at: at("02:00") }]).event, "running");
});

test("undoing a beginning takes the end with it", () => {
  const known = { items: items(["02:03", "02:20"]), papers: [] };
  const [item] = withTaps(known, [{ kind: "unstart", item: 0, at: at("02:21") }]).items;
  assert.deepEqual([item.started_at, item.ended_at], ["", ""]);
});

test("the next item is the first after the last one begun", () => {
  assert.deepEqual(place(items([], [], [])), { on: -1, next: 0 });
  assert.deepEqual(place(items(["02:00", "02:15"], ["02:16"], [])), { on: 1, next: 2 });
  assert.deepEqual(place(items(["02:00", "02:15"], [], ["02:40"])), { on: 2, next: -1 });
});

test("delay counts a late beginning and an item that runs over", () => {
  assert.equal(delay(PLAN, items(["02:12"], [], []), now("02:13")), 12);
  assert.equal(delay(PLAN, items(["02:00"], [], []), now("02:25")), 10);
  assert.equal(delay(PLAN, items([], [], []), now("02:04")), 4);
  assert.equal(delay(PLAN, items([], [], []), now("01:30")), 0);
  assert.equal(delay(PLAN, items(["02:00", "02:10"], [], []), now("02:11")), -4);
  assert.equal(delay(PLAN, items(["02:00", "02:10"], ["02:10", "02:40"], ["02:40", "03:50"]), now("05:00")), 5);
});

test("a plan of another day and a plan without hours say nothing", () => {
  assert.equal(delay(PLAN, items([], [], []), Date.parse("2026-03-01T02:00:00Z")), null);
  assert.equal(delay([{ starts: "", ends: "" }], items([]), now("02:00")), null);
});

test("delay in words", () => {
  assert.deepEqual(delayWords(12), { tone: "waiting", words: "Terlambat 12 menit" });
  assert.deepEqual(delayWords(-5), { tone: "done", words: "Lebih cepat 5 menit" });
  assert.equal(delayWords(0).words, "Sesuai jadwal");
  assert.equal(delayWords(null).words, "");
  assert.equal(span(65), "1 jam 5 menit");
});

test("hours stand in the zone of the event", () => {
  assert.equal(hourWithZone(at("02:12"), "Asia/Jakarta"), "09.12 WIB");
  assert.equal(hourWithZone(at("02:12"), "Asia/Makassar"), "10.12 WITA");
  assert.equal(hour(at("20:05"), "Asia/Jayapura"), "05.05");
  assert.equal(hour("", "Asia/Jakarta"), "");
});

test("an hour typed in any usual way becomes the moment of today", () => {
  for (const text of ["09.12", "9:12", "0912", "09,12"]) {
    assert.equal(momentOf(text, "Asia/Jakarta", now("03:00")).toISOString(), at("02:12"), text);
  }
  assert.equal(momentOf("10.30", "Asia/Jakarta", now("03:00")), null); // still ahead
  for (const text of ["", "9", "25.00", "09.61", "pagi"]) assert.equal(momentOf(text, "Asia/Jakarta", now("03:00")), null);
});

const IKRAR =
  "Menjaga dan menegakkan prinsip netralitas pegawai ASN di instansi masing- masing dalam melaksanakan fungsi pelayanan publik baik sebelum, selama, maupun sesudah pelaksanaan pemilihan tahun 2024.";

test("phrases are the text itself, only cut", () => {
  const texts = [IKRAR, "Menolak politik uang.", "", "a\nb\n\nc", "   ", "tanpa spasi".repeat(30), ",;.", `${IKRAR}\n${IKRAR}`];
  for (const text of texts) assert.equal(phrases(text).join(""), text);
});

test("phrases are short enough to be repeated", () => {
  const found = phrases(IKRAR);
  assert.ok(found.length >= 3);
  for (const phrase of found) assert.ok(phrase.trim().length <= 74, phrase);
});

const board = (...papers) => ({ papers: papers.map((names) => ({ people: names.map((id) => ({ id })) })) });

test("pages hold a grid of one paper each, an unsigned paper has one empty page", () => {
  const pages = pagesOf(board(["a", "b", "c"], []), 2);
  assert.deepEqual(pages.map(({ people, number, count }) => [people.length, number, count]), [[2, 1, 2], [1, 2, 2], [0, 1, 1]]);
  assert.equal(pageWith(pages, "c"), 1);
  assert.equal(pageWith(pages, "z"), -1);
});

test("nobody is new at first; later only who came since", () => {
  assert.deepEqual(arrivals(null, board(["a"])), []);
  assert.deepEqual(arrivals(board(["a"]), board(["b", "a"], ["c"])), ["b", "c"]);
});
