/** The pad keeps what was typed until the server has it, in order, through broken networks and reloads. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { NotePad, words } from "../../static/js/notes-pad.js";

function desk(parts = {}) {
  const sent = [];
  const answers = parts.answers || [];
  const memory = { kept: null };
  const timers = [];
  const stopped = [];
  const pad = new NotePad({
    text: "",
    revision: 0,
    saved: "",
    writer: "tab",
    send: async (fields) => {
      sent.push(fields);
      const next = answers.shift();
      if (!next) throw new TypeError("no network");
      return next;
    },
    keep: {
      read: () => memory.kept,
      write: (kept) => {
        if (parts.full) return false;
        memory.kept = structuredClone(kept);
        return true;
      },
      forget: () => {
        memory.kept = null;
      },
    },
    show: () => {},
    later: (work, ms) => timers.push({ work, ms }),
    stop: (count) => stopped.push(count),
    ...parts.pad,
  });
  return { pad, sent, memory, timers, stopped, answers };
}

const ok = (revision) => ({ status: 200, answer: { revision, saved: "10.14 WIB" } });

test("typed text is on the device at once and leaves it when the server has it", async () => {
  const { pad, memory, sent } = desk({ answers: [ok(1)] });
  pad.typed("Ketua");
  assert.equal(memory.kept.text, "Ketua");
  await pad.flush();
  assert.deepEqual([pad.state, pad.revision, memory.kept], ["saved", 1, null]);
  assert.deepEqual(words(pad), ["", "Tersimpan pukul 10.14 WIB"]);
  assert.equal(sent.length, 1);
});

test("without network it waits, says so, and sends again", async () => {
  const { pad, memory, timers, answers } = desk();
  pad.typed("Ketua");
  await pad.flush();
  assert.deepEqual(words(pad), ["waiting", "Tersimpan di perangkat ini, menunggu jaringan."]);
  assert.equal(memory.kept.text, "Ketua");
  answers.push(ok(1));
  await timers.at(-1).work();
  assert.equal(pad.state, "saved");
});

test("after a reload the text that never arrived goes on under the name of the page that is gone", async () => {
  const { pad, sent, memory } = desk({ answers: [ok(4), ok(5)], pad: { text: "Ketua", revision: 4 } });
  assert.equal(pad.adopt({ text: "Ketua membuka", revision: 3, writer: "lama" }), true);
  assert.equal(memory.kept.text, "Ketua membuka");
  await pad.flush();
  pad.typed("Ketua membuka acara");
  await pad.flush();
  assert.deepEqual(sent.map(({ revision, writer }) => [revision, writer]), [[3, "lama"], [4, "tab"]]);
});

test("a kept text never takes the number of what a colleague made of it since", async () => {
  const { pad, sent } = desk({ answers: [ok(9)], pad: { text: "Ketua", revision: 7 } });
  pad.adopt({ text: "Ketua membuka", revision: 3, writer: "lama" });
  await pad.flush();
  assert.deepEqual([sent[0].revision, sent[0].writer], [3, "lama"]);
});

test("a kept text that did arrive is forgotten", () => {
  const { pad, memory } = desk({ pad: { text: "Ketua", revision: 1 } });
  assert.equal(pad.adopt({ text: "Ketua", revision: 0, writer: "lama" }), true);
  assert.deepEqual([memory.kept, pad.state], [null, "saved"]);
});

test("a kept text that was put together with another one is not asked about again", () => {
  const { pad, memory } = desk({ pad: { text: "Dari Budi.\n\nKetua membuka", revision: 5 } });
  assert.equal(pad.adopt({ text: "Ketua membuka", revision: 3, writer: "lama" }), true);
  assert.deepEqual([pad.text, pad.state, memory.kept], ["Dari Budi.\n\nKetua membuka", "saved", null]);
});

test("a kept text that took something away goes on while nobody has written since, and so does one with more to keep", () => {
  const shorter = desk({ pad: { text: "Ketua membuka", revision: 3 } }).pad;
  shorter.adopt({ text: "Ketua", revision: 3, writer: "lama" });
  assert.deepEqual([shorter.text, shorter.isUnsent], ["Ketua", true]);
  const { pad } = desk({ pad: { text: "Ketua membuka", revision: 5 } });
  pad.adopt({ text: "Ketua", asides: ["Milik Budi"], revision: 3, writer: "lama" });
  assert.equal(pad.isUnsent, true);
});

test("a kept text waits while something of this page waits, or where nothing can be kept", () => {
  const { pad } = desk();
  pad.typed("Ketua");
  assert.equal(pad.adopt({ text: "Lain", revision: 0, writer: "lama" }), false);
  assert.equal(desk({ full: true }).pad.adopt({ text: "Lain", revision: 0, writer: "lama" }), false);
});

for (const spoilt of [null, 7, "Ketua", {}, { text: 5 }]) {
  test(`a copy that is none is let go: ${JSON.stringify(spoilt)}`, () => {
    const { pad } = desk();
    assert.deepEqual([pad.adopt(spoilt), pad.text], [true, ""]);
  });
}

test("a letter typed and deleted again leaves no copy and sends nothing", async () => {
  const { pad, memory, sent, stopped } = desk({ pad: { text: "Ketua", saved: "10.14 WIB" } });
  pad.typed("Ketuaa");
  pad.typed("Ketua");
  assert.deepEqual([memory.kept, pad.state, stopped.at(-1)], [null, "saved", 1]);
  assert.deepEqual(words(pad), ["", "Tersimpan pukul 10.14 WIB"]);
  await pad.flush();
  assert.equal(sent.length, 0);
});

test("what was sent without an answer counts as sent, also when it is deleted again", async () => {
  const { pad, sent, memory, answers } = desk({ pad: { text: "Ketua" } });
  pad.typed("Ketua rahasia");
  await pad.flush();
  pad.typed("Ketua");
  assert.equal(memory.kept.text, "Ketua");
  answers.push(ok(3));
  await pad.flush();
  assert.deepEqual([sent.at(-1).text, pad.state, memory.kept], ["Ketua", "saved", null]);
});

test("what is typed while a save is under way is sent after it, never two at once", async () => {
  let answer;
  const { pad, sent, memory } = desk({
    pad: {
      send: (fields) => {
        sent.push(fields);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    },
  });
  pad.typed("Ketua");
  const first = pad.flush();
  pad.typed("Ketua membuka");
  await pad.flush();
  assert.equal(sent.length, 1);
  answer(ok(1));
  await first;
  assert.equal(memory.kept.text, "Ketua membuka");
  const second = pad.flush();
  answer(ok(2));
  await second;
  assert.deepEqual([sent.length, sent[1].revision, pad.state], [2, 1, "saved"]);
});

const conflict = { status: 409, answer: { conflict: true, text: "Milik Budi", revision: 5, by: "Budi", message: "Sudah diubah." } };

test("a conflict sends nothing more until somebody chooses, and typing goes on", async () => {
  const { pad, sent, memory } = desk({ answers: [conflict] });
  pad.typed("Milik saya");
  await pad.flush();
  pad.typed("Milik saya juga");
  await pad.flush();
  assert.deepEqual([pad.state, sent.length, memory.kept.text], ["conflict", 1, "Milik saya juga"]);
});

test("both texts together begin with the one that was stored", async () => {
  const { pad, sent } = desk({ answers: [conflict, ok(6)] });
  pad.typed("Milik saya");
  await pad.flush();
  await pad.resolve("both");
  assert.deepEqual([sent[1].text, sent[1].revision, sent[1].apart], ["Milik Budi\n\nMilik saya", 5, true]);
});

test("who takes the stored text leaves the own one in the history first", async () => {
  const { pad, sent } = desk({ answers: [conflict, ok(6), ok(7)] });
  pad.typed("Milik saya");
  await pad.flush();
  await pad.resolve("theirs");
  assert.deepEqual(sent.slice(1).map(({ text, apart }) => [text, apart]), [["Milik saya", true], ["Milik Budi", true]]);
  assert.deepEqual([pad.text, pad.state], ["Milik Budi", "saved"]);
});

test("who takes the stored text while the network goes away has both kept until both arrived", async () => {
  const { pad, sent, memory, answers } = desk({ answers: [conflict] });
  pad.typed("Milik saya");
  await pad.flush();
  await pad.resolve("theirs");
  assert.deepEqual([pad.state, pad.text], ["waiting", "Milik Budi"]);
  assert.deepEqual([memory.kept.text, memory.kept.asides], ["Milik Budi", ["Milik saya"]]);
  answers.push(ok(6), ok(7));
  await pad.flush();
  assert.deepEqual(sent.slice(2).map(({ text, apart }) => [text, apart]), [["Milik saya", true], ["Milik Budi", true]]);
  assert.deepEqual([pad.state, memory.kept], ["saved", null]);
});

test("the choice goes on after the page was closed in between", async () => {
  const { pad, sent } = desk({ answers: [ok(6), ok(7)], pad: { text: "Milik Budi", revision: 5 } });
  pad.adopt({ text: "Milik Budi", asides: ["Milik saya"], revision: 5, writer: "lama" });
  await pad.flush();
  assert.deepEqual(sent.map(({ text }) => text), ["Milik saya", "Milik Budi"]);
});

test("a session that is over keeps the text and tries again", async () => {
  const { pad, memory, timers } = desk({ answers: [{ status: 200, answer: null, signIn: true }] });
  pad.typed("Ketua");
  await pad.flush();
  assert.deepEqual([pad.state, memory.kept.text, timers.length], ["signin", "Ketua", 2]);
  assert.match(words(pad)[1], /Sesi Anda berakhir/);
});

for (const [status, sentence] of [[400, /Muat ulang/], [403, /tidak lagi boleh menulis/], [404, /tidak ditemukan/], [413, /terlalu panjang/]]) {
  test(`an answer ${status} of the server is no end of the session, and the text stays`, async () => {
    const { pad, memory } = desk({ answers: [{ status, answer: null, signIn: false }] });
    pad.typed("Ketua");
    await pad.flush();
    assert.deepEqual([pad.state, memory.kept.text], ["refused", "Ketua"]);
    assert.match(words(pad)[1], sentence);
    assert.match(words(pad)[1], /tetap tersimpan di perangkat ini/);
  });
}

for (const status of [200, 408, 429, 500, 503]) {
  test(`a page with ${status} that is not of the pad is tried again`, async () => {
    const { pad, timers } = desk({ answers: [{ status, answer: null, signIn: false }] });
    pad.typed("Ketua");
    await pad.flush();
    assert.deepEqual([pad.state, timers.length], ["waiting", 2]);
  });
}

const foreign = { status: 409, answer: { signin: true, message: "" } };

test("under another account the text is kept, hidden and not sent, until its own comes back", async () => {
  const { pad, memory, answers } = desk({ answers: [foreign] });
  pad.typed("Rahasia");
  await pad.flush();
  assert.deepEqual([pad.isForeign, memory.kept.text], [true, "Rahasia"]);
  assert.match(words(pad)[1], /akun lain.*tidak dikirim atas nama akun itu.*Masuk lagi/);
  await pad.flush(); // no network meanwhile: still hidden
  assert.equal(pad.isForeign, true);
  answers.push(ok(1));
  await pad.flush();
  assert.deepEqual([pad.isForeign, pad.state], [false, "saved"]);
});

test("also a text that was saved long ago is hidden from another account", () => {
  const { pad } = desk({ pad: { text: "Lama", revision: 2 } });
  pad.looked(foreign.answer);
  assert.deepEqual([pad.isForeign, /akun lain/.test(words(pad)[1])], [true, true]);
  pad.looked({ text: "Baru", revision: 3, saved: "10.20 WIB" });
  assert.deepEqual([pad.isForeign, pad.text], [false, "Baru"]);
});

test("the page may be closed when all of it is on the device, whatever the last attempt said", async () => {
  const { pad, memory } = desk();
  assert.equal(pad.isSafe, true);
  pad.typed("Ketua");
  await pad.flush();
  assert.equal(pad.isSafe, true);
  memory.kept = null; // the browser was told to clear its data
  assert.equal(pad.isSafe, false);
});

test("a refusal is shown in its words and the text stays", async () => {
  const { pad, memory } = desk({ answers: [{ status: 409, answer: { message: "Sudah diarsipkan." } }] });
  pad.typed("Ketua");
  await pad.flush();
  assert.deepEqual([words(pad), memory.kept.text], [["danger", "Sudah diarsipkan."], "Ketua"]);
});

test("where the device keeps nothing the page must not be closed", async () => {
  const { pad } = desk({ full: true });
  pad.typed("Ketua");
  await pad.flush();
  assert.match(words(pad)[1], /Jangan tutup halaman ini/);
});

test("what somebody else wrote is taken over only while nothing of one's own waits", async () => {
  const { pad } = desk({ pad: { text: "Lama", revision: 2 } });
  assert.equal(pad.offer({ text: "Baru", revision: 3, saved: "10.20 WIB" }), true);
  assert.deepEqual([pad.text, pad.revision], ["Baru", 3]);
  pad.typed("Sendiri");
  assert.equal(pad.offer({ text: "Lain", revision: 4, saved: "" }), false);
  assert.equal(pad.text, "Sendiri");
});
