/** Who is on the roster and who is on record already, in memory for quick answers; people.js keeps it. */
import { Lookup } from "./lookup.js";
import { load, ticketIn } from "./people.js";
import { ask, write } from "./store.js";
import { post } from "./words.js";

export class Register {
  constructor() {
    Object.assign(this, { rows: [], papers: [] });
  }

  async load() {
    const { state, rows, done } = await load();
    const order = ({ precedence = 9999 }) => precedence;
    this.rows = rows.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
    const { papers, event } = state || { papers: [] };
    Object.assign(this, { done, papers, event, lookup: new Lookup(rows) });
  }

  row(id) {
    return this.rows.find((row) => row.id === id);
  }

  /** A name, or what the scanner read from an invitation. */
  async search(query, open) {
    const ticket = await ticketIn(query);
    const { count, rows } = ticket ? this.lookup.byTicket(ticket) : this.lookup.find(query);
    return { count, hits: rows.map((row) => this.hit(row, open)), isTicket: Boolean(ticket) };
  }

  /** As the screens show it: a time when every open paper of the person is on record, never an outcome. */
  hit(row, open) {
    const taken = this.papersOf(row, open).map((paper) => this.done.get(`${paper.id}|${row.id}`));
    return { ...row, done: (taken.every(Boolean) && taken.at(-1)?.at) || "" };
  }

  papersOf({ declarations }, open) {
    return this.papers.filter((paper) => declarations.includes(paper.id) && open(paper));
  }

  person(id, open) {
    const row = this.row(id);
    return row && { ...row, papers: this.papersOf(row, open).filter((paper) => !this.done.has(`${paper.id}|${id}`)) };
  }

  precedence(open) {
    const hits = this.rows.map((row) => this.hit(row, open));
    return [...hits.filter((hit) => !hit.done), ...hits.filter((hit) => hit.done)];
  }

  /** The row that takes the name off the list as soon as the record is stored: which paper, whose, when; not what. */
  taken({ kind, declaration, attendee }, at) {
    return kind === "signature" ? [{ key: `${declaration}|${attendee}`, at, waits: true }] : [];
  }

  async note(fields, done, { id, seq }) {
    done.forEach((item) => this.done.set(item.key, { ...item, id, seq }));
    if (fields.source === "walk_in" && !this.row(fields.attendee)) await this.remember(fields);
  }

  /** Somebody who was on no list is found again on this tablet, also before the server has heard of them. */
  async remember({ attendee, signatory }) {
    const papers = this.papers.filter(({ kind }) => kind !== "mou").map((paper) => paper.id);
    const row = { position: "", agency: "", ...signatory, id: attendee, declarations: papers, local: true };
    await write(({ roster }) => ask(roster.put(row)));
    await this.load();
  }

  /** Signatures of this tablet that staff may still take back, the newest first. */
  voidable() {
    const titles = new Map(this.papers.map((paper) => [paper.id, paper.title]));
    const mine = Array.from(this.done.values()).filter(({ id }) => id);
    return mine.sort((a, b) => b.seq - a.seq).map(({ id, key, at }) => {
      const [paper, attendee] = key.split("|");
      const row = this.row(attendee) || {};
      const title = titles.get(paper) || "";
      return { id, at, name: row.name || post(row) || title, title: row.name ? title : "" };
    });
  }

  /** A signature taken back frees the name, for this tablet at once. */
  freed(id) {
    const found = Array.from(this.done.values()).find((item) => item.id === id);
    return found ? [{ key: found.key, at: found.at, free: true, waits: true }] : [];
  }

  forgetDone([{ key }]) {
    this.done.delete(key);
  }
}
