/** Photos go one after the other; what does not get through waits and goes again. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PhotoQueue, isDone, words } from "../../static/js/photo-queue.js";

const KEPT = { state: "kept", text: "" };

/** A queue whose server gives the answers in order; an Error is thrown. */
function desk(...answers) {
  const sent = [];
  let under_way = 0;
  const queue = new PhotoQueue({
    send: async (file, onProgress) => {
      assert.equal((under_way += 1), 1, "two at once");
      sent.push(file);
      onProgress(40);
      await null;
      under_way -= 1;
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { queue, sent };
}

const states = (queue) => queue.items.map((item) => item.state);

test("photos go one after the other and each has its state", async () => {
  const { queue, sent } = desk(KEPT, { state: "known" }, { state: "refused", text: "“c” bukan foto." });
  for (const file of ["a", "b", "c"]) queue.add(file);
  assert.match(words(queue.items), /^3 foto dipilih/);
  await queue.run();
  assert.deepEqual(sent, ["a", "b", "c"]);
  assert.deepEqual(states(queue), ["kept", "known", "refused"]);
  assert.equal(queue.items[2].text, "“c” bukan foto.");
  assert.equal(words(queue.items), "1 foto disimpan, 1 tidak disimpan.");
  assert.equal(isDone(queue.items), false);
});

test("without network the rest waits and goes at the next press, the first again", async () => {
  const { queue, sent } = desk(KEPT, new Error("no network"), KEPT, KEPT);
  for (const file of ["a", "b", "c"]) queue.add(file);
  await queue.run();
  assert.deepEqual(states(queue), ["kept", "unsent", "waiting"]);
  assert.match(words(queue.items), /belum terkirim/);
  await queue.run();
  assert.deepEqual(sent, ["a", "b", "b", "c"]);
  assert.deepEqual(states(queue), ["kept", "kept", "kept"]);
  assert.equal(words(queue.items), "3 foto disimpan.");
  assert.equal(isDone(queue.items), true);
});

test("an answer that says nothing is none", async () => {
  for (const answer of [{}, { state: "odd" }, null]) {
    const { queue } = desk(answer);
    queue.add("a");
    await queue.run();
    assert.deepEqual(states(queue), ["unsent"]);
  }
});

test("what is not on its way can be taken out, also while others are sent", async () => {
  const { queue, sent } = desk(KEPT, KEPT);
  const [first, second, third] = ["a", "b", "c"].map((file) => queue.add(file));
  const running = queue.run();
  assert.equal(queue.drop(first), false);
  assert.equal(queue.drop(second), true);
  assert.match(words(queue.items), /^Mengirim foto 1 dari 2/);
  await running;
  assert.deepEqual(sent, ["a", "c"]);
  assert.equal(queue.drop(third), false);
  assert.deepEqual(states(queue), ["kept", "kept"]);
});

test("pressing twice sends once", async () => {
  const { queue, sent } = desk(KEPT);
  queue.add("a");
  await Promise.all([queue.run(), queue.run()]);
  assert.deepEqual(sent, ["a"]);
});

test("nothing chosen says nothing and is not done", () => {
  assert.equal(words([]), "");
  assert.equal(isDone([]), false);
});
