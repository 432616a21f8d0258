#!/usr/bin/env node
// An MCP server over stdio that keeps what it was given in data/things.json of its own package, and
// finds it there again when it starts. It needs a package `hoarder-shelf` beside its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { shelf } from 'hoarder-shelf';

const data = new URL('../data/', import.meta.url);
const file = new URL('things.json', data);
const things = (() => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
})();

const TOOLS = {
  keep({ name }) {
    const thing = { id: `thing-${process.hrtime.bigint()}-${process.pid}`, name };
    things.push(thing);
    mkdirSync(data, { recursive: true });
    writeFileSync(file, JSON.stringify(things));
    return { id: thing.id };
  },
  list: () => ({ shelf, things }),
  pid: () => ({ pid: process.pid }),
  where: () => ({ file: file.pathname }),
};

function answer({ method, params }) {
  if (method === 'initialize') {
    const serverInfo = { name: 'hoarder', version: '1.0.0' };
    return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } };
  }
  const tool = method === 'tools/call' ? TOOLS[params.name] : undefined;
  return tool
    ? { result: { content: [{ type: 'text', text: JSON.stringify(tool(params.arguments)) }] } }
    : { error: { code: -32601, message: `no ${method}` } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.id !== undefined) {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer(message) })}\n`);
  }
}
