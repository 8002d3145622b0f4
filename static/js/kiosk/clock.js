/** How far the tablet's clock is from the server's: the median of three questions. */
import { call } from "./net.js";
import { putMeta } from "./store.js";

/** @returns {Promise<{offset: number, at: number}|null>} server − device in ms and when, as stored; null: no answer */
export async function measureClock(token) {
  const found = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const t0 = Date.now();
    const { kind, reply } = await call("time", { body: { t0 }, token, timeout: 5000 });
    if (kind === "ok") found.push(Date.parse(reply.server_time) - (t0 + Date.now()) / 2);
  }
  if (!found.length) return null;
  const offset = Math.round(found.sort((a, b) => a - b)[found.length >> 1]);
  const measured = { offset, at: Date.now() };
  await putMeta("clock", measured);
  return measured;
}
