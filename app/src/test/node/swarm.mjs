// The real ruv-swarm under kill -9: a swarm, 5 agents and 3 tasks are made, then the server and the
// daemon's processes are killed at random moments while others ask, and after each kill everything
// must be there under the ids that were given first. Prints one JSON object.
//
//     node swarm.mjs OPTIONS COMMAND ARG...
//
// OPTIONS is a JSON object: `over` (`stdio`, `http`, or `direct` without Planaria), `scratch` (an empty
// directory), `installed` (where ruv-swarm is), `planaria` (of the server's entry in the file, for
// `http`), `servers` and `daemons` (how often each is killed), `seed`, `clean` (whether data of an
// earlier time are removed from the package first). COMMAND starts Planaria.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { differences, make } from './swarm/look.mjs';
import { randomFrom } from './swarm/random.mjs';

const options = JSON.parse(process.argv[2]);
const [command, ...args] = process.argv.slice(3);
const PATIENCE_MILLIS = 120_000;
const QUESTION_MILLIS = 30_000;
const LONGEST_WAIT_MILLIS = 400;
const ASKING = 3;
const random = randomFrom(options.seed);
const data = join(options.scratch, 'data');
const program = join(options.installed, 'node_modules', '.bin', 'ruv-swarm');
const report = { kills: {}, inFlight: {}, asked: 0, away: 0, broken: 0, wrong: [], after: {}, orphans: [] };

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const wrong = (when, what) => what.forEach((one) => report.wrong.push(`${when}: ${one}`));

/** All processes, as `{pid, parent, line}`. */
function processes() {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found)
    .map(([, pid, parent, line]) => ({ pid: Number(pid), parent: Number(parent), line }));
}

const daemonFile = () => JSON.parse(readFileSync(join(data, 'daemon.json'), 'utf8'));

function serversOf(parent) {
  return processes().filter((one) => one.parent === parent && one.line.includes('mcp start'));
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function server() {
  for (const until = Date.now() + PATIENCE_MILLIS; Date.now() < until; await pause(10)) {
    const found = serversOf(options.over === 'direct' ? process.pid : daemonFile().pid);
    if (found.length > 0) return found;
  }
  throw new Error('there is no server to kill');
}

const STRIKES = {
  server: async () => (await server()).forEach(({ pid }) => kill(pid)),
  // The next one too, as soon as it is there: while it is rebuilt.
  'server twice': async () => {
    await STRIKES.server();
    await pause(random() * LONGEST_WAIT_MILLIS);
    await STRIKES.server();
  },
  worker: async () => kill(daemonFile().pid),
  front: async () => {
    const { frontPid, url } = daemonFile();
    kill(frontPid);
    await startedAgain(url);
  },
  both: async () => {
    const { pid, frontPid, url } = daemonFile();
    kill(frontPid);
    kill(pid);
    await startedAgain(url);
  },
};

/** The shim starts a daemon by itself; over HTTP somebody has to, at the same address. */
async function startedAgain(url) {
  if (options.over !== 'http') return;
  for (const until = Date.now() + PATIENCE_MILLIS; ; await pause(1_000)) {
    try {
      await up(new URL(url).port);
      return;
    } catch (error) {
      // The worker that is left may hold the store for a while.
      if (Date.now() > until) throw error;
    }
  }
}

async function up(port) {
  const file = join(options.scratch, 'servers.json');
  const entry = { command: program, args: ['mcp', 'start'], planaria: options.planaria };
  writeFileSync(file, JSON.stringify({ mcpServers: { swarm: entry } }), { mode: 0o600 });
  const front = spawn(command, [...args, 'up', '--data', data, '--port', port, '--config', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    front.on('exit', () => reject(new Error('the daemon ended')));
    front.stdout.on('data', (text) => {
      const ready = /planaria ready (\S+)/.exec(text);
      if (ready) resolve(ready[1]);
    });
  });
  return new URL(`${url}/s/work/u/swarm/mcp`);
}

async function transport() {
  if (options.over === 'direct') {
    return new StdioClientTransport({ command: program, args: ['mcp', 'start'], stderr: 'ignore', env: process.env });
  }
  if (options.over === 'http') {
    const url = await up('0');
    const authorization = `Bearer ${readFileSync(join(data, 'operator.token'), 'utf8').trim()}`;
    return new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } });
  }
  // npx finds what is installed where it runs.
  const wrap = ['wrap', '--data', data, '--session', 'work', '--profile', 'ruv-swarm', '--'];
  const server = ['npx', '-y', 'ruv-swarm@1.0.20', 'mcp', 'start'];
  return new StdioClientTransport({
    command,
    args: [...args, ...wrap, ...server],
    cwd: options.installed,
    env: process.env,
    stderr: 'inherit',
  });
}

async function connected() {
  const client = new Client({ name: 'swarm', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(await transport());
  return client;
}

let client;

/** A tool's result as it was meant: the JSON in its text. */
async function call(name, given = {}, timeout = PATIENCE_MILLIS) {
  const result = await client.callTool({ name, arguments: given }, { timeout });
  const texts = result.content.map(({ text }) => text);
  if (result.isError || texts.length !== 1) throw new Error(texts.join(' / '));
  return JSON.parse(texts[0]);
}

/**
 * The same for a question, asked again while the server is away: it changes nothing. Over HTTP the client
 * sees the death of the front, which holds its connections, as a broken one.
 */
async function ask(name, given) {
  report.asked++;
  for (const until = Date.now() + PATIENCE_MILLIS; ; await pause(100)) {
    try {
      return await call(name, given, QUESTION_MILLIS);
    } catch (error) {
      const away = /is away|no daemon/i.test(error.message);
      const broken = options.over === 'http' && /fetch|ECONN|socket|terminated|timed out/i.test(error.message);
      if (options.over === 'direct' || !(away || broken) || Date.now() > until) throw error;
      report[away ? 'away' : 'broken']++;
    }
  }
}

/** Asks all the time until told to stop. */
async function keepAsking(round, first) {
  while (!round.over) {
    round.waiting++;
    try {
      wrong('under a kill', await differences(ask, first));
    } catch (error) {
      report.wrong.push(`under a kill: ${error.message}`);
    }
    round.waiting--;
  }
}

async function strike(victim, first) {
  const round = { over: false, waiting: 0 };
  const asking = Array.from({ length: ASKING }, () => keepAsking(round, first));
  await pause(random() * LONGEST_WAIT_MILLIS);
  const hit = round.waiting > 0;
  await STRIKES[victim]();
  const struck = performance.now();
  round.over = true;
  wrong(`after a kill of ${victim}`, await differences(ask, first));
  (report.after[victim] ??= []).push(Math.round(performance.now() - struck));
  await Promise.all(asking);
  report.kills[victim] = (report.kills[victim] ?? 0) + 1;
  report.inFlight[victim] = (report.inFlight[victim] ?? 0) + (hit ? 1 : 0);
}

/** What a client sees that has nobody in front of the server, and after it has started it again. */
async function strikeDirectly(first) {
  const known = (report.known ??= { 'next call answered': 0, agents: 0, tasks: 0, swarms: 0 });
  const asking = call('agent_list', { filter: 'all' }).catch(() => {});
  await STRIKES.server();
  await asking;
  report.kills.server = (report.kills.server ?? 0) + 1;
  await call('agent_list', { filter: 'all' }).then(() => known['next call answered']++, () => {});
  await client.close().catch(() => {});
  client = await connected();
  wrong('in a process started by hand', await differences(ask, first).catch((error) => [error.message]));
  const count = (ids, mine) => ids.filter((id) => mine.includes(id)).length;
  const { agents } = await call('agent_list', { filter: 'all' }).catch(() => ({ agents: [] }));
  known.agents += count(agents.map(({ id }) => id), Object.values(first.agents));
  const { tasks } = await call('task_status', {}).catch(() => ({ tasks: [] }));
  known.tasks += count(tasks.map(({ id }) => id), first.tasks);
  const { swarms } = await call('swarm_status', {}).catch(() => ({ swarms: [] }));
  known.swarms += count(swarms.map(({ id }) => id), [first.swarm]);
}

function plan() {
  const servers = Array.from({ length: options.servers }, (_, i) => (i % 3 === 2 ? 'server twice' : 'server'));
  const daemons = ['worker', 'front', 'both'];
  const all = [...servers, ...Array.from({ length: options.daemons }, (_, i) => daemons[i % daemons.length])];
  return all.map((one) => [random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** Ends the daemon in order, and looks for what it left. */
async function end() {
  await client?.close().catch(() => {});
  if (options.over !== 'direct') process.kill(daemonFile().frontPid, 'SIGTERM');
  const ours = ({ pid, line }) =>
    pid !== process.pid && !line.includes('swarm.mjs') && (line.includes(options.scratch) || line.includes(options.installed));
  for (const until = Date.now() + PATIENCE_MILLIS / 4; ; await pause(100)) {
    report.orphans = processes().filter(ours).map(({ line }) => line);
    if (report.orphans.length === 0 || Date.now() > until) return;
  }
}

mkdirSync(data, { recursive: true });
if (options.clean) rmSync(join(options.installed, 'node_modules', 'ruv-swarm', 'data'), { recursive: true, force: true });
try {
  client = await connected();
  const first = await make(call);
  wrong('at the beginning', await differences(ask, first));
  for (const victim of plan()) {
    await (options.over === 'direct' ? strikeDirectly(first) : strike(victim, first));
  }
} catch (error) {
  report.wrong.push(String(error?.stack ?? error));
} finally {
  await end();
}
console.log(JSON.stringify(report));
process.exit(report.wrong.length + report.orphans.length === 0 ? 0 : 1);
