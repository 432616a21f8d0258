// Values as people read them. Nothing here knows of pages.

const DASH = "–";
const NUMBER = new Intl.NumberFormat("en");

/** A time of the API (Unix milliseconds or ISO 8601) in Unix milliseconds, or null. */
export function millis(time) {
  if (time === null || time === undefined || time === "") {
    return null;
  }
  const parsed = typeof time === "number" ? time : Date.parse(time);
  return Number.isNaN(parsed) ? null : parsed;
}

/** A number with separators; a dash for none. */
export function number(value) {
  return typeof value === "number" ? NUMBER.format(value) : DASH;
}

/** A number with few digits behind the point. */
export function decimal(value, digits = 1) {
  return typeof value === "number"
    ? value.toLocaleString("en", { maximumFractionDigits: digits })
    : DASH;
}

/** A share from 0 to 1 in percent; never rounded up to a whole that it is not. */
export function share(value, digits = 2) {
  return typeof value === "number" ? percent(value * 100, digits) : DASH;
}

/** A number of percent; never rounded up to 100, nor down to 0. */
export function percent(value, digits = 2) {
  if (typeof value !== "number") {
    return DASH;
  }
  const step = 10 ** digits;
  let shown = Math.round(value * step) / step;
  if (shown === 100 && value < 100) {
    shown = 100 - 1 / step;
  } else if (shown === 0 && value > 0) {
    shown = 1 / step;
  }
  return `${shown.toLocaleString("en", { maximumFractionDigits: digits })} %`;
}

/** A length of time in milliseconds, in its largest fitting unit. */
export function duration(ms) {
  if (typeof ms !== "number") {
    return DASH;
  }
  if (ms === 0) {
    return "0 s";
  }
  if (ms < 1) {
    return `${Math.round(ms * 1000)} µs`;
  }
  if (ms < 1000) {
    return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  }
  const minutes = seconds / 60;
  if (minutes < 60) {
    return `${Math.floor(minutes)} min ${Math.floor(seconds % 60)} s`;
  }
  const hours = minutes / 60;
  return hours < 48 ? `${Math.floor(hours)} h ${Math.floor(minutes % 60)} min` : `${Math.floor(hours / 24)} d`;
}

/** How long ago something was. */
export function ago(time, now = Date.now()) {
  const at = millis(time);
  if (at === null || at === 0) {
    return "never";
  }
  const past = now - at;
  if (past < -1500) {
    return `in ${duration(-past)}`;
  }
  return past < 1500 ? "just now" : `${duration(past)} ago`;
}

/** A time of day, with the day unless it is today. */
export function clock(time) {
  const at = millis(time);
  if (at === null || at === 0) {
    return DASH;
  }
  const date = new Date(at);
  const day = date.toDateString() === new Date().toDateString();
  const text = date.toLocaleTimeString("en-GB");
  return day ? text : `${date.toLocaleDateString("en-CA")} ${text}`;
}

/** A moment in full, for whoever compares it with a log. */
export function moment(time) {
  const at = millis(time);
  if (at === null || at === 0) {
    return DASH;
  }
  const date = new Date(at);
  return `${date.toLocaleDateString("en-CA")} ${date.toLocaleTimeString("en-GB", { timeZoneName: "short" })}`;
}

/** A number of bytes. */
export function bytes(count) {
  if (typeof count !== "number") {
    return DASH;
  }
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** A word of the API (`EXPONENTIAL_BACKOFF`) as a reader would write it. */
export function words(name) {
  return name === null || name === undefined ? DASH : String(name).toLowerCase().replaceAll("_", " ");
}

/** One thing, or several. */
export function count(value, one, several = `${one}s`) {
  return `${number(value)} ${value === 1 ? one : several}`;
}

/** The first characters of something long. */
export function short(text, most = 12) {
  const all = String(text ?? "");
  return all.length > most ? `${all.slice(0, most)}…` : all;
}
