// The official TypeScript SDK, version 1: legacy era, resumes a broken stream by its event id.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { run } from './ledger/run.mjs';
import { tell } from './ledger/lines.mjs';

await run(async ({ url, fetch }) => {
  const client = new Client({ name: 'ledger-ts1', version: '1.32.2' });
  client.onerror = (error) => tell('noticed', { text: String(error?.message ?? error).slice(0, 200) });
  await client.connect(new StreamableHTTPClientTransport(url, { fetch }));
  return {
    call: (name, args, { timeoutMillis, onPrimed }) =>
      client.callTool({ name, arguments: args }, undefined, { timeout: timeoutMillis, onresumptiontoken: onPrimed }),
  };
});
