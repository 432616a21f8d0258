// The state machine of connections, with the state lit in which one is.

import { s } from "/ui/dom.js";
import { words } from "/ui/format.js";
import { kindOf } from "/ui/widgets.js";

const W = 138;
const H = 34;

const PLACES = {
  connected: [10, 12],
  heartbeat_timeout: [200, 12],
  immediate_reconnect: [390, 12],
  exponential_backoff: [390, 92],
  sync: [10, 92],
  offline: [390, 172],
  periodic_retry: [200, 172],
};

// What may become what; the arrows' ways, and nothing else, are a matter of taste.
const MOVES = [
  ["connected", "heartbeat_timeout", "M148 29H194"],
  ["heartbeat_timeout", "immediate_reconnect", "M338 29H384"],
  ["connected", "immediate_reconnect", "M79 12V4H459V6"],
  ["immediate_reconnect", "exponential_backoff", "M459 46V86"],
  ["exponential_backoff", "offline", "M459 126V166"],
  ["immediate_reconnect", "sync", "M390 40C330 62 230 66 152 98"],
  ["exponential_backoff", "sync", "M390 109H154"],
  ["offline", "periodic_retry", "M390 182H344"],
  ["periodic_retry", "offline", "M338 196H384"],
  ["periodic_retry", "sync", "M200 184C150 184 110 170 92 132"],
  ["sync", "connected", "M79 92V52"],
  ["sync", "immediate_reconnect", "M148 96C220 76 320 58 386 38"],
  ["sync", "exponential_backoff", "M148 116H384"],
  ["sync", "offline", "M130 126C170 158 300 150 386 176"],
  ["immediate_reconnect", "offline", "M528 29H546V189H534"],
];

/** The drawing. `counts` is how many connections are in each state; those with any are lit. */
export function machine(counts, label) {
  const lit = Object.keys(counts).filter((state) => counts[state] > 0);
  const several = Object.values(counts).reduce((sum, one) => sum + one, 0) > 1;
  return s(
    "svg",
    { viewBox: "0 0 556 214", class: "machine", role: "img", "aria-label": `${label}: ${lit.map((state) => `${several ? `${counts[state]} ` : ""}${words(state)}`).join(", ") || "none"}` },
    s(
      "defs",
      {},
      s("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, s("path", { class: "arrow", d: "M0 .8 7.500 4 0 7.200z" })),
    ),
    MOVES.map(([, , d]) => s("path", { class: "edge", d, "marker-end": "url(#tip)" })),
    Object.entries(PLACES).map(([state, [x, y]]) => {
      const kind = { ok: "", info: "" }[kindOf(state)] ?? kindOf(state);
      return s(
        "g",
        { class: `node ${lit.includes(state) ? `lit ${kind}` : ""}` },
        s("rect", { x, y, width: W, height: H, rx: 8 }),
        s("text", { x: x + W / 2, y: y + 21, "text-anchor": "middle" }, words(state) + (several && counts[state] > 0 ? ` (${counts[state]})` : "")),
      );
    }),
  );
}
