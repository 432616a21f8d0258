// Servers behind Planaria: where each connection stands, and what waits for it.

import { get, part, post } from "/ui/api.js";
import { confirm } from "/ui/dialog.js";
import { h } from "/ui/dom.js";
import { ago, count, millis, number, words } from "/ui/format.js";
import { machine } from "/ui/machine.js";
import { card, empty, status, table, when } from "/ui/widgets.js";

/** Asks whether to connect anew. */
export function reconnect(connection, session, done) {
  confirm({
    title: `Connect ${connection.id} anew?`,
    will: [
      connection.status === "connected"
        ? { loss: "The conversation that is open now is ended first; a call that runs in it may end with an unknown outcome." }
        : `It is tried at once instead of ${connection.next_attempt_at ? ago(connection.next_attempt_at) : "at the next attempt"}.`,
      connection.queued > 0 ? `${count(connection.queued, "call")} that wait are sent in order once it is connected.` : "No call waits for it.",
    ],
    verb: "Connect anew",
    async act(_, id) {
      const said = await post(`upstreams/${part(session)}/${part(connection.id)}/reconnect`, { operation_id: id });
      done();
      if (!said.reconnecting) {
        throw new Error("Nobody has brought this server to the present worker, so there is nothing to connect.");
      }
      return `${connection.id} is being connected.`;
    },
  });
}

/** What can be done with a call by hand. */
export function callActions(call, session, done) {
  const waiting = call.status === "queued" || call.status === "accepted";
  const body = { principal: call.principal, operation_id: call.operation_id };
  const name = call.target ?? call.method;
  const cancel = () =>
    confirm({
      title: `Cancel ${name}?`,
      will: ["It waits, and was never sent: nothing of it has run, and nothing will.", "Whoever asks for it is told that the operator took it back."],
      verb: "Cancel the call",
      danger: true,
      async act(_, id) {
        await post(`sessions/${part(session)}/calls/cancel`, { ...body, action_id: id });
        done();
        return `${name} was taken back.`;
      },
    });
  const retry = () =>
    confirm({
      title: `Send ${name} again?`,
      will: [
        call.class === "read_only" ? "It only reads, so that a second time changes nothing." : { loss: `It may have run already (${count(call.attempts, "time")} sent), and then runs a second time.` },
        "Its arguments are the same, and so is its operation id.",
      ],
      verb: "Send again",
      danger: call.class !== "read_only",
      async act(_, id) {
        await post(`sessions/${part(session)}/calls/retry`, { ...body, action_id: id });
        done();
        return `${name} waits to be sent.`;
      },
    });
  return [
    waiting ? h("button", { type: "button", class: "little", onclick: cancel }, "Cancel") : null,
    call.status === "unknown" ? h("button", { type: "button", class: "little", onclick: retry }, "Send again") : null,
  ];
}

/** Calls as a table. */
export function callTable(caption, calls, session, done) {
  return table(
    caption,
    [
      { title: "Call", cell: (call) => [h("span", { class: "name" }, call.target ?? call.method), call.reason ? h("span", { class: "small quiet cut" }, call.reason) : null] },
      { title: "Server", class: "tight", cell: (call) => call.connection },
      { title: "Status", class: "tight", cell: (call) => status(call.status) },
      { title: "Effect", class: "tight wide", cell: (call) => words(call.class) },
      { title: "Sent", class: "num wide", cell: (call) => number(call.attempts) },
      { title: "Accepted", class: "tight", cell: (call) => when(call.accepted_at) },
      { title: h("span", { class: "sr" }, "Actions"), class: "act", cell: (call) => callActions(call, session, done) },
    ],
    calls,
    (call) => `${call.principal} ${call.operation_id}`,
  );
}

/** How a connection stands, in one line under its name. */
export function standing(row) {
  const parts = [row.reason];
  if (row.attempts > 0) {
    parts.push(count(row.attempts, "attempt"));
  }
  if (row.next_attempt_at) {
    parts.push(millis(row.next_attempt_at) > Date.now() ? `tried again ${ago(row.next_attempt_at)}` : "being tried");
  }
  if (row.lost_since) {
    parts.push(`lost since ${ago(row.lost_since)}`);
  }
  if (row.replay_incomplete) {
    parts.push(`its state cannot be rebuilt: ${row.replay_incomplete}`);
  }
  return parts.filter(Boolean).join(" · ");
}

function open(_, frame) {
  return {
    async draw() {
      const { queues, total, more } = await get("queues");
      const counts = {};
      for (const row of queues) {
        counts[row.status] = (counts[row.status] ?? 0) + 1;
      }
      const waiting = queues.filter((row) => row.calls.length > 0);
      return [
        h("div", { class: "head" }, h("h1", {}, "Connections and queues"), h("span", { class: "quiet" }, count(total, "connection"), more > 0 ? `; the ${number(queues.length)} that want a look first are shown` : "")),
        h(
          "div",
          { class: "grid" },
          h(
            "section",
            { class: "card w7", "aria-label": "Connections" },
            queues.length === 0
              ? empty("No server is in use.", "A server appears here when a client first uses it: one of the file given to planaria up --config, or one that is wrapped:", "planaria wrap -- npx some-mcp-server")
              : table(
                  "Connections",
                  [
                    {
                      title: "Server",
                      cell: (row) => [h("span", { class: "name" }, row.id), " ", h("a", { class: "small", href: `#/session/${part(row.session_id)}/connections` }, row.session), row.problem ? h("span", { class: "small error cut" }, row.problem) : h("span", { class: "small quiet cut" }, standing(row))],
                    },
                    { title: "State", class: "tight", cell: (row) => status(row.status) },
                    { title: "Since", class: "tight wide", cell: (row) => when(row.since) },
                    { title: "Waiting", class: "num", cell: (row) => (row.on_disk ? h("span", { title: "The session is on disk: as many as when it was looked at last" }, number(row.queued)) : number(row.queued)) },
                    { title: h("span", { class: "sr" }, "Actions"), class: "act", cell: (row) => h("button", { type: "button", class: "little", onclick: () => reconnect(row, row.session_id, frame.refresh) }, "Reconnect") },
                  ],
                  queues,
                  (row) => `${row.session_id}/${row.id}`,
                ),
          ),
          card("Where connections stand", "w5", h("div", { class: "body" }, machine(counts, "Connections by state"))),
          waiting.map((row) =>
            card(
              `Queue of ${row.id}`,
              "w12",
              callTable(`Open calls of ${row.id}`, row.calls, row.session_id, frame.refresh),
              row.calls_in_all > row.calls.length ? `${number(row.calls.length)} of ${number(row.calls_in_all)} shown` : row.session,
            ),
          ),
        ),
      ];
    },
    hear: (type) => type === "connection" || type === "session",
  };
}

export const page = { name: "connections", menu: "connections", title: "Connections", open };
