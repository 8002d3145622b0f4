/** The pad keeps what was typed until the server has it, in order, through broken networks and reloads. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { NotePad, words } from "../../static/js/notes-pad.js";

function desk(parts = {}) {
  const sent = [];
  const answers = parts.answers || [];
  const memory = { kept: parts.kept || null };
  const timers = [];
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
        memory.kept = kept;
        return true;
      },
      forget: (text) => {
        if (memory.kept?.text !== text) return;
        memory.kept = null;
      },
    },
    show: () => {},
    later: (work, ms) => timers.push({ work, ms }),
    stop: () => {},
    ...parts.pad,
  });
  return { pad, sent, memory, timers, answers };
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

test("after a reload the text that never arrived goes on from what the server has", async () => {
  const kept = { text: "Ketua membuka", revision: 3, writer: "lama" };
  const { pad, sent } = desk({ kept, answers: [ok(4)], pad: { text: "Ketua", revision: 3 } });
  assert.equal(pad.text, "Ketua membuka");
  await pad.flush();
  assert.deepEqual(sent[0], { text: "Ketua membuka", revision: 3, writer: "tab", apart: false });
});

test("a kept text that lacks what somebody wrote since is compared, not laid over it", async () => {
  const kept = { text: "Ketua membuka", revision: 3, writer: "lama" };
  const { pad, sent } = desk({ kept, answers: [ok(9)], pad: { text: "Sekretaris menutup", revision: 7 } });
  await pad.flush();
  assert.equal(sent[0].revision, 3);
  assert.equal(sent[0].writer, "tab");
});

test("only the text that the server confirmed is forgotten", async () => {
  const { pad, memory } = desk({ answers: [ok(1)] });
  pad.typed("Ketua");
  memory.kept = { text: "dari tab lain", revision: 0, writer: "lain" };
  await pad.flush();
  assert.equal(memory.kept.text, "dari tab lain");
});

test("a kept text that did arrive is forgotten", () => {
  const { pad, memory } = desk({ kept: { text: "Ketua", revision: 0 }, pad: { text: "Ketua", revision: 1 } });
  assert.deepEqual([memory.kept, pad.state], [null, "saved"]);
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

test("a session that is over keeps the text and tries again", async () => {
  const { pad, memory, timers } = desk({ answers: [{ status: 200, answer: null }] });
  pad.typed("Ketua");
  await pad.flush();
  assert.deepEqual([pad.state, memory.kept.text, timers.length], ["signin", "Ketua", 2]);
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
