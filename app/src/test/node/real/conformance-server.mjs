// A server with the tools, resources and prompts that the official conformance suite asks for by
// name, on the TypeScript SDK, version 2, in both eras.
//
//     node conformance-server.mjs [--http] [--modern]
//
// It speaks over stdio, or, with `--http`, prints `ready URL`. With `--modern` it does not know the
// handshake of the older revisions.
import { fromJsonSchema, McpServer, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { INPUTS, object, PROMPTS, RESOURCES, TEMPLATE, text, TOOLS } from './conformance/content.mjs';
import { ROUND_PROMPTS, ROUNDS, states } from './conformance/rounds.mjs';
import { serveHttp } from './conformance/serve.mjs';

const REGION = object(
  { region: { type: 'string', 'x-mcp-header': 'Region' }, count: { type: 'integer', 'x-mcp-header': 'Count' } },
  { required: ['region'] },
);

/** What only this revision has, or asks for under other names. */
const modernTools = (announce) => ({
  test_x_mcp_header: (given) => [text(JSON.stringify(given))],
  test_streaming_elicitation: () => [text('a stream with nothing but its result')],
  test_logging_tool: TOOLS.test_tool_with_logging,
  test_trigger_tool_change: () => announce('tools'),
  test_trigger_prompt_change: () => announce('prompts'),
});

function create({ notify, transport }) {
  const changing = { listChanged: true };
  const whole = new McpServer(
    { name: 'conformance-server', version: '1' },
    {
      capabilities: { tools: changing, resources: { subscribe: true, ...changing }, prompts: changing, logging: {}, completions: {} },
      requestState: { verify: states.verify },
    },
  );
  const { server } = whole;
  const announce = async (what) => {
    if (notify) notify[`${what}Changed`]();
    else await server.notification({ method: `notifications/${what}/list_changed` });
    return [text('announced')];
  };
  // It ends its own stream, and answers on the one that the client opens then.
  const reconnect = (given, context) => {
    transport?.closeSSEStream(context.mcpReq.id);
    return [text('reconnected')];
  };
  const tools = { ...TOOLS, test_reconnection: reconnect, ...modernTools(announce) };
  const inputs = { ...INPUTS, test_x_mcp_header: REGION };

  // The SDK compares headers with parameters only of tools that it knows itself.
  whole.registerTool('test_x_mcp_header', { inputSchema: fromJsonSchema(REGION) }, () => ({ content: [] }));
  server.setRequestHandler('tools/list', () => ({
    tools: [...Object.keys(tools), ...Object.keys(ROUNDS)].map((name) => ({
      name,
      description: `The suite's ${name}`,
      inputSchema: inputs[name] ?? object(),
    })),
  }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    if (ROUNDS[params.name]) return ROUNDS[params.name](context);
    try {
      return { content: await tools[params.name](params.arguments ?? {}, context) };
    } catch (error) {
      return { content: [text(error.message)], isError: true };
    }
  });
  server.setRequestHandler('resources/list', () => ({
    resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const id = TEMPLATE.exec(uri)?.[1];
    const found = id ? { mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) } : RESOURCES[uri];
    if (!found) throw new ResourceNotFoundError(uri);
    return { contents: [{ uri, ...found }] };
  });
  for (const method of ['resources/subscribe', 'resources/unsubscribe', 'logging/setLevel']) {
    server.setRequestHandler(method, () => ({}));
  }
  server.setRequestHandler('prompts/list', () => ({
    prompts: [
      ...Object.entries(PROMPTS).map(([name, [names]]) => ({
        name,
        description: `The suite's ${name}`,
        arguments: names.map((argument) => ({ name: argument, required: true })),
      })),
      ...Object.keys(ROUND_PROMPTS).map((name) => ({ name, description: `The suite's ${name}` })),
    ],
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    ROUND_PROMPTS[params.name]?.(context) ?? { messages: PROMPTS[params.name][1](params.arguments ?? {}) },
  );
  server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }));
  return whole;
}

const legacy = !process.argv.includes('--modern');
if (process.argv.includes('--http')) {
  console.log(`ready ${await serveHttp(create, legacy)}`);
  // Whoever started it is gone.
  process.stdin.resume().on('end', () => process.exit(0));
} else {
  serveStdio(() => create({}), { legacy: legacy ? 'serve' : 'reject' });
}
