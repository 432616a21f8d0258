// The small things that every page is made of.

import { h, s } from "/ui/dom.js";
import { ago, clock, millis, moment, words } from "/ui/format.js";

// A state is told by shape as well as by colour: round is well, a triangle wants a look, a square is
// broken, a ring waits.
const SHAPES = {
  ok: () => s("circle", { class: "shape", cx: 5, cy: 5, r: 4.4 }),
  warn: () => s("path", { class: "shape", d: "M5 .6 9.800 9.300H.2z" }),
  fail: () => s("rect", { class: "shape", x: 0.8, y: 0.8, width: 8.4, height: 8.4, rx: 1 }),
  info: () => s("path", { class: "shape", d: "M5 .4 9.600 5 5 9.600.4 5z" }),
  idle: () => s("circle", { cx: 5, cy: 5, r: 3.6, fill: "none", stroke: "currentColor", "stroke-width": 1.8 }),
};

const KINDS = {
  ok: ["active", "connected", "completed", "ok", "passed", "idle", "held", "success", "verified"],
  info: ["running", "busy", "sync", "sent", "recovering", "initializing", "info", "assigned"],
  warn: [
    "warn", "warning", "heartbeat_timeout", "immediate_reconnect", "exponential_backoff", "periodic_retry",
    "queued", "unknown", "proved_nothing", "unresponsive", "blocked",
  ],
  fail: ["fail", "failed", "quarantined", "offline", "critical", "crashed", "lost", "error"],
};
const KIND_OF = new Map(Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind])));

/** The kind (ok, info, warn, fail, idle) of a state's name. */
export function kindOf(name) {
  return KIND_OF.get(String(name ?? "").toLowerCase()) ?? "idle";
}

/** A shape alone; what it means must stand beside it. */
export function shape(kind) {
  return s("svg", { viewBox: "0 0 10 10", class: kind, "aria-hidden": "true", width: 10, height: 10 }, SHAPES[kind]());
}

/** A state: shape, colour and word. */
export function status(name, kind = kindOf(name), text = words(name)) {
  return h("span", { class: `status ${kind}` }, shape(kind), h("span", {}, text));
}

/** The same, with more weight. */
export function pill(name, kind = kindOf(name), text = words(name)) {
  return h("span", { class: `status pill ${kind}` }, shape(kind), h("span", {}, text));
}

function time(at, text) {
  const known = millis(at);
  return known === null || known === 0 ? h("span", {}, text) : h("time", { datetime: new Date(known).toISOString(), title: moment(at) }, text);
}

/** How long ago something was; the moment itself when it is pointed at. */
export function when(at) {
  return time(at, ago(at));
}

/** The moment of something, in short; in full when it is pointed at. */
export function at(then) {
  return time(then, clock(then));
}

/** A card with a heading. */
export function card(title, width, body, aside) {
  return h(
    "section",
    { class: `card ${width}`, "aria-label": title },
    h("header", {}, h("h2", {}, title), aside ? h("div", { class: "aside" }, aside) : null),
    body,
  );
}

/** Said where this build lacks something. */
export function absent(what) {
  return h("p", { class: "empty absent" }, `${what}: not available in this build`);
}

/** Said where there is nothing: that it is so, and what brings something there. */
export function empty(sentence, how = null, command = null) {
  return h("div", { class: "empty" }, h("p", {}, sentence), how ? h("p", { class: "small" }, how) : null, command ? h("pre", { class: "how" }, command) : null);
}

/** A table. A column is `{title, class?, cell(row), sort?}`; `key(row)` tells rows apart. */
export function table(caption, columns, rows, key) {
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      { class: columns.some((column) => column.class === "act") ? "stacks" : null },
      h("caption", { class: "sr" }, caption),
      h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.class, "aria-sort": column.sorted }, column.title)))),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h("tr", { "data-key": key ? key(row) : null }, columns.map((column) => h("td", { class: column.class ?? "main", "data-label": typeof column.title === "string" ? column.title.toLowerCase() : null }, column.cell(row)))),
        ),
      ),
    ),
  );
}

/** A list of facts. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** One of several, as buttons. */
export function segments(label, choices, chosen, choose) {
  return h(
    "div",
    { class: "segments", role: "group", "aria-label": label },
    choices.map(([value, text]) =>
      h("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => choose(value) }, text),
    ),
  );
}

/** A value of JSON, opened when it is wanted. */
export function json(summary, value) {
  return h("details", {}, h("summary", {}, summary), h("pre", {}, JSON.stringify(value, null, 2)));
}

/** Something that tells a page's visitor what has happened. */
export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), kind === "fail" ? 12_000 : 6_000);
}
