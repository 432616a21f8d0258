// Alerts: what is wrong, since when, and what to do about it.

import { find, part, post } from "/ui/api.js";
import { confirm } from "/ui/dialog.js";
import { h } from "/ui/dom.js";
import { clock, count, decimal, words } from "/ui/format.js";
import { absent, at, card, empty, pill, shape, when } from "/ui/widgets.js";

const HOUR = 3_600_000;

function subject(alert) {
  const { session_id: id, session_name: name, server } = alert.subject ?? {};
  return [id ? h("a", { href: `#/session/${part(id)}` }, name ?? id) : null, server ? ` server ${server}` : null];
}

function acknowledge(alert, done) {
  confirm({
    title: "Acknowledge this alert?",
    will: [
      alert.message,
      alert.clears_when_acknowledged
        ? "It has happened and cannot be undone: within seconds it clears, and whoever was told of it is told that."
        : "It goes on firing, marked as acknowledged, until its cause is gone.",
      "When it happens again, it is told again.",
    ],
    verb: "Acknowledge",
    async act() {
      await post(`alerts/${part(alert.alert_id)}/acknowledge`);
      done();
      return "Acknowledged.";
    },
  });
}

function silence(alert, done) {
  confirm({
    title: "Silence this alert for one hour?",
    will: [alert.message, `Nobody is told of it until ${clock(Date.now() + HOUR)}; it stays on the list.`],
    verb: "Silence",
    async act() {
      await post(`alerts/${part(alert.alert_id)}/silence`, { duration_ms: HOUR });
      done();
      return "Silenced for one hour.";
    },
  });
}

function row(alert, done) {
  const firing = alert.state === "firing";
  const kind = { critical: "fail", warning: "warn" }[alert.severity] ?? "info";
  return h(
    "li",
    { "data-key": alert.alert_id },
    h("span", { class: "mark" }, shape(firing ? kind : "ok"), h("span", { class: "sr" }, alert.state)),
    h(
      "div",
      {},
      h("strong", {}, alert.message),
      h("p", { class: "what" }, alert.what_to_do),
      h(
        "p",
        { class: "small quiet" },
        pill(alert.severity, firing ? kind : "idle"),
        ` ${words(alert.type)} · `,
        subject(alert),
        " since ",
        when(alert.since_at),
        ` · ${count(alert.occurrences, "time")}`,
        alert.value === null || alert.value === undefined ? null : ` · ${decimal(alert.value, 3)}, limit ${decimal(alert.threshold, 3)}`,
        alert.cleared_at ? [" · cleared ", when(alert.cleared_at)] : null,
        alert.silenced_until && alert.silenced_until > Date.now() ? [" · silenced until ", at(alert.silenced_until)] : null,
      ),
    ),
    h(
      "span",
      { class: "side" },
      alert.acknowledged ? "acknowledged" : firing ? h("button", { type: "button", class: "little", onclick: () => acknowledge(alert, done) }, "Acknowledge") : null,
      firing ? h("button", { type: "button", class: "little", onclick: () => silence(alert, done) }, "Silence") : null,
    ),
  );
}

function open(_, frame) {
  return {
    async draw() {
      const found = await find("alerts");
      const head = h("div", { class: "head" }, h("h1", {}, "Alerts"));
      if (found === null) {
        return [head, h("section", { class: "card" }, absent("Alerts"))];
      }
      const firing = found.alerts.filter((alert) => alert.state === "firing");
      const past = found.alerts.filter((alert) => alert.state !== "firing");
      const list = (alerts) => h("ul", { class: "attention flush" }, alerts.map((alert) => row(alert, frame.refresh)));
      return [
        head,
        h(
          "div",
          { class: "stack" },
          card("Firing", "", firing.length === 0 ? empty("No alert is firing.", "What goes wrong with the daemon, a session or a server appears here by itself, with what to do about it. Notifiers (planaria up --config) tell you elsewhere too.") : list(firing), firing.length > 0 ? count(firing.length, "alert") : null),
          past.length > 0 ? card("Cleared", "", list(past)) : null,
        ),
      ];
    },
    hear: (type) => type === "alert",
  };
}

let unseen = 0;

/** How many fire that nobody has acknowledged, for the menu. */
export async function look() {
  const found = await find("alerts");
  unseen = (found?.alerts ?? []).filter((alert) => alert.state === "firing" && !alert.acknowledged).length;
}

function badge() {
  return unseen === 0 ? null : h("span", { class: "bubble" }, unseen, h("span", { class: "sr" }, " firing"));
}

export const page = { name: "alerts", menu: "alerts", title: "Alerts", open, badge };
