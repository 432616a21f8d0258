// A small MCP server over stdio that keeps everything in memory: what docs/stateful-server.md tries.
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

const notes = new Map();
const text = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const id = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
const reads = { readOnlyHint: true };
const tools = [
  { name: "add_note", description: "Keeps a note.", inputSchema: text },
  { name: "read_note", description: "Reads a note.", inputSchema: id, annotations: reads },
  { name: "count", description: "Counts notes.", inputSchema: { type: "object" }, annotations: reads },
];

function call(name, args) {
  switch (name) {
    case "add_note": {
      const made = `note-${randomBytes(4).toString("hex")}`;
      notes.set(made, args.text);
      return JSON.stringify({ id: made });
    }
    case "read_note":
      if (!notes.has(args.id)) throw new Error(`there is no note ${args.id}`);
      return notes.get(args.id);
    case "count":
      return `${notes.size} notes in process ${process.pid}`;
    default:
      throw new Error(`there is no tool ${name}`);
  }
}

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "notes", version: "1" },
      };
    case "tools/list":
      return { tools };
    case "tools/call":
      try {
        return { content: [{ type: "text", text: call(params.name, params.arguments ?? {}) }] };
      } catch (e) {
        return { content: [{ type: "text", text: e.message }], isError: true };
      }
    default:
      return method === "ping" ? {} : undefined;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.id === undefined) continue;
  const result = answer(message);
  const error = { code: -32601, message: "Method not found" };
  const rest = result === undefined ? { error } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, ...rest })}\n`);
}
