// The official TypeScript client, version 2, in the era that is asked for: the modern one has no
// links, and a broken call there is lost for the client.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { run } from './ledger/run.mjs';
import { tell } from './ledger/lines.mjs';

await run(async ({ url, fetch, era }) => {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client({ name: 'ledger-ts2', version: '2.4.0' }, { versionNegotiation: { mode } });
  client.onerror = (error) => tell('noticed', { text: String(error?.message ?? error).slice(0, 200) });
  await client.connect(new StreamableHTTPClientTransport(url, { fetch }));
  return {
    call: (name, args, { timeoutMillis, onPrimed }) =>
      client.callTool({ name, arguments: args }, { timeout: timeoutMillis, onresumptiontoken: onPrimed }),
  };
});
