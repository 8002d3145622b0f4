/**
 * The ways to sign: what a person did in the form and on the pad, as the fields of the record, or what is missing.
 * Each gives {act}, {say: sentence}, {say, input: where to go} or {confirm: act} (a weak drawing the person may keep).
 */
import { line } from "./record.js";
import { TEXT } from "./text.js";

const SHORT = 60;

/** What holds for every way: the statement is ticked and whoever stands in for an official has a name. */
export function missing(form) {
  if (!form.agree.checked) return { say: TEXT.tickFirst, input: form.agree };
  return standsIn(form) && needed(TEXT.typeOwnName, form.on_behalf_name);
}

/** The first of these inputs that is empty, with what to say of it. */
function needed(say, ...inputs) {
  const input = inputs.find(({ value }) => !line(value));
  return input && { say, input };
}

/** The one at the tablet when that is not the official on the page. */
export function behalf(form) {
  if (!standsIn(form)) return undefined;
  const { on_behalf_name: name, on_behalf_position: position, on_behalf_letter_no: letter } = form;
  return line(name.value) ? { name: name.value, position: position.value, letter_no: short(letter.value) } : undefined;
}

const standsIn = (form) => form.on_behalf?.checked;
const short = (value) => line(value, SHORT);

export const WAYS = {
  drawn(form, pad, attempts) {
    const { blank, weak } = pad.judge();
    if (blank) return { say: attempts > 1 ? TEXT.notReadableAgain : TEXT.notReadable };
    const act = { method: "drawn", strokes: pad.encode(), capture: pad.capture(attempts) };
    if (!weak) return { act };
    return attempts > 1 ? { confirm: { ...act, weak: true } } : { say: TEXT.notReadable };
  },

  typed(form) {
    const { typed_name: name } = form;
    return needed(TEXT.typeName, name) || { act: { method: "typed", typed_name: name.value } };
  },

  thumb(form) {
    const { paper_ref: sheet, witness_name: name, witness_position: position } = form;
    const witness = { name: name.value, position: position.value };
    const act = { method: "thumb", paper_ref: short(sheet.value), witnesses: [witness] };
    return needed(TEXT.thumbIncomplete, sheet, name) || { act };
  },

  /** Step 0 asks why, steps 1 and 2 have a witness draw: {next} ends a step, with the witness of step 1. */
  represented(form, pad, attempts, { step, witnesses }) {
    const { assist_reason: reason, helper_name: name, helper_position: position } = form;
    const empty = needed(TEXT.fillReason, reason) || (step && needed(TEXT.fillWitness, name, position));
    if (empty) return empty;
    if (step === 0) return { next: [] };
    if (pad.judge().blank) return { say: TEXT.notReadable };
    const all = [...witnesses, { name: name.value, position: position.value, strokes: pad.encode() }];
    if (step === 1) return { next: all };
    return { act: { method: "represented", assist_reason: reason.value, witnesses: all } };
  },
};
