/** Each page keeps its own copy on the device; those of pages that are gone are found, those of open ones left alone. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { box } from "../../static/js/notes-box.js";
import { storage } from "./storage.js";

const PREFIX = "netralitas:catatan:7:KODE:notula";

test("two pages of one pad do not write over each other's copy", () => {
  const device = storage();
  const [one, two] = [box(device, PREFIX, "satu"), box(device, PREFIX, "dua")];
  one.write({ text: "Satu" });
  two.write({ text: "Dua" });
  two.forget();
  assert.deepEqual([one.read(), two.read()], [{ text: "Satu" }, null]);
});

test("only copies of pages that are gone are offered, of this account and this pad alone", () => {
  const device = storage();
  for (const page of ["hilang", "terbuka", "saya"]) box(device, PREFIX, page).write({ text: page });
  box(device, "netralitas:catatan:8:KODE:notula", "hilang").write({ text: "akun lain" });
  box(device, "netralitas:catatan:7:KODE:kendala", "hilang").write({ text: "lembar lain" });
  device.setItem(PREFIX, JSON.stringify({ text: "dari versi lama" }));
  const mine = box(device, PREFIX, "saya");
  const left = mine.left(new Set(["terbuka"]));
  assert.deepEqual(left.map(([, kept]) => kept.text).sort(), ["dari versi lama", "hilang"]);
  left.forEach(([name]) => mine.drop(name));
  assert.deepEqual([mine.left(new Set(["terbuka"])), mine.read().text], [[], "saya"]);
});

test("a device that keeps nothing says so and does not fail", () => {
  const broken = new Proxy({}, { get() { throw new Error("disabled"); } });
  const mine = box(broken, PREFIX, "saya");
  assert.deepEqual([mine.read(), mine.write({ text: "x" }), mine.left(new Set())], [null, false, []]);
  mine.forget();
});

test("a copy that cannot be read is offered as nothing", () => {
  const device = storage();
  device.setItem(`${PREFIX}:hilang`, "{rusak");
  assert.deepEqual(box(device, PREFIX, "saya").left(new Set()), [[`${PREFIX}:hilang`, null]]);
});
