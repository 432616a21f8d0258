// Real servers behind Planaria, compared with the same servers used directly. Prints one JSON object
// and ends with status 0 when nothing differs.
//
//     node real-servers.mjs CLIENT SCRATCH COMMAND ARG...
//
// CLIENT is `ts1`, `ts2` or `ts2-modern`; COMMAND starts Planaria (`./planaria`), and SCRATCH is an empty
// directory. Both sides are asked the same things by the same client. Then the servers are killed
// (-9), each with its first call after that, and the worker.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from './real/client.mjs';
import { startDaemon } from './real/daemon.mjs';
import { SERVERS, common, observe } from './real/servers.mjs';

const [name, scratch, command, ...args] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const report = { client: name, compared: {}, different: [], after: {} };

/** How a server is started on files of its own. */
function entry(server, side) {
  const directory = join(scratch, side, server);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'here.txt'), 'one\ntwo\n');
  const main = join(here, 'node_modules', '@modelcontextprotocol', `server-${server}`, 'dist', 'index.js');
  return { directory, ...SERVERS[server].launch(main, directory) };
}

function servers() {
  const mcpServers = {};
  for (const server of Object.keys(SERVERS)) {
    const { command: program, args: given, env } = entry(server, 'through');
    mcpServers[server] = { command: program, args: given, env, planaria: { trust_hints: true } };
  }
  return mcpServers;
}

/** Everything that each server says, without the directory that differs. */
async function ask(server, side, target) {
  const client = await connect(name, target, entry(server, side).directory);
  try {
    const seen = await observe(server, client, entry(server, side).directory);
    const text = JSON.stringify(seen).replaceAll(join(scratch, side), 'SCRATCH');
    return { client, seen: JSON.parse(text) };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function compare(server, direct, through) {
  const labels = [...new Set([...Object.keys(direct), ...Object.keys(through)])];
  report.compared[server] = labels.length;
  for (const label of labels) {
    const [a, b] = [JSON.stringify(direct[label]), JSON.stringify(through[label])];
    if (a !== b) report.different.push({ server, label, direct: cut(a), through: cut(b) });
  }
}

function cut(text) {
  return text && text.length > 600 ? `${text.slice(0, 600)}...` : text;
}

/** The first call after a kill, and how long it took. */
async function again(server, client, directory, after) {
  const [tool, given] = SERVERS[server].afterwards(directory);
  const began = performance.now();
  const result = await client.call(tool, given, {});
  report.after[`${server} after ${after}`] = Math.round(performance.now() - began);
  if (result.isError) report.different.push({ server, label: `after ${after}`, through: cut(JSON.stringify(result)) });
  return shown(result);
}

/** What must be the same before and after a kill. */
function shown(result) {
  return JSON.stringify(common(result.content[0], { modern: true }));
}

const daemon = await startDaemon([command, ...args], scratch, servers());
const clients = {};
try {
  for (const server of Object.keys(SERVERS)) {
    const direct = await ask(server, 'direct', entry(server, 'direct'));
    await direct.client.close();
    const url = new URL(`${daemon.url}/s/${name}/u/${server}/mcp`);
    const through = await ask(server, 'through', { url, token: daemon.token() });
    clients[server] = through.client;
    compare(server, direct.seen, through.seen);
  }
  const kills = {
    'its kill': (server) => process.kill(daemon.serverPid(`server-${server}`), 'SIGKILL'),
    "the worker's kill": (server, first) => first && process.kill(daemon.workerPid(), 'SIGKILL'),
  };
  for (const [after, kill] of Object.entries(kills)) {
    let first = true;
    for (const [server, client] of Object.entries(clients)) {
      const directory = entry(server, 'through').directory;
      const [tool, given] = SERVERS[server].afterwards(directory);
      const before = shown(await client.call(tool, given, {}));
      kill(server, first);
      first = false;
      const now = await again(server, client, directory, after);
      if (before !== now) report.different.push({ server, label: `after ${after}`, direct: cut(before), through: cut(now) });
    }
  }
} catch (error) {
  report.different.push({ label: 'failed', through: String(error?.stack ?? error) });
} finally {
  for (const client of Object.values(clients)) await client.close().catch(() => {});
  await daemon.stop();
}
console.log(JSON.stringify(report));
process.exit(report.different.length === 0 ? 0 : 1);
