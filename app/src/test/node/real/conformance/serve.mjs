// The fixture over Streamable HTTP, both eras at one address, as its SDK serves them.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

const RETRY_MILLIS = 500;

/** The events of a session, for streams that are resumed. */
function events() {
  const kept = [];
  return {
    storeEvent: async (stream, message) => `${stream}_${kept.push({ stream, message })}`,
    replayEventsAfter: async (last, { send }) => {
      const [, stream, position] = /^(.*)_(\d+)$/.exec(last);
      for (let at = Number(position); at < kept.length; at++) {
        if (kept[at].stream === stream && Object.keys(kept[at].message).length > 0) {
          await send(`${stream}_${at + 1}`, kept[at].message);
        }
      }
      return stream;
    },
  };
}

/**
 * Serves.
 *
 * @param create makes a server, given what announces a change and the transport of its session
 * @return the address
 */
export async function serveHttp(create, legacy) {
  const modern = createMcpHandler(() => create({ notify: modern.notify }), { legacy: 'reject' });
  const sessions = new Map();

  async function session(request) {
    const id = request.headers.get('mcp-session-id');
    if (id) return sessions.get(id);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: events(),
      retryInterval: RETRY_MILLIS,
      onsessioninitialized: (begun) => sessions.set(begun, transport),
      onsessionclosed: (ended) => sessions.delete(ended),
    });
    await create({ transport }).connect(transport);
    return transport;
  }

  async function answer(request) {
    const refused =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    if (refused) return refused;
    if (!legacy || !(await isLegacyRequest(request))) return modern.fetch(request);
    const transport = await session(request);
    return transport ? transport.handleRequest(request) : new Response('no such session', { status: 404 });
  }

  const server = http.createServer(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
      body: incoming.method === 'POST' ? Readable.toWeb(incoming) : undefined,
      duplex: 'half',
      signal: gone.signal,
    });
    const response = await answer(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    if (response.body) Readable.fromWeb(response.body).on('error', () => outgoing.destroy()).pipe(outgoing);
    else outgoing.end();
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return `http://localhost:${server.address().port}/mcp`;
}
