// All sessions. The daemon searches and sorts; a page of them is all that ever travels.

import { get, part, query } from "/ui/api.js";
import { h } from "/ui/dom.js";
import { count, number, words } from "/ui/format.js";
import { empty, status, table, when } from "/ui/widgets.js";

const LIMIT = 50;
const TYPING_MILLIS = 180;

function open(to, frame) {
  const wanted = { q: to.search.get("q") ?? "", status: to.search.get("status") ?? "", sort: "created", order: "descending", offset: 0 };
  let typing = 0;

  function change(changes) {
    Object.assign(wanted, { offset: 0 }, changes);
    frame.refresh();
  }

  function sorter(title, sort) {
    const on = wanted.sort === sort;
    const next = on && wanted.order === "descending" ? "ascending" : "descending";
    return h("button", { type: "button", onclick: () => change({ sort, order: on ? next : sort === "name" ? "ascending" : "descending" }) }, title, on ? (wanted.order === "descending" ? " ↓" : " ↑") : "");
  }

  function columns() {
    const sorted = (sort) => (wanted.sort === sort ? wanted.order : null);
    return [
      { title: sorter("Name", "name"), sorted: sorted("name"), cell: (row) => h("a", { class: "name", href: `#/session/${part(row.session_id)}` }, row.name) },
      { title: sorter("Status", "status"), sorted: sorted("status"), class: "tight", cell: (row) => status(row.status) },
      { title: sorter("Operations", "seq"), sorted: sorted("seq"), class: "num", cell: (row) => number(row.seq) },
      { title: sorter("Begun", "created"), sorted: sorted("created"), class: "tight", cell: (row) => when(row.created_at) },
      { title: "In memory", class: "tight wide", cell: (row) => (row.resident ? "yes" : h("span", { class: "faint" }, "on disk")) },
      { title: "Id", class: "tight wide", cell: (row) => h("code", { class: "faint" }, row.session_id) },
    ];
  }

  return {
    async draw() {
      const found = await get(`search${query({ ...wanted, limit: LIMIT })}`);
      if (found.offset >= found.matching && found.offset > 0) {
        wanted.offset = Math.max(0, Math.floor((found.matching - 1) / LIMIT) * LIMIT);
        frame.refresh();
      }
      const last = Math.min(found.offset + LIMIT, found.matching);
      const states = Object.entries(found.by_status);
      return [
        h("div", { class: "head" }, h("h1", {}, "Sessions"), h("span", { class: "quiet" }, `${count(found.total, "session")}`)),
        h(
          "div",
          { class: "bar", role: "search" },
          h("input", {
            class: "grow", type: "search", value: wanted.q, placeholder: "Find by name or id", "aria-label": "Find sessions by name or id", maxlength: 256,
            oninput: (event) => {
              const q = event.target.value;
              clearTimeout(typing);
              typing = setTimeout(() => change({ q }), TYPING_MILLIS);
            },
          }),
          h(
            "div",
            { class: "chips", role: "group", "aria-label": "Status" },
            h("button", { type: "button", "aria-pressed": String(wanted.status === ""), onclick: () => change({ status: "" }) }, "all"),
            states.map(([name, total]) =>
              h("button", { type: "button", "aria-pressed": String(wanted.status === name), onclick: () => change({ status: wanted.status === name ? "" : name }) }, `${words(name)} ${number(total)}`),
            ),
          ),
        ),
        h(
          "section",
          { class: "card", "aria-label": "Sessions found" },
          found.sessions.length === 0
            ? found.total === 0 ? empty("No session yet.", "One begins when an MCP client that is connected to /mcp calls a tool, for instance session_open.") : empty("No session matches.", "Try fewer letters, or another status.")
            : table("Sessions found", columns(), found.sessions, (row) => row.session_id),
          h(
            "div",
            { class: "pager" },
            h("span", { role: "status" }, found.matching === 0 ? "none" : `${number(found.offset + 1)} to ${number(last)} of ${number(found.matching)}`),
            h("button", { type: "button", class: "little push", disabled: found.offset === 0, onclick: () => change({ offset: Math.max(0, found.offset - LIMIT) }) }, "Previous page"),
            h("button", { type: "button", class: "little", disabled: last >= found.matching, onclick: () => change({ offset: found.offset + LIMIT }) }, "Next page"),
          ),
        ),
      ];
    },
    hear: (type) => type === "session" || type === "recovery",
  };
}

export const page = { name: "sessions", menu: "sessions", title: "Sessions", open };
