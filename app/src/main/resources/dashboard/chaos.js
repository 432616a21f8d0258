// Reports of the chaos kit: what was broken on purpose, and whether every promise was kept.

import { find, get, part } from "/ui/api.js";
import { h, s } from "/ui/dom.js";
import { count, duration, number, words } from "/ui/format.js";
import { at, card, empty, json, pill, status, table, when } from "/ui/widgets.js";

const LANE = 26;
const LEFT = 110;
const WIDTH = 1100;

function kind(verdict) {
  return { passed: "ok", failed: "fail", proved_nothing: "warn" }[verdict] ?? "idle";
}

function list(found) {
  return [
    h("div", { class: "head" }, h("h1", {}, "Chaos reports"), h("span", { class: "quiet" }, count(found.reports.length, "report"))),
    h(
      "section",
      { class: "card", "aria-label": "Reports" },
      found.reports.length === 0
        ? empty("No report yet.", "The chaos kit breaks things on purpose and judges whether every promise was kept. A run that writes here appears here:", `planaria chaos run --out ${found.directory}/first`)
        : table(
            "Reports",
            [
              { title: "Report", cell: (row) => [h("a", { class: "name", href: `#/chaos/${part(row.name)}` }, row.title ?? row.name), row.error ? h("span", { class: "small error cut" }, row.error) : h("span", { class: "small quiet cut" }, row.name)] },
              { title: "Verdict", class: "tight", cell: (row) => (row.verdict ? status(row.verdict, kind(row.verdict)) : "") },
              { title: "When", class: "tight", cell: (row) => when(row.started_at) },
              { title: "Took", class: "num wide", cell: (row) => duration(row.took_ms) },
              { title: "Runs", class: "num", cell: (row) => number(row.runs) },
              { title: "Faults met", class: "num", cell: (row) => number(row.hits) },
              { title: "Acknowledged", class: "num wide", cell: (row) => number(row.acknowledged) },
              { title: "Promises broken", class: "num", cell: (row) => number(row.violations) },
            ],
            found.reports,
            (row) => row.name,
          ),
    ),
  ];
}

function hits(run) {
  return run.faults.reduce((sum, fault) => sum + fault.hits, 0);
}

function report(name, found) {
  return [
    h(
      "div",
      { class: "head" },
      h("p", { class: "crumb" }, h("a", { href: "#/chaos" }, "Chaos reports")),
      h("h1", {}, found.title),
      pill(found.verdict, kind(found.verdict)),
      h("p", { class: "sub" }, h("span", {}, at(found.started_at_millis)), h("span", {}, `took ${duration(found.took_millis)}`), h("span", {}, `version ${found.version}`), h("span", {}, `${found.machine.system}, ${count(found.machine.processors, "processor")}`)),
    ),
    h(
      "section",
      { class: "card", "aria-label": "Runs" },
      table(
        "Runs",
        [
          { title: "Experiment", cell: (row) => h("a", { class: "name", href: `#/chaos/${part(name)}/${row.index}` }, row.run.experiment) },
          { title: "Verdict", class: "tight", cell: (row) => status(row.run.verdict, kind(row.run.verdict)) },
          { title: "Seed", class: "num wide", cell: (row) => h("code", {}, String(row.run.seed)) },
          { title: "Faults met", class: "num", cell: (row) => number(hits(row.run)) },
          { title: "Acknowledged", class: "num", cell: (row) => number(row.run.counts.acknowledged) },
          { title: "Unknown", class: "num wide", cell: (row) => number(row.run.counts.unknown) },
          { title: "Longest recovery", class: "num wide", cell: (row) => (row.run.recovery_millis.length > 0 ? duration(Math.max(...row.run.recovery_millis)) : "–") },
          { title: "Broken", class: "num", cell: (row) => number(row.run.violations.length) },
        ],
        found.runs.map((run, index) => ({ run, index })),
        (row) => String(row.index),
      ),
    ),
    found.unfinished.length > 0 ? card("Not run to the end", "", h("ul", { class: "body" }, found.unfinished.map((one) => h("li", {}, `${one.experiment} (seed ${one.seed}): ${one.reason}`)))) : null,
  ].filter(Boolean);
}

function timeline(run) {
  const lanes = [...new Set(run.timeline.map((moment) => moment.lane))];
  const from = Math.min(0, ...run.timeline.map((moment) => moment.at_millis));
  const to = Math.max(run.took_millis, ...run.timeline.map((moment) => moment.at_millis + moment.length_millis));
  const x = (at) => LEFT + ((at - from) / (to - from || 1)) * (WIDTH - LEFT - 10);
  const height = lanes.length * LANE + 26;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (to - from));
  return h(
    "div",
    { class: "drawing", tabindex: "0", role: "region", "aria-label": "Timeline; the list below says the same" },
    s(
      "svg",
      { class: "lanes", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${run.timeline.length} moments in ${lanes.length} lanes` },
      ticks.map((at) => [s("path", { class: "edge", d: `M${x(at)} 4V${height - 22}` }), s("text", { class: "tick", x: x(at), y: height - 7, "text-anchor": at === to ? "end" : "middle" }, duration(Math.max(at, 0)))]),
      lanes.map((lane, index) => s("text", { class: "lane-name", x: 2, y: index * LANE + 20 }, words(lane))),
      run.timeline.map((moment) =>
        s(
          "rect",
          { class: `moment m${lanes.indexOf(moment.lane) % 6}`, x: x(moment.at_millis), y: lanes.indexOf(moment.lane) * LANE + 8, width: Math.max(3, x(moment.at_millis + moment.length_millis) - x(moment.at_millis)), height: 16, rx: 2 },
          s("title", {}, `${duration(Math.max(moment.at_millis, 0))}: ${moment.sentence}`),
        ),
      ),
    ),
  );
}

function single(name, run) {
  return [
    h(
      "div",
      { class: "head" },
      h("p", { class: "crumb" }, h("a", { href: "#/chaos" }, "Chaos reports"), " / ", h("a", { href: `#/chaos/${part(name)}` }, name)),
      h("h1", {}, run.experiment),
      pill(run.verdict, kind(run.verdict)),
      h("p", { class: "sub" }, h("span", {}, `seed ${run.seed}`), h("span", {}, `${count(run.counts.acknowledged, "operation")} acknowledged of ${number(run.counts.sent)} sent`), h("span", {}, `${number(run.counts.unknown)} unknown`)),
    ),
    h(
      "div",
      { class: "stack" },
      run.violations.length > 0
        ? card("Promises broken", "", h("ul", { class: "attention flush" }, run.violations.map((one) => h("li", {}, h("span", { class: "mark" }, status("failed", "fail", "")), h("div", {}, h("strong", {}, words(one.kind)), h("p", { class: "what" }, one.sentence))))))
        : null,
      card("Timeline", "", h("div", { class: "body" }, run.timeline.length === 0 ? empty("Nothing was noted.", "A run notes each fault and each recovery as a moment.") : timeline(run)), count(run.moments, "moment")),
      card(
        "Faults",
        "",
        table(
          "Faults",
          [
            { title: "What was done", cell: (row) => [h("span", { class: "name" }, `${words(row.spec.fault)} of ${words(row.spec.target)}`), json("in full", row.spec)] },
            { title: "Met", class: "num", cell: (row) => number(row.hits) },
          ],
          run.faults,
        ),
      ),
      card("What happened", "", table("What happened", [
        { title: "At", class: "num", cell: (row) => duration(Math.max(row.at_millis, 0)) },
        { title: "Lane", class: "tight", cell: (row) => words(row.lane) },
        { title: "What", cell: (row) => row.sentence },
      ], run.timeline.slice(0, 400))),
      h("section", { class: "card", "aria-label": "Again" }, h("div", { class: "body" }, h("p", { class: "quiet small" }, "The same again:"), h("pre", {}, run.again))),
    ),
  ];
}

function open(to) {
  const [name, index] = to.parts;
  return {
    async draw() {
      if (name === undefined) {
        const found = await find("chaos");
        return found === null ? [h("h1", {}, "Chaos reports"), empty("not available in this build")] : list(found);
      }
      return index === undefined ? report(name, await get(`chaos/${part(name)}`)) : single(name, await get(`chaos/${part(name)}/${part(index)}`));
    },
  };
}

export const page = { name: "chaos", menu: "chaos", title: "Chaos", open };
