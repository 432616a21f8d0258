// The official clients behind one face, able to do whatever a server may ask of a client.
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

const INFO = { name: 'real-servers', version: '1' };
const CAPABILITIES = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };

/**
 * Connects.
 *
 * @param name `ts1`, `ts2` or `ts2-modern`; directly, the last speaks the era that servers do
 * @param target `{url, token}` or `{command, args, env}`
 * @param directory the client's only root
 */
export async function connect(name, target, directory) {
  const ts1 = name === 'ts1';
  const modern = name === 'ts2-modern';
  const sdk = ts1 ? await sdk1() : await sdk2();
  const versionNegotiation = { mode: modern && target.url ? { pin: '2026-07-28' } : 'legacy' };
  const capabilities = modern ? {} : CAPABILITIES;
  const client = new sdk.Client(INFO, { capabilities, ...(ts1 ? {} : { versionNegotiation }) });
  const told = [];
  const news = new EventEmitter();
  if (!modern) {
    serve(client, sdk, directory, (message) => {
      told.push(message);
      news.emit('told');
    });
  }
  await client.connect(
    target.url
      ? new sdk.Http(target.url, { requestInit: { headers: { authorization: `Bearer ${target.token}` } } })
      : new sdk.Stdio({ command: target.command, args: target.args, env: { ...process.env, ...target.env }, stderr: 'ignore' }),
  );
  return {
    raw: client,
    modern,
    told,
    news,
    call: (tool, given, options) =>
      ts1 ? client.callTool({ name: tool, arguments: given }, undefined, options) : client.callTool({ name: tool, arguments: given }, options),
    close: () => client.close(),
  };
}

async function sdk1() {
  const [{ Client }, { StreamableHTTPClientTransport: Http }, { StdioClientTransport: Stdio }, types] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/client/stdio.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  return {
    Client,
    Http,
    Stdio,
    asked: {
      'sampling/createMessage': types.CreateMessageRequestSchema,
      'elicitation/create': types.ElicitRequestSchema,
      'roots/list': types.ListRootsRequestSchema,
    },
    heard: {
      'notifications/message': types.LoggingMessageNotificationSchema,
      'notifications/resources/updated': types.ResourceUpdatedNotificationSchema,
    },
  };
}

async function sdk2() {
  const [{ Client, StreamableHTTPClientTransport: Http }, { StdioClientTransport: Stdio }] = await Promise.all([
    import('@modelcontextprotocol/client'),
    import('@modelcontextprotocol/client/stdio'),
  ]);
  const same = (names) => Object.fromEntries(names.map((name) => [name, name]));
  return {
    Client,
    Http,
    Stdio,
    asked: same(['sampling/createMessage', 'elicitation/create', 'roots/list']),
    heard: same(['notifications/message', 'notifications/resources/updated']),
  };
}

function serve(client, { asked, heard }, directory, hear) {
  const answers = {
    'sampling/createMessage': (params) => ({
      model: 'none',
      role: 'assistant',
      stopReason: 'endTurn',
      content: { type: 'text', text: `sampled: ${JSON.stringify(params.messages)}` },
    }),
    'elicitation/create': (params) =>
      params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Planaria', check: true } },
    'roots/list': () => ({ roots: [{ uri: pathToFileURL(directory).href, name: 'work' }] }),
  };
  for (const [method, answer] of Object.entries(answers)) {
    client.setRequestHandler(asked[method], (request) => answer(request.params));
  }
  for (const method of Object.keys(heard)) {
    client.setNotificationHandler(heard[method], ({ params }) => hear({ method, params }));
  }
}
