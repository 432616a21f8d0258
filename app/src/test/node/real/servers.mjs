// The reference servers, how each is started, and all that is asked of it.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WAIT_MILLIS = 10_000;

export const SERVERS = {
  everything: {
    launch: (main) => ({ command: 'node', args: [main, 'stdio'], env: {} }),
    calls: () => [
      ['echo', { message: 'worm' }],
      ['get-annotated-message', { messageType: 'error', includeImage: true }],
      ['get-env', {}],
      ['get-resource-links', { count: 3 }],
      ['get-resource-reference', { resourceType: 'Text', resourceId: 1 }],
      ['get-structured-content', { location: 'New York' }],
      ['get-sum', { a: 2, b: 40 }],
      ['get-tiny-image', {}],
      ['gzip-file-as-resource', { name: 'a.gz', data: 'data:text/plain;base64,aGVsbG8=', outputType: 'resource' }],
      ['toggle-simulated-logging', {}],
      ['toggle-simulated-logging', {}],
      ['toggle-subscriber-updates', {}],
      ['toggle-subscriber-updates', {}],
      ['trigger-long-running-operation', { duration: 0.4, steps: 4 }],
      ['simulate-research-query', { topic: 'flatworms' }],
      ['get-roots-list', {}],
      ['trigger-elicitation-request', {}],
      ['trigger-url-elicitation', { url: 'https://example.com/', elicitationId: 'e1' }],
      ['trigger-sampling-request', { prompt: 'grow', maxTokens: 10 }],
    ],
    afterwards: () => ['get-sum', { a: 1, b: 2 }],
  },
  memory: {
    launch: (main, directory) => ({
      command: 'node',
      args: [main],
      env: { MEMORY_FILE_PATH: join(directory, 'memory.jsonl') },
    }),
    calls: () => [
      ['create_entities', { entities: ['a', 'b', 'c'].map((name) => ({ name, entityType: 'worm', observations: ['flat'] })) }],
      ['create_relations', { relations: [{ from: 'a', to: 'b', relationType: 'eats' }] }],
      ['add_observations', { observations: [{ entityName: 'a', contents: ['long'] }] }],
      ['read_graph', {}],
      ['search_nodes', { query: 'long' }],
      ['open_nodes', { names: ['a', 'c'] }],
      ['delete_observations', { deletions: [{ entityName: 'a', observations: ['flat'] }] }],
      ['delete_relations', { relations: [{ from: 'a', to: 'b', relationType: 'eats' }] }],
      ['delete_entities', { entityNames: ['c'] }],
    ],
    afterwards: () => ['read_graph', {}],
  },
  filesystem: {
    // It may see more than the client's root, until the client has told it of that.
    launch: (main, directory) => ({ command: 'node', args: [main, dirname(directory)], env: {} }),
    calls: (at) => [
      ['write_file', { path: join(at, 'new.txt'), content: 'alpha\nbeta\n' }],
      ['read_file', { path: join(at, 'new.txt') }],
      ['read_text_file', { path: join(at, 'new.txt'), head: 1 }],
      ['read_media_file', { path: join(at, 'pixel.png') }],
      ['read_multiple_files', { paths: [join(at, 'new.txt'), join(at, 'missing.txt')] }],
      ['edit_file', { path: join(at, 'new.txt'), edits: [{ oldText: 'beta', newText: 'gamma' }] }],
      ['create_directory', { path: join(at, 'inner') }],
      ['move_file', { source: join(at, 'new.txt'), destination: join(at, 'inner', 'moved.txt') }],
      ['list_directory', { path: at }],
      ['list_directory_with_sizes', { path: at }],
      ['directory_tree', { path: at }],
      ['search_files', { path: at, pattern: '**/*.txt' }],
      ['get_file_info', { path: join(at, 'here.txt') }],
      ['list_allowed_directories', {}],
      ['read_file', { path: '/etc/hostname' }],
    ],
    afterwards: (at) => ['read_text_file', { path: join(at, 'here.txt') }],
  },
  'sequential-thinking': {
    launch: (main) => ({ command: 'node', args: [main], env: { DISABLE_THOUGHT_LOGGING: 'true' } }),
    calls: () => [
      ['sequentialthinking', { thought: 'one', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 }],
      ['sequentialthinking', { thought: 'two', nextThoughtNeeded: false, thoughtNumber: 2, totalThoughts: 2 }],
    ],
    afterwards: () => ['sequentialthinking', { thought: 'one', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 1 }],
  },
};

/** What a client of another era reads differently: it has no place for some members, and orders them its way. */
function otherEra(key, inner) {
  if (['_meta', 'resultType', 'ttlMs', 'cacheScope', 'execution', 'tasks'].includes(key)) return undefined;
  return inner && typeof inner === 'object' && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
    : inner;
}

/** What a client is told beside the server's own words, or what differs between two runs of a server. */
export function common(value, client) {
  return JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (client.modern) inner = otherEra(key, inner);
      if (key === 'taskId') return 'task';
      if (key === 'blob') inner = Buffer.from(inner, 'base64').toString('latin1');
      return typeof inner === 'string'
        ? inner
            .replace(/\d{1,2}:\d{2}:\d{2}( [AP]M)?/g, 'TIME')
            .replace(/^(created|modified|accessed): .*$/gm, '$1')
            .replace(/^\{\s+"[A-Z_]+": "(.|\n)*"PATH": "(.|\n)*/, 'an environment')
            .replace(/"thoughtHistoryLength": \d+/, 'thoughts')
        : inner;
    }),
  );
}

/** Waits until a client has heard something, from a place in what it was told on. */
async function until(client, what, from, wanted) {
  const late = AbortSignal.timeout(WAIT_MILLIS);
  while (!client.told.slice(from).some(wanted)) {
    try {
      await once(client.news, 'told', { signal: late });
    } catch {
      throw new Error(`not in time: ${what}`);
    }
  }
}

/** Asks a server everything. The answers, by question. */
export async function observe(server, client, directory) {
  const { raw } = client;
  const seen = {};
  const note = async (label, asking) => {
    try {
      seen[label] = common(await asking(), client);
    } catch (error) {
      seen[label] = `refused: ${error.code} ${error.message}`;
    }
  };
  writeFileSync(join(directory, 'pixel.png'), Buffer.from('iVBORw0KGgo=', 'base64'));
  await note('the server', () => ({ ...raw.getServerVersion(), offers: raw.getServerCapabilities(), says: raw.getInstructions() }));
  if (server === 'everything') {
    await listening(client, seen, note);
  }
  const { tools } = await raw.listTools();
  await note('tools/list', () => tools);
  const calls = SERVERS[server].calls(directory).filter(([tool]) => tools.some(({ name }) => name === tool));
  for (const { name } of tools) {
    if (!calls.some(([tool]) => tool === name)) throw new Error(`nothing calls ${server}'s ${name}`);
  }
  for (const [i, [tool, given]] of calls.entries()) {
    const progress = [];
    await note(`call ${i} ${tool}`, () => client.call(tool, given, { onprogress: (step) => progress.push(step) }));
    // A client that is handed the last step together with the answer may drop it.
    seen[`progress ${i} ${tool}`] = progress.slice(0, 3);
  }
  await note('a tool that is not there', () => client.call('no_such_tool', {}, {}));
  await note('wrong arguments', () => client.call(calls[0][0], { [Object.keys(calls[0][1])[0]]: [1] }, {}));
  if (server === 'everything') {
    await documents(raw, note);
  }
  return seen;
}

/** Log messages and changes of resources: at once when they are switched on. */
async function listening(client, seen, note) {
  if (client.modern) return;
  const uri = 'demo://resource/dynamic/text/1';
  await note('ping', () => client.raw.ping());
  await note('logging/setLevel', () => client.raw.setLoggingLevel('debug'));
  await note('subscribe', () => client.raw.subscribeResource({ uri }));
  await until(client, 'the word of a subscription', 0, ({ params }) => JSON.stringify(params).includes(uri));
  for (const [tool, method] of [
    ['toggle-simulated-logging', 'notifications/message'],
    ['toggle-subscriber-updates', 'notifications/resources/updated'],
  ]) {
    const before = client.told.length;
    await client.call(tool, {}, {});
    await until(client, method, before, (message) => message.method === method);
    await client.call(tool, {}, {});
  }
  seen['updated'] = client.told.find(({ method }) => method === 'notifications/resources/updated');
  await note('unsubscribe', () => client.raw.unsubscribeResource({ uri }));
}

async function documents(raw, note) {
  const { resources } = await raw.listResources();
  await note('resources/list', () => resources);
  await note('resources/templates/list', () => raw.listResourceTemplates());
  for (const uri of [resources[0].uri, 'demo://resource/dynamic/text/2', 'demo://resource/dynamic/blob/3', 'demo://nowhere']) {
    await note(`read ${uri}`, () => raw.readResource({ uri }));
  }
  const { prompts } = await raw.listPrompts();
  await note('prompts/list', () => prompts);
  for (const [name, given] of [
    ['simple-prompt', undefined],
    ['args-prompt', { city: 'Leipzig', state: 'Saxony' }],
    ['completable-prompt', { department: 'Engineering', name: 'Alice' }],
    ['resource-prompt', { resourceType: 'Text', resourceId: '1' }],
    ['no-such-prompt', {}],
  ]) {
    await note(`prompt ${name}`, () => raw.getPrompt({ name, arguments: given }));
  }
  await note('complete a prompt', () =>
    raw.complete({ ref: { type: 'ref/prompt', name: 'completable-prompt' }, argument: { name: 'department', value: 'E' } }),
  );
  await note('complete a template', () =>
    raw.complete({
      ref: { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' },
      argument: { name: 'resourceId', value: '1' },
    }),
  );
}
