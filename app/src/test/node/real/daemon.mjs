// Planaria with some servers behind it, and its processes.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Starts it, and waits until it is ready.
 *
 * @param command starts Planaria (`./planaria`)
 * @param scratch an empty directory
 * @param mcpServers as in the operator's file
 */
export async function startDaemon([program, ...args], scratch, mcpServers) {
  const config = join(scratch, 'servers.json');
  writeFileSync(config, JSON.stringify({ mcpServers }));
  const data = join(scratch, 'data');
  const front = spawn(program, [...args, 'up', '--data', data, '--port', '0', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    front.on('exit', () => reject(new Error('the daemon ended')));
    front.stdout.on('data', (text) => {
      const ready = /planaria ready (\S+)/.exec(text);
      if (ready) resolve(ready[1]);
    });
  });
  const workerPid = () => JSON.parse(readFileSync(join(data, 'daemon.json'), 'utf8')).pid;
  return {
    url,
    workerPid,
    token: () => readFileSync(join(data, 'operator.token'), 'utf8').trim(),
    /** The process of a server that Planaria runs, by a word on its command line. */
    serverPid: (word) => {
      const worker = String(workerPid());
      const found = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .find(([, parent, ...words]) => parent === worker && words.join(' ').includes(word));
      if (!found) throw new Error(`no process of ${word} under ${worker}`);
      return Number(found[0]);
    },
    stop: async () => {
      const ended = new Promise((resolve) => front.once('exit', resolve));
      front.kill('SIGTERM');
      await ended;
    },
  };
}
