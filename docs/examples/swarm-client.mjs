// A client that knows nothing of Planaria: makes a swarm of three agents, then asks for them once a
// second, for ever. Needs Node.js 18 or newer and no packages.
//
//   PLANARIA_TOKEN=... node docs/examples/swarm-client.mjs [URL]

const url = process.argv[2] ?? "http://127.0.0.1:7526/s/demo/u/ruv-swarm/mcp";
const headers = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
  Authorization: `Bearer ${process.env.PLANARIA_TOKEN}`,
};
let id = 0;

async function post(message) {
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${answer.status} ${text}`);
  }
  headers["Mcp-Session-Id"] ??= answer.headers.get("mcp-session-id");
  return text;
}

async function request(method, params) {
  id += 1;
  const text = await post({ id, method, params });
  const messages = text.startsWith("{") ? [text] : text.split("\n").filter((line) => line.startsWith("data: {")).map((line) => line.slice(6));
  const answer = messages.map((one) => JSON.parse(one)).find((one) => one.id === id);
  if (!answer || answer.error) {
    throw new Error(answer?.error?.message ?? `no answer to ${method}`);
  }
  return answer.result;
}

async function call(name, args) {
  const result = await request("tools/call", { name, arguments: args });
  if (result.isError) {
    throw new Error(result.content[0].text);
  }
  return JSON.parse(result.content[0].text);
}

/** The first start fetches the package of the server, which may take minutes. */
async function begin() {
  for (;;) {
    try {
      return await request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "swarm-client", version: "1" } });
    } catch (error) {
      if (!/being started|cannot be reached/.test(error.message)) {
        throw error;
      }
      console.log(error.message);
    }
  }
}

const { serverInfo } = await begin();
headers["MCP-Protocol-Version"] = "2025-11-25";
await post({ method: "notifications/initialized" });
console.log(`talking to ${serverInfo.name} ${serverInfo.version}`);
await call("swarm_init", { topology: "mesh", maxAgents: 5 });
for (const type of ["researcher", "coder", "analyst"]) {
  await call("agent_spawn", { type, name: type });
}
for (;;) {
  const start = performance.now();
  const { agents } = await call("agent_list", {});
  console.log(`${new Date().toLocaleTimeString()}  ${agents.map((agent) => agent.name).join(", ")}  (${Math.round(performance.now() - start)} ms)`);
  await new Promise((next) => setTimeout(next, 1000));
}
