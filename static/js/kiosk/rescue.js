/** The file that carries a tablet's records by USB stick: sealed, so it may travel; making it deletes nothing. */
import { ask, putMeta, read } from "./store.js";

/** Notes how far the chain was, so that a forced end can ask for a file that holds everything. */
export async function rescueFile(cfg, now = new Date()) {
  const { head, items } = await read(async (s) => {
    const rows = async (store) => (await ask(s[store].getAll())).map(({ id, seq, kid, c }) => ({ id, seq, kid, c, store }));
    const all = [...(await rows("outbox")), ...(await rows("quarantine")), ...(await rows("sent"))];
    return { head: await ask(s.meta.get("head")), items: all.sort((a, b) => a.seq - b.seq) };
  });
  const file = {
    format: "netralitas-rescue/1",
    event: cfg.event.id,
    device: cfg.device.id,
    app: cfg.app,
    exported_at: now.toISOString(),
    next_seq: head.seq,
    link: head.link,
    items,
  };
  await putMeta("exported", head.seq);
  const day = now.toLocaleString("sv").slice(0, 16).replace(" ", "-").replace(":", ""); // Swedes write 2026-11-22 09:41
  const label = cfg.device.label.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "tablet";
  const name = `penyelamat-${cfg.event.code}-${label}-${day}.json`;
  return new File([JSON.stringify(file)], name, { type: "application/json" });
}
