// The live feed. It says three things besides events: that it is live, that it is not (and why, as
// far as the daemon can say), and that the worker is another one than before.

const TYPES = ["recovery", "session", "connection", "alert", "checkpoint", "kpis", "pulse"];
const CHECK_MILLIS = 500;
// One or two may be late on a busy machine.
const MISSED_BEATS = 3;

const hearers = new Set();
let source = null;
let heardAt = 0;
let beatMillis = 2000;
let present = { state: "connecting", reason: "", worker: null };
let asking = false;

/** Tells `hearer` of every event, as `hearer(type, data)`; the type `state` is of the feed itself. */
export function listen(hearer) {
  hearers.add(hearer);
  return () => hearers.delete(hearer);
}

/** How the feed is now: `{state: "connecting" | "live" | "away", reason, worker}`. */
export function state() {
  return present;
}

function tell(type, data) {
  for (const hearer of [...hearers]) {
    hearer(type, data);
  }
}

function become(changes) {
  const before = present;
  present = { ...present, ...changes };
  if (before.state !== present.state || before.reason !== present.reason || before.worker !== present.worker) {
    tell("state", { before, present });
  }
}

function hello(data) {
  beatMillis = data.beat_ms;
  const before = present.worker;
  const changed = before !== null && (before.pid !== data.pid || before.started_at !== data.started_at);
  become({ state: "live", reason: "", worker: data });
  if (changed) {
    tell("replaced", { before, worker: data });
  } else if (!data.continued && before !== null) {
    tell("missed", {});
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function connect() {
  source?.close();
  source = new EventSource("/api/v1/events");
  source.addEventListener("hello", (event) => {
    heardAt = performance.now();
    hello(parse(event.data));
  });
  for (const type of TYPES) {
    source.addEventListener(type, (event) => {
      heardAt = performance.now();
      become({ state: "live", reason: "" });
      tell(type, parse(event.data));
    });
  }
}

/** Asks the front, which lives on while a worker is started, what is going on. */
async function ask() {
  if (asking) {
    return;
  }
  asking = true;
  try {
    const answer = await fetch("/readyz", { cache: "no-store" });
    const said = await answer.json().catch(() => ({}));
    become({ state: "away", reason: said.ready === false ? said.reason : "waiting for the feed" });
    if (source.readyState === EventSource.CLOSED) {
      const session = await fetch("/api/v1/dashboard/session", { cache: "no-store" });
      if (session.status === 401) {
        location.replace("/login");
      } else {
        connect();
      }
    }
  } catch {
    become({ state: "away", reason: "the daemon does not answer" });
    if (source.readyState === EventSource.CLOSED) {
      connect();
    }
  } finally {
    asking = false;
  }
}

/** Begins to listen; called once. */
export function start() {
  heardAt = performance.now();
  connect();
  setInterval(() => {
    const quiet = performance.now() - heardAt;
    if (quiet > beatMillis * MISSED_BEATS || source.readyState === EventSource.CLOSED) {
      ask();
    }
  }, CHECK_MILLIS);
}
