// One session: what stands in it, what it does, and what can be done about it.

import { get, part, query } from "/ui/api.js";
import * as actions from "/ui/actions.js";
import { callTable, reconnect, standing } from "/ui/connections.js";
import { h } from "/ui/dom.js";
import { bytes, count, number, short, words } from "/ui/format.js";
import { taskGraph } from "/ui/graph.js";
import { machine } from "/ui/machine.js";
import { recordCard } from "/ui/recoveries.js";
import { describe } from "/ui/operations.js";
import { at, card, empty, json, pill, status, table, toast, when } from "/ui/widgets.js";

const PAGE = 50;
const CALLS = 200;

function bounded(total, shown, what) {
  return total > shown ? `the newest ${number(shown)} of ${number(total)} ${what}` : null;
}

function progress(task) {
  return h(
    "div",
    { class: "progress", role: "progressbar", "aria-label": `Progress of ${task.description}`, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": task.progress },
    h("i", { style: { width: `${task.progress}%` } }),
  );
}

function tasks(session) {
  const names = new Map(session.agents.map((agent) => [agent.agent_id, agent.name ?? agent.agent_id]));
  const named = session.tasks.map((task) => ({ ...task, assigneeName: names.get(task.assignee) ?? task.assignee }));
  if (named.length === 0) {
    return [h("section", { class: "card" }, empty("No task yet.", "An agent's task_create or task_orchestrate puts one here."))];
  }
  const described = new Map(named.map((task) => [task.task_id, task.description]));
  return [
    card("Tasks and what they wait for", "", h("div", { class: "body" }, taskGraph(named)), bounded(session.counts.tasks, named.length, "tasks")),
    h(
      "section",
      { class: "card", "aria-label": "Tasks" },
      table(
        "Tasks",
        [
          { title: "Task", cell: (task) => [h("span", { class: "name" }, task.description), task.error ? h("span", { class: "small error cut" }, task.error) : null] },
          { title: "Status", class: "tight", cell: (task) => status(task.status) },
          { title: "Progress", class: "tight wide", cell: progress },
          { title: "Agent", class: "tight", cell: (task) => task.assigneeName ?? h("span", { class: "faint" }, "nobody") },
          { title: "Waits for", class: "wide", cell: (task) => h("span", { class: "small quiet" }, task.depends_on.map((id) => short(described.get(id) ?? id, 30)).join("; ")) },
          { title: "Attempts", class: "num wide", cell: (task) => `${number(task.attempts)} of ${number(task.max_attempts)}` },
          { title: "Changed", class: "tight", cell: (task) => when(task.updated_at) },
        ],
        [...named].reverse(),
        (task) => task.task_id,
      ),
    ),
  ];
}

function agents(session) {
  const described = new Map(session.tasks.map((task) => [task.task_id, task.description]));
  return [
    h(
      "section",
      { class: "card", "aria-label": "Agents" },
      session.agents.length === 0
        ? empty("No agent yet.", "An agent appears here by agent_spawn.")
        : table(
            "Agents",
            [
              { title: "Agent", cell: (agent) => [h("span", { class: "name" }, agent.name ?? agent.agent_id), h("code", { class: "faint cut" }, agent.agent_id)] },
              { title: "Type", class: "tight wide", cell: (agent) => agent.type },
              { title: "Status", class: "tight", cell: (agent) => status(agent.status) },
              { title: "Works on", cell: (agent) => (agent.current_task ? (described.get(agent.current_task) ?? agent.current_task) : h("span", { class: "faint" }, "nothing")) },
              { title: "Can", class: "wide", cell: (agent) => agent.capabilities.join(", ") },
              { title: "Heard", class: "tight", cell: (agent) => when(agent.last_heartbeat_at) },
            ],
            session.agents,
            (agent) => agent.agent_id,
          ),
    ),
  ];
}

function memory(session) {
  return [
    h(
      "section",
      { class: "card", "aria-label": "Memory" },
      session.memory.length === 0
        ? empty("Nothing is remembered yet.", "What memory_store keeps appears here.")
        : table(
            "Memory",
            [
              { title: "Key", cell: (entry) => [h("span", { class: "name" }, entry.key), entry.namespace === "default" ? null : h("span", { class: "small quiet cut" }, entry.namespace)] },
              { title: "Value", cell: (entry) => (typeof entry.value === "string" ? h("span", { class: "cut" }, entry.value) : h("code", { class: "cut" }, JSON.stringify(entry.value))) },
              { title: "Version", class: "num wide", cell: (entry) => number(entry.version) },
              { title: "Size", class: "num wide", cell: (entry) => bytes(entry.bytes) },
              { title: "Changed", class: "tight", cell: (entry) => when(entry.updated_at) },
              { title: "Ends", class: "tight wide", cell: (entry) => (entry.expires_at ? when(entry.expires_at) : h("span", { class: "faint" }, "never")) },
            ],
            session.memory,
            (entry) => `${entry.namespace}\n${entry.key}`,
          ),
      session.counts.memory > session.memory.length ? h("p", { class: "legend" }, bounded(session.counts.memory, session.memory.length, "entries")) : null,
    ),
  ];
}

async function connections(session, frame) {
  const { transitions } = await get(`sessions/${part(session.session_id)}/transitions`);
  if (session.connections.length === 0) {
    return [h("section", { class: "card" }, empty("This session uses no server.", "A server appears here when a client of this session first uses it; planaria wrap brings one."))];
  }
  return [
    h(
      "div",
      { class: "grid" },
      session.connections.map((connection) => [
        card(
          connection.id,
          "w6",
          h(
            "div",
            { class: "body stack" },
            h("p", {}, pill(connection.status), " ", h("span", { class: "quiet" }, "since ", when(connection.since), ` · ${words(connection.transport)}, ${words(connection.era)}`)),
            h("p", { class: "quiet small" }, standing(connection)),
            machine({ [connection.status]: 1 }, `State of ${connection.id}`),
          ),
          h("button", { type: "button", class: "little", onclick: () => reconnect(connection, session.session_id, frame.refresh) }, "Reconnect"),
        ),
        card(
          `How ${connection.id} came there`,
          "w6",
          table(
            `Transitions of ${connection.id}`,
            [
              { title: "When", class: "tight", cell: (move) => at(move.at) },
              { title: "From", class: "tight wide", cell: (move) => (move.from ? words(move.from) : "–") },
              { title: "To", class: "tight", cell: (move) => status(move.to) },
              { title: "Why", cell: (move) => h("span", { class: "small" }, move.reason) },
            ],
            transitions.filter((move) => move.connection === connection.id).slice(0, 14),
            (move) => String(move.seq),
          ),
        ),
      ]),
    ),
  ];
}

async function calls(session, frame) {
  const found = (await get(`sessions/${part(session.session_id)}/calls`)).reverse();
  return [
    h(
      "section",
      { class: "card", "aria-label": "Calls" },
      found.length === 0 ? empty("No call went through this session to a server.", "Calls that may change something there appear here, with what became of each; calls that only read are not written down.") : callTable("Calls, newest first", found.slice(0, CALLS), session.session_id, frame.refresh),
      found.length > CALLS ? h("p", { class: "legend" }, bounded(found.length, CALLS, "calls")) : null,
    ),
  ];
}

async function timeline(session, _, place, move) {
  const found = await get(`sessions/${part(session.session_id)}/timeline${query({ limit: PAGE, before: place.before || null })}`);
  return [
    h(
      "section",
      { class: "card", "aria-label": "Timeline" },
      table(
        "Operations, newest first",
        [
          { title: "Seq", class: "num tight", cell: (entry) => number(entry.seq) },
          { title: "When", class: "tight", cell: (entry) => at(entry.time) },
          { title: "What", cell: (entry) => [h("p", {}, h("span", { class: "name" }, words(entry.type)), " ", h("span", { class: "quiet" }, describe(entry))), json("operation", entry)] },
          { title: "By", class: "tight wide", cell: (entry) => entry.principal },
          { title: "Hash", class: "tight wide", cell: (entry) => h("code", { class: "faint", title: entry.hash }, short(entry.hash, 10)) },
        ],
        found.entries,
        (entry) => String(entry.seq),
      ),
      h(
        "div",
        { class: "pager" },
        h("span", {}, `${count(found.head, "operation")} in all`),
        h("button", { type: "button", class: "little push", disabled: !place.before, onclick: () => move(0) }, "Newest"),
        h("button", { type: "button", class: "little", disabled: found.before === 0, onclick: () => move(found.before) }, "Older"),
      ),
    ),
  ];
}

async function checkpoints(session, frame) {
  const found = await get(`sessions/${part(session.session_id)}/checkpoints`);
  const button = (text, act) => h("button", { type: "button", class: "little", onclick: act }, text);
  return [
    h(
      "section",
      { class: "card", "aria-label": "Checkpoints" },
      found.length === 0
        ? empty("No checkpoint yet.", "One is taken within minutes of the first operation; the button Checkpoint takes one now.")
        : table(
            "Checkpoints, newest first",
            [
              { title: "At operation", class: "num", cell: (one) => number(one.seq) },
              { title: "Label", cell: (one) => (one.label ? h("span", { class: "name" }, one.label) : h("span", { class: "faint" }, "automatic")) },
              { title: "Kind", class: "tight wide", cell: (one) => words(one.kind) },
              { title: "Size", class: "num wide", cell: (one) => bytes(one.bytes) },
              { title: "Read back", class: "tight", cell: (one) => (one.verified ? status("verified") : status("not yet", "idle")) },
              { title: "Taken", class: "tight", cell: (one) => when(one.created_at) },
              {
                title: h("span", { class: "sr" }, "Actions"),
                class: "act",
                cell: (one) => [button("Restore", () => actions.restore(session, one, frame.refresh)), " ", button("Fork", () => actions.fork(session, one))],
              },
            ],
            found,
            (one) => one.checkpoint_id,
          ),
    ),
  ];
}

async function recoveries(session) {
  const found = await get(`sessions/${part(session.session_id)}/recoveries`);
  return [h("div", { class: "stack" }, found.length === 0 ? h("section", { class: "card" }, empty("This session never had to be recovered.", "When a crash or damage has met it, what came back and what was lost appears here.")) : found.slice(0, 20).map(recordCard))];
}

const TABS = [
  ["tasks", "Tasks", tasks, "tasks"],
  ["agents", "Agents", agents, "agents"],
  ["memory", "Memory", memory, "memory"],
  ["connections", "Connections", connections, "connections"],
  ["calls", "Calls", calls, "calls"],
  ["timeline", "Timeline", timeline, null],
  ["checkpoints", "Checkpoints", checkpoints, null],
  ["recoveries", "Recoveries", recoveries, null],
];

function head(session, frame) {
  const { receipt } = session;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(receipt));
      toast("The receipt was copied; session_status tells whether the session still holds it.");
    } catch {
      toast(JSON.stringify(receipt));
    }
  };
  const button = (text, act) => h("button", { type: "button", onclick: act }, text);
  return h(
    "div",
    { class: "head" },
    h("p", { class: "crumb" }, h("a", { href: "#/sessions" }, "Sessions")),
    h("h1", {}, session.name),
    pill(session.status),
    h(
      "div",
      { class: "actions" },
      button("Checkpoint", () => actions.checkpoint(session, frame.refresh)),
      button("Fork", () => actions.fork(session, null)),
      button("Recover", () => actions.recover(session, frame.refresh)),
    ),
    h(
      "p",
      { class: "sub" },
      h("span", { class: "copy" }, `operation ${number(receipt.seq)}`, h("code", { title: receipt.hash }, short(receipt.hash, 12)), h("button", { type: "button", class: "little plain", onclick: copy }, "Copy receipt")),
      h("span", {}, "begun ", when(session.created_at)),
      h("span", {}, "changed ", when(session.updated_at)),
      h("span", {}, `${words(session.configuration.topology)}, ${session.configuration.strategy ?? "no strategy"}`),
      session.parent_session_id ? h("span", {}, "forked from ", h("a", { href: `#/session/${part(session.parent_session_id)}` }, short(session.parent_session_id, 13))) : null,
      h("code", { class: "faint" }, session.session_id),
    ),
  );
}

function tabBar(session, chosen) {
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "Parts of the session" },
    TABS.map(([name, title, , counted]) =>
      h(
        "a",
        { role: "tab", id: `tab-${name}`, "aria-selected": String(name === chosen), "aria-controls": "part", href: `#/session/${part(session.session_id)}/${name}` },
        title,
        counted ? h("span", { class: "n" }, number(session.counts[counted])) : null,
      ),
    ),
  );
}

function open(to, frame) {
  const id = to.parts[0] ?? "";
  const place = { tab: to.parts[1] ?? "tasks", before: 0 };
  let present = null;
  return {
    async draw() {
      const session = await get(`sessions/${part(id)}/page`);
      present = session;
      const [name, title, body] = TABS.find(([one]) => one === place.tab) ?? TABS[0];
      const drawn = await body(session, frame, place, (before) => {
        place.before = before;
        frame.refresh();
      });
      return [
        head(session, frame),
        tabBar(session, name),
        h("div", { id: "part", class: "stack", role: "tabpanel", "aria-labelledby": `tab-${name}`, "data-key": name, "data-title": title }, drawn),
      ];
    },
    title: () => present?.name ?? "Session",
    keeps: (next) => next.parts[0] === id,
    move(next) {
      requestAnimationFrame(() => document.getElementById(`tab-${place.tab}`)?.scrollIntoView({ block: "nearest", inline: "center" }));
      place.tab = next.parts[1] ?? "tasks";
      place.before = 0;
    },
    hear(type, data) {
      if (type === "session") {
        return data.moved !== undefined || data.session_id === present?.session_id;
      }
      return type === "recovery" || (type === "connection" && data.session_id === present?.session_id);
    },
  };
}

export const page = { name: "session", menu: "sessions", title: "Session", open };
