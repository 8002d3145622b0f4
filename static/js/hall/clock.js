/** Hours as people here write them: 09.12 WIB. */

const NAMES = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const HOURS = { "Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9 };

export function zoneName(zone) {
  return NAMES[zone] || "";
}

/** "09.12" in the zone of the event; Indonesia has no summer time. */
export function hour(moment, zone) {
  const local = shifted(moment, zone);
  return local ? `${two(local.getUTCHours())}.${two(local.getUTCMinutes())}` : "";
}

export function hourWithZone(moment, zone) {
  const words = hour(moment, zone);
  return words && `${words} ${zoneName(zone)}`.trim();
}

/** The moment that "09.12", "9:12" or "0912" means: on the day of `now` in the zone; null when that lies ahead. */
export function momentOf(text, zone, now) {
  const [, hours, minutes] = (/^(\d{1,2})[.:,]?(\d{2})$/.exec(text) || []).map(Number);
  const local = shifted(now, zone);
  if (!local || !(hours < 24 && minutes < 60)) return null;
  if (local.getUTCHours() === hours && local.getUTCMinutes() === minutes) return new Date(now);
  local.setUTCHours(hours, minutes, 0, 0);
  const moment = new Date(local.getTime() - HOURS[zone] * 3600000);
  return moment > new Date(now) ? null : moment;
}

function shifted(moment, zone) {
  const time = moment instanceof Date ? moment.getTime() : typeof moment === "number" ? moment : Date.parse(moment);
  return Number.isFinite(time) ? new Date(time + (HOURS[zone] ?? 7) * 3600000) : null;
}

function two(number) {
  return String(number).padStart(2, "0");
}
