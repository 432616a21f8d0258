// An operation of the journal in half a line.

import { words } from "/ui/format.js";

function named(thing, names) {
  for (const name of names) {
    const value = thing?.[name];
    if (typeof value === "string" && value !== "") {
      return value;
    }
  }
  return null;
}

/** What an operation is about, from what it holds. */
export function describe({ operation }) {
  const parts = [];
  const { task, agent, entry, key, connection, call, configuration } = operation;
  parts.push(named(operation, ["name", "reason"]));
  if (task) {
    parts.push(named(task, ["description"]), words(task.status));
  }
  if (agent) {
    parts.push(named(agent, ["name", "id", "agent_id"]), task ? null : words(agent.status));
  }
  const remembered = entry?.key ?? key;
  if (remembered) {
    parts.push(typeof remembered === "string" ? remembered : named(remembered, ["key"]));
  }
  if (connection && typeof connection === "object") {
    parts.push(connection.connection_id, words(connection.status), connection.reason);
  }
  if (call) {
    parts.push(call.target ?? call.method, words(call.status));
  }
  if (configuration) {
    parts.push(words(configuration.topology));
  }
  if (operation.to_seq !== undefined) {
    parts.push(`to operation ${operation.to_seq}`, `${operation.dropped} dropped`);
  }
  return parts.filter((one) => one && one !== "–").join(" · ");
}
