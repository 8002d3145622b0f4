/** What the header of the tablet says, and what it never says. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { alertWords, blockedWords, clockWithZone, statusLine } from "../../static/js/kiosk/words.js";

const AT = Date.parse("2026-11-22T03:42:00Z");
const GOOD = { paired: true, pending: 0, quarantine: 0, sync: { kind: "idle", at: AT }, event: { time_zone: "Asia/Jakarta" } };

test("everything sent is said with the time of the event's zone", () => {
  assert.deepEqual(statusLine(GOOD), { kind: "done", text: "✓ Semua terkirim 10.42" });
  assert.equal(statusLine({ ...GOOD, event: { time_zone: "Asia/Makassar" } }).text, "✓ Semua terkirim 11.42");
});

test("while something waits nothing is called sent", () => {
  for (const kind of ["idle", "sending", "offline", "portal", "clock", "error", "server", "revoked", "unauthorised"]) {
    const { text, kind: colour } = statusLine({ ...GOOD, pending: 3, sync: { kind, at: AT } });
    assert.doesNotMatch(text, /terkirim|tersimpan di (server|peladen)|tersertifikasi/i, kind);
    assert.equal(colour, "wait", kind);
  }
  assert.equal(statusLine({ ...GOOD, pending: 3 }).text, "● 3 menunggu kirim – aman di tablet ini");
});

test("no network is no alarm", () => {
  const { kind, text } = statusLine({ ...GOOD, sync: { kind: "offline", at: AT } });
  assert.deepEqual([kind, text], ["off", "○ Tidak ada internet – tetap bisa tanda tangan"]);
});

test("what stands in the way is named", () => {
  assert.match(statusLine({ ...GOOD, sync: { kind: "portal" } }).text, /Wi-Fi ini minta masuk dahulu/);
  assert.match(statusLine({ ...GOOD, sync: { kind: "clock" } }).text, /Periksa tanggal tablet/);
});

test("quarantine and a server that proves nothing call for somebody, also when the queue is empty", () => {
  assert.deepEqual(statusLine({ ...GOOD, quarantine: 2 }).kind, "wait");
  assert.match(statusLine({ ...GOOD, quarantine: 2 }).text, /2 perlu petugas/);
  assert.match(statusLine({ ...GOOD, alerts: { mismatch: 1 } }).text, /hubungi admin/);
  assert.match(alertWords({ unknown_key: 4 }), /Peladen tidak mengenal kunci/);
  assert.equal(alertWords({ mismatch: 0, unknown_key: 0 }), "");
  assert.equal(alertWords(undefined), "");
});

test("an unpaired tablet says nothing", () => {
  assert.deepEqual(statusLine({ paired: false }), { kind: "", text: "" });
});

test("a blocked tablet says what is safe", () => {
  assert.match(blockedWords({ blocked: "storage", pending: 3 }).what, /Data yang ada aman/);
  assert.match(blockedWords({ blocked: "broken", pending: 3 }).what, /Jangan hapus data apa pun/);
  assert.equal(blockedWords({ blocked: "revoked", pending: 3 }).what, "3 tanda tangan masih aman di tablet ini.");
  assert.equal(blockedWords({ blocked: "tab", pending: 0 }).title, "Kios sudah terbuka di tab lain");
});

test("times are told with dots and zone", () => {
  assert.equal(clockWithZone("2026-11-22T02:12:00.000Z", "Asia/Jakarta"), "09.12 WIB");
  assert.equal(clockWithZone("2026-11-22T02:12:00.000Z", "Asia/Jayapura"), "11.12 WIT");
});
