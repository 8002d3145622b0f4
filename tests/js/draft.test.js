import assert from "node:assert/strict";
import { test } from "node:test";

import {
  forget,
  isKept,
  keep,
  keyOf,
  moment,
  putBack,
  read,
  same,
  sweep,
  valuesOf,
  WEEK,
} from "../../static/js/draft.js";

function storage(entries = {}) {
  const map = new Map(Object.entries(entries));
  return {
    get length() {
      return map.size;
    },
    key: (at) => [...map.keys()][at],
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
    keys: () => [...map.keys()],
  };
}

const text = (name, value, type = "text") => ({ name, type, value });
const box = (name, value, checked, type = "checkbox") => ({ name, type, value, checked });

test("what people type is kept, secrets and numbers of persons never", () => {
  const fields = [
    text("title", "Ikrar"),
    text("csrfmiddlewaretoken", "x", "hidden"),
    text("password", "x", "password"),
    text("sandi", "x", "password"),
    text("identity_number", "1986"),
    text("phone", "0812"),
    text("nomor-nip", "1986"),
    text("staff_pin", "1234"),
    text("telepon", "0812", "tel"),
    text("logo_file", "C:/x", "file"),
    text("", "tanpa nama"),
    box("elections", "1", true),
    box("elections", "2", false),
    box("mode", "onsite", true, "radio"),
  ];
  assert.deepEqual(valuesOf(fields), { title: ["Ikrar"], elections: ["1"], mode: ["onsite"] });
});

test("a name that only contains such letters is kept", () => {
  for (const name of ["opening", "panitia", "manipulasi", "chair_name", "points"]) assert.ok(isKept(text(name, "")));
});

test("values go back to where they came from", () => {
  const fields = [
    text("title", ""),
    text("points", "a"),
    text("points", "b"),
    box("elections", "1", false),
    box("elections", "2", true),
    text("phone", "tetap"),
  ];
  const changed = putBack(fields, {
    title: ["Ikrar"],
    points: ["satu", "b"],
    elections: ["1"],
    phone: ["0812"],
    gone: ["x"],
  });
  assert.deepEqual(
    fields.map((field) => (field.type === "checkbox" ? field.checked : field.value)),
    ["Ikrar", "satu", "b", true, false, "tetap"],
  );
  assert.equal(changed.length, 4);
});

test("what the server gave is nothing to keep", () => {
  const kept = storage();
  const key = keyOf(7, "/naskah/baru/");
  keep(kept, key, { title: ["a"] }, { title: [""] }, 1000);
  assert.deepEqual(read(kept, key, 2000), { at: 1000, values: { title: ["a"] } });
  keep(kept, key, { title: [""] }, { title: [""] }, 3000);
  assert.equal(read(kept, key, 3000), null);
});

test("the order of fields makes no difference", () => {
  assert.ok(same({ a: ["1"], b: ["2"] }, { b: ["2"], a: ["1"] }));
  assert.ok(!same({ a: ["1"] }, { a: ["2"] }));
  assert.ok(!same({ a: ["1"] }, {}));
});

test("signing out forgets the drafts of this user and of nobody else", () => {
  const kept = storage({
    [keyOf(7, "/a/")]: "{}",
    [keyOf(7, "/b/")]: "{}",
    [keyOf(70, "/a/")]: "{}",
    "netralitas-tampilan": "x",
  });
  forget(kept, 7);
  assert.deepEqual(kept.keys(), [keyOf(70, "/a/"), "netralitas-tampilan"]);
});

test("what is a week old or no draft goes, everything else stays", () => {
  const draft = (at) => JSON.stringify({ at, values: { a: ["1"] } });
  const now = 2 * WEEK;
  const kept = storage({
    [keyOf(7, "/old/")]: draft(now - WEEK),
    [keyOf(8, "/new/")]: draft(now - WEEK + 1),
    [keyOf(7, "/broken/")]: "{",
    [keyOf(7, "/null/")]: "null",
    "milik-lain": "{",
  });
  sweep(kept, now);
  assert.deepEqual(kept.keys(), [keyOf(8, "/new/"), "milik-lain"]);
});

test("the moment is said as people say it", () => {
  const now = new Date(2024, 9, 2, 12, 0).getTime();
  assert.equal(moment(new Date(2024, 9, 2, 9, 4).getTime(), now), "pukul 09.04");
  assert.equal(moment(new Date(2024, 9, 1, 23, 14).getTime(), now), "1 Oktober pukul 23.14");
});
