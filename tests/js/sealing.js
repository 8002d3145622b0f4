/** Called by tests/declarations/test_kiosk_js.py: makes one signed, sealed record as a tablet does and prints it. */
import "./setup.js";
import { b64u, canonicalBytes, firstLink, hex, nextLink, sha256Hex, unb64u, unhex } from "../../static/js/kiosk/canon.js";
import { seal } from "../../static/js/kiosk/hpke.js";
import { proof, sign } from "../../static/js/kiosk/identity.js";
import { makeKeys, publicKey } from "../../static/js/kiosk/keys.js";

const { event, device, kid, point, item, code, record } = JSON.parse(process.argv[2]);
const keys = await makeKeys();
const key = await publicKey(keys);
const link = await firstLink(event, device, key);
const bytes = canonicalBytes({ ...record, prev_hash: hex(link) });
const plain = Uint8Array.from([1, ...(await sign(keys, bytes)), ...bytes]);
const sealed = await seal(plain, unb64u(point), `netralitas-kiosk/1|${event}|${kid}|${device}|${item}`);
const hash = await sha256Hex(bytes);
console.log(
  JSON.stringify({
    c: b64u(sealed),
    public_key: key,
    proof: await proof(keys, code),
    first_link: hex(link),
    record_sha256: hash,
    next_link: hex(await nextLink(unhex(hex(link)), hash)),
  }),
);
