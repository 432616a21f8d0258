// The state machine of connections, with the state lit in which one is.

import { s } from "/ui/dom.js";
import { words } from "/ui/format.js";
import { kindOf } from "/ui/widgets.js";

const W = 138;
const H = 34;

const PLACES = {
  connected: [10, 24],
  heartbeat_timeout: [204, 24],
  immediate_reconnect: [398, 24],
  exponential_backoff: [398, 102],
  sync: [10, 102],
  offline: [398, 180],
  periodic_retry: [204, 180],
};

// What may become what, and in both directions where the last one says so; the lines' ways are a
// matter of taste.
const MOVES = [
  ["connected", "heartbeat_timeout", "M148 41H203"],
  ["heartbeat_timeout", "immediate_reconnect", "M342 41H397"],
  ["connected", "immediate_reconnect", "M79 24V8H467V23"],
  ["immediate_reconnect", "exponential_backoff", "M467 58V101"],
  ["exponential_backoff", "offline", "M467 136V179"],
  ["immediate_reconnect", "sync", "M398 52C330 72 240 80 149 108", true],
  ["exponential_backoff", "sync", "M398 119H149", true],
  ["offline", "periodic_retry", "M398 197H343", true],
  ["periodic_retry", "sync", "M204 197C140 197 100 176 92 137"],
  ["sync", "connected", "M79 102V59"],
  ["sync", "offline", "M149 130C220 150 320 160 397 186"],
  ["immediate_reconnect", "offline", "M536 41H550V197H537"],
];

/** The drawing. `counts` is how many connections are in each state; those with any are lit. */
export function machine(counts, label) {
  const lit = Object.keys(counts).filter((state) => counts[state] > 0);
  const several = Object.values(counts).reduce((sum, one) => sum + one, 0) > 1;
  return s(
    "svg",
    { viewBox: "0 0 560 222", class: "machine", role: "img", "aria-label": `${label}: ${lit.map((state) => `${several ? `${counts[state]} ` : ""}${words(state)}`).join(", ") || "none"}` },
    s(
      "defs",
      {},
      s("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, s("path", { class: "arrow", d: "M0 .8 7.500 4 0 7.200z" })),
    ),
    MOVES.map(([, , d, both]) => s("path", { class: "edge", d, "marker-end": "url(#tip)", "marker-start": both ? "url(#tip)" : null })),
    Object.entries(PLACES).map(([state, [x, y]]) => {
      const kind = { ok: "", info: "" }[kindOf(state)] ?? kindOf(state);
      return s(
        "g",
        { class: `node ${lit.includes(state) ? `lit ${kind}` : ""}` },
        s("rect", { x, y, width: W, height: H, rx: 8 }),
        s("text", { x: x + W / 2, y: y + 21, "text-anchor": "middle" }, words(state)),
        several && counts[state] > 0 ? [s("circle", { class: "count", cx: x + W - 2, cy: y + 2, r: 9 }), s("text", { class: "counted", x: x + W - 2, y: y + 6, "text-anchor": "middle" }, counts[state])] : [],
      );
    }),
  );
}
