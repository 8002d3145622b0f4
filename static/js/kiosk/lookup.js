/** Finds a person without ever listing everybody; the same rules as declarations/roster.py. */

const LEAST = 3;
const MOST = 8;

/** Lower case without accents and apostrophes; all that is no letter or digit becomes a blank. */
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/[\p{M}'’‘\u0060ʼ]/gu, "");
  return plain.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** @param {object[]} rows of the roster, in order of precedence */
export class Lookup {
  constructor(rows) {
    this.entries = rows.map((row) => {
      const name = fold(row.name);
      const all = fold(`${row.name} ${row.position} ${row.agency} ${row.village || ""}`);
      return { row, name, names: ` ${name}`, all: ` ${all}` };
    });
  }

  /** @returns {{count: number, rows: object[]}} rows only when they are few enough to be shown */
  find(query) {
    const words = fold(query).split(" ").filter(Boolean);
    if (words.join("").length < LEAST) return shown([]);
    const begins = (text) => words.every((word) => text.includes(` ${word}`));
    const ways = [
      ({ name, names }) => name && begins(names),
      ({ all }) => begins(all),
      ({ name }) => name.includes(words.join(" ")),
    ];
    for (const fits of ways) {
      const found = this.entries.filter(fits);
      if (found.length) return shown(found);
    }
    return shown([]);
  }

  byTicket(ticket) {
    return shown(this.entries.filter(({ row }) => row.ticket === ticket));
  }
}

const shown = (found) => ({ count: found.length, rows: found.length > MOST ? [] : found.map(({ row }) => row) });
