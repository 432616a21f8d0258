// A small server on the official SDK: `echo {text}` changes nothing, `add {n}` does.
//   node echo.mjs --stdio | --http PORT
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function echo() {
  let sum = 0;
  const said = (text) => ({ content: [{ type: 'text', text: String(text) }] });
  const server = new McpServer({ name: 'echo', version: '1' });
  server.registerTool(
    'echo',
    { inputSchema: { text: z.string() }, annotations: { readOnlyHint: true } },
    ({ text }) => said(text),
  );
  server.registerTool('add', { inputSchema: { n: z.number() } }, ({ n }) => said((sum += n)));
  return server;
}

async function http(port) {
  const sessions = new Map();
  const transportOf = async (id) => {
    const known = sessions.get(id);
    if (known) return known;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (begun) => sessions.set(begun, transport),
    });
    await echo().connect(transport);
    return transport;
  };
  createServer(async (request, response) => {
    const transport = await transportOf(request.headers['mcp-session-id']);
    await transport.handleRequest(request, response);
  }).listen(port, '127.0.0.1', () => console.error(`ready ${port}`));
}

const [how, port] = process.argv.slice(2);
if (how === '--http') await http(Number(port));
else await echo().connect(new StdioServerTransport());
