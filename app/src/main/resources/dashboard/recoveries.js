// Recoveries: what happened, how long each phase took, what was replayed and what was lost.

import { get, part } from "/ui/api.js";
import { h } from "/ui/dom.js";
import { ago, count, duration, millis, number, percent, words } from "/ui/format.js";
import { at, card, empty, json, status } from "/ui/widgets.js";

const MOST_ROWS = 60;

/** Phases in the order in which records name them, each with its place among the colours. */
function phasesOf(records) {
  const names = [];
  for (const record of records) {
    for (const name of Object.keys(record.phase_micros)) {
      if (!names.includes(name)) {
        names.push(name);
      }
    }
  }
  return names;
}

function span(record) {
  const took = Object.values(record.phase_micros).reduce((sum, micros) => sum + micros, 0) / 1000;
  const end = millis(record.finished_at);
  return { from: Math.min(millis(record.failed_at) || end, end - took), begin: end - took, end };
}

function segment(kind, from, length, whole, title) {
  return h("i", { class: kind, title, style: { left: `${(from / whole) * 100}%`, width: `${Math.max((length / whole) * 100, 0.2)}%` } });
}

function said(record, names) {
  return names.filter((name) => record.phase_micros[name] !== undefined).map((name) => `${words(name)} ${duration(record.phase_micros[name] / 1000)}`).join(", ");
}

function lost(record) {
  if (record.operations_lost === 0 && record.operations_possibly_lost === 0) {
    return "nothing lost";
  }
  return `${number(record.operations_lost)} lost${record.operations_possibly_lost > 0 ? `, ${number(record.operations_possibly_lost)} more possible` : ""}`;
}

function bar(record, names, start, whole) {
  const { from, begin, end } = span(record);
  let at = begin - start;
  const parts = [];
  if (begin - from >= 1) {
    parts.push(segment("p0", from - start, begin - from, whole, `until this session's turn: ${duration(begin - from)}`));
  }
  names.forEach((name, index) => {
    const length = (record.phase_micros[name] ?? 0) / 1000;
    if (length > 0) {
      parts.push(segment(`p${(index % 8) + 1}`, at, length, whole, `${words(name)}: ${duration(length)}`));
    }
    at += length;
  });
  return h(
    "div",
    { class: "fall", "data-key": `${record.recovery_id} ${record.session_id}` },
    h("span", { class: "who" }, h("a", { href: `#/session/${part(record.session_id)}/recoveries` }, record.session_name)),
    h("span", { class: "lane", role: "img", "aria-label": `${duration(end - from)} in all: ${said(record, names)}` }, parts),
    h("span", { class: "figures" }, record.success ? null : status("failed"), ` ${duration(end - from)} · ${number(record.operations_replayed)} replayed · ${lost(record)}`),
  );
}

/** Sessions' recoveries below each other on one axis of time, which begins with the failure. */
export function waterfall(records) {
  const names = phasesOf(records);
  const spans = records.map(span);
  const start = Math.min(...spans.map((one) => one.from));
  const whole = Math.max(...spans.map((one) => one.end)) - start || 1;
  const shown = [...records].sort((one, other) => span(one).begin - span(other).begin).slice(0, MOST_ROWS);
  return [
    h(
      "div",
      { class: "legend" },
      h("span", {}, h("i", { class: "p0" }), "failure until its turn"),
      names.map((name, index) => h("span", {}, h("i", { class: `p${(index % 8) + 1}` }), words(name))),
      h("span", {}, `axis: ${duration(whole)} from the failure`),
    ),
    h("div", { class: "flush" }, shown.map((record) => bar(record, names, start, whole))),
    records.length > shown.length ? h("p", { class: "small quiet legend" }, `${records.length - shown.length} more sessions are not drawn.`) : null,
  ];
}

/** A session's recovery with everything that is known of it. */
export function recordCard(record) {
  return card(
    `${words(record.failure)}, ${ago(record.finished_at)}`,
    "w12",
    [
      waterfall([record]),
      h(
        "div",
        { class: "body" },
        h(
          "dl",
          { class: "facts" },
          h("dt", {}, "Outcome"), h("dd", {}, status(record.success ? "recovered" : "failed", record.success ? "ok" : "fail"), record.reason ? ` ${record.reason}` : null),
          h("dt", {}, "Strategy"), h("dd", {}, words(record.strategy)),
          h("dt", {}, "Failed"), h("dd", {}, at(record.failed_at)),
          h("dt", {}, "Replayed"), h("dd", {}, `${count(record.operations_replayed, "operation")}${record.checkpoint_id ? ` on checkpoint ${record.checkpoint_id}` : ""}`),
          h("dt", {}, "Lost"), h("dd", {}, `${lost(record)} (${percent(record.data_loss_percent)})`),
          h("dt", {}, "Integrity"), h("dd", {}, `${percent(record.integrity_score * 100)} of the checks passed`),
          record.findings.length > 0 ? [h("dt", {}, "Found"), h("dd", {}, h("ul", {}, record.findings.map((one) => h("li", {}, one))))] : null,
        ),
        json("The whole record", record),
      ),
    ],
    status(record.success ? "success" : "failed", record.success ? "ok" : "fail", record.success ? "recovered" : "failed"),
  );
}

function runCard(run, records, more) {
  const mine = records.filter((record) => record.recovery_id === run.recovery_id);
  // Not all records were read, and of those of this run some may be among the rest.
  const unread = more && mine.length < run.sessions_recovered + run.sessions_failed;
  const loss = mine.reduce((sum, record) => sum + record.operations_lost, 0);
  const replayed = mine.reduce((sum, record) => sum + record.operations_replayed, 0);
  return card(
    `${words(run.failure)}, ${ago(run.detected_at)}`,
    "",
    [
      h(
        "p",
        { class: "small quiet sentence" },
        "Failed ",
        at(run.failed_at),
        ", detected ",
        at(run.detected_at),
        `; ${count(run.sessions_recovered, "session")} recovered`,
        run.sessions_failed > 0 ? `, ${number(run.sessions_failed)} not` : "",
        run.own_sessions_failed > 0 ? h("strong", { class: "error" }, ", and one of the daemon's own not") : run.own_sessions_recovered > 0 ? ", and the daemon's own" : "",
        run.sessions_waiting > 0 ? `, ${number(run.sessions_waiting)} waiting` : "",
        ` in ${duration(run.total_time_ms)}`,
        unread ? "; what was replayed and lost is on the pages of its sessions." : `; ${number(replayed)} operations replayed, ${number(loss)} lost.`,
        run.lost_sessions.length > 0 ? h("strong", { class: "error" }, ` Lost: ${run.lost_sessions.join("; ")}`) : null,
      ),
      mine.length > 0 ? waterfall(mine) : h("p", { class: "empty" }, unread ? "Its records are older than the newest ones that are drawn here." : "No session was active, so that none had to be brought back."),
    ],
    status(run.success ? "success" : "failed", !run.finished ? "info" : run.success ? "ok" : "fail", !run.finished ? "under way" : run.success ? "all recovered" : "not all recovered"),
  );
}

function open() {
  return {
    async draw() {
      const [runs, found] = await Promise.all([get("recoveries"), get("recovery-records")]);
      const known = new Set(runs.map((run) => run.recovery_id));
      const single = found.records.filter((record) => !known.has(record.recovery_id));
      return [
        h("div", { class: "head" }, h("h1", {}, "Recoveries"), h("span", { class: "quiet" }, count(runs.length, "crash", "crashes"))),
        h(
          "div",
          { class: "stack" },
          runs.length + single.length === 0 ? h("section", { class: "card" }, empty("No crash so far, and nobody asked for a recovery.", "When a worker dies, each session that came back appears here, with how long each phase took and what was lost. Recover, on a session's page, asks for one.")) : null,
          found.more ? h("p", { class: "quiet small" }, `The newest ${count(found.records.length, "recovery", "recoveries")} of sessions are drawn, and there are more; a session's own page has all of its recoveries.`) : null,
          runs.slice(0, 20).map((run) => runCard(run, found.records, found.more)),
          single.slice(0, 20).map(recordCard),
        ),
      ];
    },
    hear: (type) => type === "recovery",
  };
}

export const page = { name: "recoveries", menu: "recoveries", title: "Recoveries", open };
