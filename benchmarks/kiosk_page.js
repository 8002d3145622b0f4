/* What benchmarks/tablet.py runs inside a page of the kiosk; each function takes one value and gives plain JSON. */
({
  /**
   * Draw captures by pointer events on a pad of its own.
   * @returns {Promise<{moves: number[], redraws: number[]}>} ms per drawing: mean of its moves; one full redraw
   */
  async pad({ modules, captures }) {
    const { Pad } = await import(modules.pad);
    const canvas = document.createElement("canvas");
    canvas.style.cssText = "position:fixed;left:0;top:0;width:800px;height:320px";
    document.body.append(canvas);
    const pad = new Pad(canvas);
    const send = (name, [clientX, clientY]) =>
      canvas.dispatchEvent(new PointerEvent(name, { clientX, clientY, pointerId: 7, pointerType: "touch", cancelable: true }));
    const timed = (work) => {
      const started = performance.now();
      work();
      return performance.now() - started;
    };
    const found = { moves: [], redraws: [] };
    for (const { strokes } of captures) {
      let [spent, count] = [0, 0];
      for (const stroke of strokes) {
        send("pointerdown", stroke[0]);
        spent += timed(() => stroke.slice(1).forEach((point) => send("pointermove", point)));
        count += stroke.length - 1;
        send("pointerup", stroke[stroke.length - 1]);
      }
      const taken = (stroke, i) => pad.strokes[i] && pad.strokes[i].length > stroke.length / 2;
      if (!strokes.every(taken)) throw new Error("the pad did not take every stroke");
      found.moves.push(spent / count);
      found.redraws.push(timed(() => pad.redraw()));
      pad.clear();
      await new Promise(requestAnimationFrame); // what was painted reaches the screen before the next one draws
    }
    canvas.remove();
    return found;
  },

  /**
   * Encode, build, sign, seal and strictly store one signature per person, as *Selesai* does.
   * @returns {Promise<{times: number[], s1: number[], items: number[]}>} ms, bytes of S1, bytes as sent
   */
  async keep({ modules, paper, people, captures }) {
    const [{ keep }, { encodeCapture }] = [await import(modules.chain), await import(modules.strokes)];
    const found = { times: [], s1: [], items: [] };
    for (const [i, { id, name }] of people.entries()) {
      const { box, strokes } = captures[i];
      const started = performance.now();
      const bytes = encodeCapture(box, strokes);
      const row = await keep({
        kind: "signature",
        declaration: paper.id,
        text_sha256: paper.text_sha256,
        attendee: id,
        source: "roster",
        signatory: { name, category: "pns", position: `Kepala Seksi ${i}`, agency: "Kecamatan Cerme" },
        capacity: "self",
        outcome: "signed",
        agree: true,
        method: "drawn",
        strokes: bytes,
        capture: { ms: 2400, pointer: "touch", box, attempts: 1 },
      });
      found.times.push(performance.now() - started);
      found.s1.push(bytes.length);
      found.items.push(JSON.stringify({ id: row.id, seq: row.seq, kid: row.kid, c: row.c }).length);
    }
    return found;
  },

  /** Called just before the network comes back. @returns {Promise<number>} ms until nothing waits, Infinity after 2 min */
  drained() {
    const started = performance.now();
    return new Promise((resolve) => {
      setTimeout(() => resolve(Infinity), 120000);
      const look = () => document.body.dataset.pending === "0" && resolve(performance.now() - started);
      new MutationObserver(look).observe(document.body, { attributes: true });
    });
  },
})
