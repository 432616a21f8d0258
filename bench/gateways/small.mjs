// The smallest server that a client can begin with and call, over stdio, without any library.
import { createInterface } from 'node:readline';

const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'small', version: '1' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: [
      { name: 'pid', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
    ],
  }),
  'tools/call': () => ({ content: [{ type: 'text', text: String(process.pid) }] }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = results[method]?.(params);
  const answer = result ? { result } : { error: { code: -32601, message: 'no such method' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
