import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

globalThis.crypto ??= webcrypto;
const { hex, sha256 } = await import("../../static/js/verify.js");

test("bytes become two digits each", () => {
  assert.equal(hex(Uint8Array.from([0, 10, 255]).buffer), "000aff");
});

test("the digest of a file is that of sha256sum", async () => {
  const file = new Blob(["abc"]);
  assert.equal(await sha256(file), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
