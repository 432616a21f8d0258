// What can be done with a session. Each says first what will happen, in figures.

import { get, part, post, query } from "/ui/api.js";
import { confirm, confirmAfter } from "/ui/dialog.js";
import { count, number, short } from "/ui/format.js";

const THINGS = [["agents", "agent"], ["tasks", "task"], ["memory", "memory entry", "memory entries"]];

function path(session, action) {
  return `sessions/${part(session.session_id)}/${action}`;
}

function change(now, then) {
  return THINGS.filter(([name]) => now[name] !== then[name]).map(([name, one, several]) => `${number(now[name])} becomes ${count(then[name], one, several)}.`);
}

/** Takes a checkpoint. */
export function checkpoint(session, done) {
  confirm({
    title: `Take a checkpoint of ${session.name}?`,
    will: [
      `The state after operation ${number(session.receipt.seq)} is written, read back and compared.`,
      "The session goes on meanwhile. A checkpoint with a label is a full one.",
    ],
    fields: [{ name: "label", label: "Label (optional)", placeholder: "before the migration" }],
    verb: "Take the checkpoint",
    again: "Press the button again: where the session has moved on, that takes another one, which does no harm.",
    async act({ label }) {
      const taken = await post(path(session, "checkpoint"), label ? { label } : {});
      done();
      return `Checkpoint at operation ${number(taken.seq)}${taken.verified ? ", read back and sound" : ""}.`;
    },
  });
}

/** Goes back to a checkpoint, after asking what that would drop. */
export function restore(session, point, done) {
  confirmAfter(
    (preview) => ({
      title: `Take ${session.name} back to operation ${number(preview.to_seq)}?`,
      will: [
        preview.operations_after === 0
          ? "Nothing came after it, so that nothing changes."
          : { loss: `${count(preview.operations_after, "operation")} after it have no effect any more; they stay in the journal.` },
        ...change(preview.now, preview.then),
        "Tasks that are being worked on wait for a new claim. Calls and connections stay as they are.",
      ],
      verb: preview.operations_after === 0 ? "Restore" : `Drop ${count(preview.operations_after, "operation")}`,
      danger: preview.operations_after > 0,
      async act(_, id) {
        const said = await post(path(session, "restore"), { checkpoint_id: point.checkpoint_id, operation_id: id });
        done();
        return `Back at operation ${number(said.to_seq)}; ${count(said.dropped, "operation")} dropped.`;
      },
    }),
    () => get(`${path(session, "preview")}${query({ checkpoint_id: point.checkpoint_id })}`),
  );
}

/** Begins another session with what this one is, or was. */
export function fork(session, point) {
  const { counts } = session;
  confirm({
    title: point ? `Begin a session with checkpoint ${number(point.seq)} of ${session.name}?` : `Begin a session with what ${session.name} is now?`,
    will: [
      point ? `It begins with the state after operation ${number(point.seq)}.` : `It begins with ${count(counts.agents, "agent")}, ${count(counts.tasks, "task")} and ${count(counts.memory, "memory entry", "memory entries")}.`,
      `${session.name} is not changed; what happens in one of the two never concerns the other.`,
      "Calls that wait are not taken along.",
    ],
    fields: [{ name: "name", label: "Name (optional)", placeholder: `${short(session.name, 40)}-fork` }],
    verb: "Fork",
    async act({ name }, id) {
      const body = { operation_id: id };
      if (name) {
        body.name = name;
      }
      if (point) {
        body.checkpoint_id = point.checkpoint_id;
      }
      const said = await post(path(session, "fork"), body);
      location.hash = `#/session/${part(said.session_id)}`;
      return `${said.name} has begun.`;
    },
  });
}

/** Recovers a session as the decision table says. */
export function recover(session, done) {
  const quarantined = session.status === "quarantined";
  confirm({
    title: `Recover ${session.name}?`,
    will: quarantined
      ? ["What lies on disk is looked at again, and brought back as far as it goes.", "Nothing is given up: a loss is accepted by `planaria recover --accept-loss` alone."]
      : ["It serves, so that a session which is sound is left as it is.", "Nothing is lost by it."],
    verb: "Recover",
    async act() {
      const said = await post(path(session, "recover"));
      done();
      return said.recovery && quarantined ? `Recovered: ${number(said.recovery.operations_replayed)} operations replayed, ${number(said.recovery.operations_lost)} lost.` : `${session.name} serves.`;
    },
  });
}
