// The Playwright server behind Planaria, compared with the same server used directly, on a page of
// our own. Then the server, and the worker, are killed (-9): the page is visited again, and what was
// typed into it is gone. Prints one JSON object and ends with status 0 when all is as it should be.
//
//     node real-browser.mjs CLIENT SCRATCH BROWSER COMMAND ARG...
//
// CLIENT, SCRATCH and COMMAND as for `real-servers.mjs`; BROWSER is the path of a Chromium.
import http from 'node:http';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from './real/client.mjs';
import { startDaemon } from './real/daemon.mjs';

const [name, scratch, browser, ...command] = process.argv.slice(2);
const main = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '@playwright', 'mcp', 'cli.js');
const report = { client: name, tools: 0, compared: 0, different: [], after: {} };

const PAGE = `<!doctype html><title>Worms</title><h1>Flatworms</h1><label>Name <input></label>
<button onclick="document.querySelector('p').textContent = 'Hello ' + document.querySelector('input').value">Greet</button>
<p>Nobody yet</p><a href="/second">More</a>`;

const visits = {};
const web = http.createServer((request, response) => {
  visits[request.url] = (visits[request.url] ?? 0) + 1;
  response.setHeader('content-type', 'text/html');
  response.end(request.url === '/second' ? '<title>Second</title><h1>More worms</h1>' : PAGE);
});
await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${web.address().port}/`;

function entry(side) {
  const directory = join(scratch, side);
  mkdirSync(directory, { recursive: true });
  const options = ['--headless', '--isolated', '--no-sandbox', '--executable-path', browser, '--output-dir', directory];
  return { command: 'node', args: [main, ...options], env: { HOME: directory }, cwd: directory };
}

/** What a tool says, without the directory and the times that differ. */
async function said(client, side, tool, given = {}) {
  const { content, isError } = await client.call(tool, given, { timeout: 60_000 });
  const text = JSON.stringify({ content, isError });
  return text.replaceAll(join(scratch, side), 'SCRATCH').replaceAll(`${side}/`, '').replaceAll(/\d{4}-\d\d-\d\dT[\d-]+Z/g, 'TIME');
}

/** The first answer after a kill; on a busy machine the server may take longer than a call waits. */
async function answered(client, tool) {
  let text = await said(client, 'through', tool);
  for (let tries = 1; tries < 4 && text.includes('is queued'); tries++) text = await said(client, 'through', tool);
  return text;
}

const TYPED = { element: 'Name', target: 'e4', text: 'Dugesia' };

/** The server names elements anew after each start. */
const unnamed = (snapshot) => snapshot.replaceAll(/ref=\w+/g, 'ref=NAME');
const nameOf = (snapshot, role) => new RegExp(`${role}[^\\n]*?ref=(\\w+)`).exec(snapshot)[1];
const CALLS = [
  ['browser_navigate', { url }],
  ['browser_snapshot'],
  ['browser_type', TYPED],
  ['browser_click', { element: 'Greet', target: 'e5' }],
  ['browser_snapshot'],
  ['browser_evaluate', { function: '() => document.title' }],
  ['browser_tabs', { action: 'list' }],
  ['browser_console_messages', { level: 'info' }],
  ['browser_take_screenshot', {}],
  ['browser_navigate', { url: `${url}second` }],
  ['browser_navigate_back'],
  ['browser_snapshot'],
  ['browser_close'],
];

async function observe(client, side) {
  const seen = [JSON.stringify((await client.raw.listTools()).tools.map(({ name, inputSchema }) => [name, inputSchema]))];
  report.tools = JSON.parse(seen[0]).length;
  for (const [tool, given] of CALLS) seen.push(await said(client, side, tool, given));
  return seen;
}

function differs(label, direct, through) {
  report.different.push({ label, direct: direct?.slice(0, 600), through: through?.slice(0, 600) });
}

const { cwd, ...through } = entry('through');
const planaria = {
  trust_hints: true,
  profile: { replay: ['browser_navigate'] },
};
const daemon = await startDaemon(command, scratch, { playwright: { ...through, cwd, planaria } });
const open = [];
try {
  const plain = await connect(name, entry('direct'), scratch);
  open.push(plain);
  const direct = await observe(plain, 'direct');
  const relayed = await connect(name, { url: new URL(`${daemon.url}/s/${name}/u/playwright/mcp`), token: daemon.token() }, scratch);
  open.push(relayed);
  const behind = await observe(relayed, 'through');
  report.compared = direct.length;
  direct.forEach((seen, at) => seen === behind[at] || differs(at === 0 ? 'tools' : CALLS[at - 1][0], seen, behind[at]));

  const kills = {
    'its kill': () => process.kill(daemon.serverPid('@playwright'), 'SIGKILL'),
    "the worker's kill": () => process.kill(daemon.workerPid(), 'SIGKILL'),
  };
  for (const [after, kill] of Object.entries(kills)) {
    await said(relayed, 'through', 'browser_navigate', { url });
    const untouched = await said(relayed, 'through', 'browser_snapshot');
    await said(relayed, 'through', 'browser_type', { ...TYPED, target: nameOf(untouched, 'textbox') });
    if (!(await said(relayed, 'through', 'browser_snapshot')).includes('Dugesia')) differs('typed');
    const visited = visits['/'];
    kill();
    const began = performance.now();
    const now = await answered(relayed, 'browser_snapshot');
    report.after[after] = Math.round(performance.now() - began);
    // The page is there again because it was visited again, and nothing is in it.
    if (unnamed(now) !== unnamed(untouched) || visits['/'] <= visited) differs(`after ${after}`, untouched, now);
  }
} catch (error) {
  report.different.push({ label: 'failed', through: String(error?.stack ?? error) });
} finally {
  for (const client of open) await client.close().catch(() => {});
  await daemon.stop();
  web.close();
}
console.log(JSON.stringify(report));
process.exit(report.different.length === 0 ? 0 : 1);
