// The client that the official conformance suite starts, with its own server's address as the last
// word: Planaria puts itself in front of that server, and the official TypeScript client asks it
// there for what the scenario wants to see.
//
//     node conformance-client.mjs DAEMON_URL DATA SERVER_URL
//
// DATA is the daemon's data directory. The scenario and the revision are in the environment.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [daemon, data, serverUrl] = process.argv.slice(2);
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision } = process.env;
const modern = revision === '2026-07-28';
const authorization = `Bearer ${readFileSync(join(data, 'operator.token'), 'utf8').trim()}`;

const SCENARIOS = {
  initialize: (client) => client.listTools(),
  tools_call: async (client) => {
    await client.listTools();
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
  },
  'elicitation-sep1034-client-defaults': (client) => client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} }),
  'sse-retry': (client) => client.callTool({ name: 'test_reconnection', arguments: {} }),
  'json-schema-2020-12-preservation': async (client) => {
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool').inputSchema;
    await client.callTool({ name: 'json_schema_echo', arguments: { schema } });
  },
  'json-schema-ref-no-deref': (client) => client.listTools(),
  // Its server offers nothing, which keeps the client from asking, but answers whatever it is asked.
  'request-metadata': (client) => client.request({ method: 'tools/list', params: {} }),
  'sep-2322-client-request-state': async (client) => {
    for (const name of ['test_mrtr_echo_state', 'test_mrtr_no_state', 'test_mrtr_unrelated', 'test_mrtr_no_result_type']) {
      await client.callTool({ name, arguments: {} });
    }
  },
  'http-standard-headers': async (client) => {
    const { tools } = await client.listTools();
    await client.callTool({ name: tools[0].name, arguments: {} });
    const { resources } = await client.listResources();
    await client.readResource({ uri: resources[0].uri });
    const { prompts } = await client.listPrompts();
    await client.getPrompt({ name: prompts[0].name, arguments: {} });
  },
  'http-custom-headers': async (client) => {
    await client.listTools();
    for (const call of JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT).toolCalls) {
      await client.callTool({ name: call.name, arguments: call.arguments });
    }
  },
  'http-invalid-tool-headers': async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) {
      await client.callTool({ name, arguments: { region: 'us-west1' } });
    }
  },
};

async function order(path, body) {
  const answer = await fetch(`${daemon}/api/v1/upstreams/suite/${scenario}-${revision}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

const client = new Client(
  { name: 'conformance-client', version: '1' },
  {
    capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
    versionNegotiation: { mode: modern ? { pin: revision } : 'legacy' },
  },
);
client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: scenario.startsWith('sep-2322') ? { confirmed: true } : {} }));
const { path } = await order('', { type: 'http', url: serverUrl });
await client.connect(new StreamableHTTPClientTransport(new URL(path, daemon), { requestInit: { headers: { authorization } } }));
await SCENARIOS[scenario](client);
await client.close();
// The suite's server ends when nobody is connected to it any more.
await order('/release', {});
