// The official TypeScript clients over stdio, with `planaria wrap` as the server that they launch.
// Kills the daemon's processes in the middle of its own calls, and prints one JSON object: how many
// calls were answered, and how many tasks there are in the end.
//
//     node wrap-stdio.mjs CLIENT DATA KILLS COMMAND ARG...
//
// CLIENT is `ts1`, `ts2` or `ts2-modern`; KILLS is `worker,front,both` or any part of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [name, data, kills, command, ...args] = process.argv.slice(2);
const IN_FLIGHT = 4;
const CALLS_PER_KILL = 12;
const TIMEOUT_MILLIS = 60_000;

const server = { command, args, stderr: 'inherit', env: { ...process.env } };
const client = await connect();

async function connect() {
  if (name === 'ts1') {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    const ts1 = new Client({ name, version: '1' });
    await ts1.connect(new StdioClientTransport(server));
    return { raw: ts1, call: (tool, given) => ts1.callTool({ name: tool, arguments: given }, undefined, { timeout: TIMEOUT_MILLIS }) };
  }
  const { Client } = await import('@modelcontextprotocol/client');
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const mode = name === 'ts2-modern' ? { pin: '2026-07-28' } : 'legacy';
  const ts2 = new Client({ name, version: '2' }, { versionNegotiation: { mode } });
  await ts2.connect(new StdioClientTransport(server));
  return { raw: ts2, call: (tool, given) => ts2.callTool({ name: tool, arguments: given }, { timeout: TIMEOUT_MILLIS }) };
}

function kill(victim) {
  const daemon = JSON.parse(readFileSync(join(data, 'daemon.json'), 'utf8'));
  // The front goes first: it would start another worker at once.
  if (victim !== 'worker') process.kill(daemon.frontPid, 'SIGKILL');
  if (victim !== 'front') {
    try {
      process.kill(daemon.pid, 'SIGKILL');
    } catch {
      // It has noticed that its front is gone.
    }
  }
}

const victims = kills.split(',');
const total = (victims.length + 1) * CALLS_PER_KILL;
let next = 0;
let answered = 0;
let hit = 0;

async function work() {
  while (next < total) {
    const number = next++;
    const promise = client.call('task_create', { description: `call ${number}` });
    if (number > 0 && number % CALLS_PER_KILL === 0) {
      hit += number + 1 - answered;
      kill(victims[number / CALLS_PER_KILL - 1]);
    }
    const result = await promise;
    if (!result.structuredContent?.receipt) throw new Error(JSON.stringify(result));
    answered++;
  }
}

const tools = await client.raw.listTools();
await Promise.all(Array.from({ length: IN_FLIGHT }, work));
const listed = await client.call('task_list', { limit: 100 });
const descriptions = listed.structuredContent.tasks.map((task) => task.description);
console.log(JSON.stringify({ tools: tools.tools.length, total, answered, hit, tasks: descriptions.length, distinct: new Set(descriptions).size }));
await client.raw.close();
