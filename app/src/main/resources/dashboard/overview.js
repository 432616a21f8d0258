// What an operator wants to know first: is anything wrong, and how well does it go.

import { find, get, part } from "/ui/api.js";
import { chart } from "/ui/chart.js";
import { standing } from "/ui/connections.js";
import { h } from "/ui/dom.js";
import { count, decimal, duration, number, percent, share, words } from "/ui/format.js";
import { absent, card, empty, kindOf, segments, shape, status, when } from "/ui/widgets.js";

const FIRST_SAMPLE = "The first comes ten seconds after a worker has begun.";
const WINDOWS = [["1h", "1 h"], ["24h", "24 h"], ["30d", "30 d"]];

function item(kind, title, what, side, href) {
  return { kind, title, what, side, href };
}

function attention(overview, connections, alerts) {
  const items = [];
  const told = new Set();
  for (const alert of alerts?.alerts ?? []) {
    if (alert.state === "firing") {
      const kind = { critical: "fail", warning: "warn" }[alert.severity] ?? "info";
      told.add(`${alert.subject?.session_id} ${alert.subject?.server ?? ""}`);
      items.push(item(kind, alert.message, alert.what_to_do, alert.acknowledged ? "acknowledged" : when(alert.since_at), "#/alerts"));
    }
  }
  for (const session of overview.quarantined.filter((one) => !told.has(`${one.session_id} `))) {
    items.push(
      item("fail", `Session ${session.name} is quarantined`, "It can be read, and not changed, until somebody decides what becomes of it.", "", `#/session/${part(session.session_id)}/recoveries`),
    );
  }
  for (const connection of connections.filter((one) => !told.has(`${one.session_id} ${one.id}`))) {
    const kind = kindOf(connection.status);
    if (kind !== "ok" && kind !== "info") {
      items.push(
        item(
          connection.status === "offline" || connection.lost_since ? "fail" : "warn",
          `${connection.id} of ${connection.session ?? "a session"}: ${words(connection.status)}`,
          `${standing(connection)}. Reconnect, on the page of connections, tries at once.`,
          connection.queued > 0 ? `${count(connection.queued, "call")} waiting` : when(connection.since),
          "#/connections",
        ),
      );
    }
  }
  for (const run of overview.runs) {
    if (!run.success && run.finished) {
      const failed = run.sessions_failed > 0 ? count(run.sessions_failed, "session") : run.own_sessions_failed > 0 ? "a session of the daemon's own" : "everything";
      items.push(item("fail", `A recovery could not bring back ${failed}`, run.lost_sessions.join("; "), when(run.detected_at), "#/recoveries"));
    } else if (!run.finished) {
      items.push(item("info", `A recovery is under way: ${count(run.sessions_waiting, "session")} waiting`, `after ${words(run.failure)}`, when(run.detected_at), "#/recoveries"));
    }
  }
  const order = { fail: 0, warn: 1, info: 2 };
  return items.sort((one, other) => order[one.kind] - order[other.kind]);
}

const SPOKEN = { fail: "broken", warn: "wants a look", info: "for your information" };

function attentionCard(items) {
  const body =
    items.length === 0
      ? h("p", { class: "calm" }, shape("ok"), "Nothing needs your attention.")
      : h(
          "ul",
          { class: "attention flush" },
          items.slice(0, 12).map((one) =>
            h(
              "li",
              {},
              h("span", { class: "mark" }, shape(one.kind), h("span", { class: "sr" }, SPOKEN[one.kind])),
              h("div", {}, h("strong", {}, h("a", { href: one.href }, one.title)), one.what ? h("p", { class: "what" }, one.what) : null),
              h("span", { class: "side" }, one.side),
            ),
          ),
        );
  return card("Needs attention", "w8", body, items.length > 12 ? `${items.length - 12} more` : null);
}

function tile(title, value, note) {
  const none = value === "–";
  return h("dl", { class: "tile" }, h("dt", {}, title), h("dd", { class: none ? "none" : null }, none ? "no sample" : value, h("div", { class: "note" }, note)));
}

function kpiCard(kpis, chosen, choose) {
  const aside = segments("Window of the figures", WINDOWS, chosen, choose);
  if (kpis === null) {
    return card("How well it goes", "w12", absent("KPIs"), aside);
  }
  const k = kpis.windows[chosen];
  const validated = k.integrity_validation_success_rate;
  return card(
    "How well it goes",
    "w12",
    h(
      "div",
      { class: "tiles" },
      tile("Availability", share(k.availability, 3), k.seconds_observed === null ? "" : `${duration((k.seconds_observed ?? 0) * 1000)} observed`),
      tile("Recoveries that succeed", share(k.recovery_success_rate), count(k.recoveries ?? 0, "recovery", "recoveries")),
      tile("Time to recovery, mean", duration(k.mean_time_to_recovery_ms), `p95 ${duration(k.recovery_time_p95_ms)}, p99 ${duration(k.recovery_time_p99_ms)}`),
      tile("Data lost", percent(k.data_loss_percent, 3), `${number(k.operations_lost)} of ${count(k.operations_acknowledged ?? 0, "operation")}`),
      tile("Integrity checks passed", share(validated), `${count(k.checksum_failures ?? 0, "checksum failure")}`),
      tile("Detection accuracy", share(k.detection_accuracy), `${number(k.missed)} missed, ${number(k.false_positives)} false`),
    ),
    aside,
  );
}

function statuses(counts, none) {
  const entries = Object.entries(counts);
  return entries.length === 0
    ? h("p", { class: "quiet" }, none)
    : h("dl", { class: "facts" }, entries.map(([name, total]) => [h("dt", {}, status(name)), h("dd", { class: "num" }, number(total))]));
}

function lastRecovery(run) {
  if (run === undefined) {
    return empty("No crash so far: there was nothing to recover.", "When the worker dies, what came back and how long that took appears here.");
  }
  return h(
    "dl",
    { class: "facts body" },
    h("dt", {}, "What"), h("dd", {}, words(run.failure), ", ", when(run.detected_at)),
    h("dt", {}, "Outcome"), h("dd", {}, status(run.success ? "success" : "failed", run.success ? "ok" : "fail", run.finished ? (run.success ? "recovered" : "not all recovered") : "under way")),
    h("dt", {}, "Sessions"), h("dd", {}, `${number(run.sessions_recovered)} recovered, ${number(run.sessions_failed)} not${run.own_sessions_failed > 0 ? ", and one of the daemon's own not" : ""}`),
    h("dt", {}, "Took"), h("dd", {}, duration(run.total_time_ms)),
  );
}

function open(_, frame) {
  let chosen = "24h";
  const load = chart({ label: "Operations per second", unit: (value) => decimal(value, 1), waiting: FIRST_SAMPLE });
  const memory = chart({ label: "Memory in use", unit: (value) => `${decimal(value, 0)} MiB`, waiting: FIRST_SAMPLE });
  return {
    async draw() {
      const [overview, kpis, alerts, connections, health, history] = await Promise.all([
        get("overview"), find("kpis"), find("alerts"), get("upstreams"), find("health"), get("history"),
      ]);
      const rates = history.operations_per_second;
      const newest = rates.at(-1);
      load.show(history.at, rates, rates.length === 0 ? "No figures yet." : `Now ${decimal(newest)} operations per second, at most ${decimal(Math.max(...rates))} in the last hour.`);
      const heap = history.heap_bytes.map((value) => value / 1048576);
      memory.show(history.at, heap, heap.length === 0 ? "No figures yet." : `Now ${decimal(heap.at(-1), 0)} MiB.`);
      return [
        h("div", { class: "head" }, h("h1", {}, "Overview"), health ? status(health.status, wellness(health.status), { ok: "healthy", unknown: "not all known", warn: "wants a look", fail: "unhealthy" }[health.status] ?? "not known yet") : null),
        h(
          "div",
          { class: "grid" },
          attentionCard(attention(overview, connections, alerts)),
          card("Last recovery", "w4", lastRecovery(overview.runs[0]), h("a", { href: "#/recoveries" }, "all")),
          kpiCard(kpis, chosen, (value) => {
            chosen = value;
            frame.refresh();
          }),
          card("Operations per second", "w6", h("div", { class: "body" }, load.node), rates.length === 0 ? null : `now ${decimal(newest)}`),
          card("Memory of the worker", "w6", h("div", { class: "body" }, memory.node), heap.length === 0 ? null : `now ${decimal(heap.at(-1), 0)} MiB`),
          card("Sessions", "w6", h("div", { class: "body" }, statuses(overview.sessions_by_status, "No session yet. A client that connects to /mcp begins one.")), h("a", { href: "#/sessions" }, `${number(overview.sessions)} in all, ${number(overview.resident_sessions)} in memory`)),
          card("Connections", "w6", h("div", { class: "body" }, statuses(overview.connections_by_status, "No server is in use.")), h("a", { href: "#/connections" }, `${count(overview.queued, "call")} waiting`)),
          healthCard(health),
        ),
      ];
    },
    hear: (type) => ["recovery", "connection", "alert", "kpis"].includes(type),
    leave() {
      load.leave();
      memory.leave();
    },
  };
}

/** What nobody has looked at yet is no warning. */
function wellness(named) {
  return named === "unknown" ? "idle" : kindOf(named);
}

function healthCard(health) {
  if (health === null) {
    return card("Health", "w12", absent("Health"));
  }
  const row = (name, one, side) =>
    h(
      "li",
      {},
      h("span", { class: "mark" }, shape(wellness(one.status)), h("span", { class: "sr" }, one.status)),
      h("div", {}, h("strong", {}, words(name)), h("p", { class: "what" }, one.reason)),
      h("span", { class: "side" }, side),
    );
  return card(
    "Health",
    "w12",
    h(
      "ul",
      { class: "attention flush halves" },
      health.components.map((one) => row(one.component, one, one.trend === "unknown" ? "" : one.trend)),
      health.risks.map((one) => row(one.risk, one, one.unit === "ratio" ? `${share(one.value)} of ${share(one.limit)}` : `${decimal(one.value)} of ${decimal(one.limit)} ${one.unit ?? ""}`)),
    ),
  );
}

export const page = { name: "", menu: "", title: "Overview", open };
