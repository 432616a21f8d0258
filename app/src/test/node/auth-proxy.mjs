// Stands between a client that cannot send a token and the daemon: adds the header, and says
// `localhost` with the daemon's port where the client said it with this one's. Everything else,
// foreign Host and Origin headers too, passes unchanged.
//
// Usage: PLANARIA_TOKEN=... node auth-proxy.mjs DAEMON_URL; prints its own URL on one line.
import http from 'node:http';

const daemon = new URL(process.argv[2]);

const server = http.createServer((request, response) => {
  const here = `localhost:${server.address().port}`;
  const there = `localhost:${daemon.port}`;
  const headers = { ...request.headers, authorization: `Bearer ${process.env.PLANARIA_TOKEN}` };
  headers.host = headers.host === here ? there : headers.host;
  if (headers.origin) headers.origin = headers.origin.replace(here, there);
  const forwarded = http.request(
    { host: daemon.hostname, port: daemon.port, method: request.method, path: request.url, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    },
  );
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  request.pipe(forwarded);
});
server.listen(0, 'localhost', () => console.log(`http://localhost:${server.address().port}/mcp`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
