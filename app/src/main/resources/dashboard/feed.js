// The live feed. It says three things besides events: that it is live, that it is not (and why, as
// far as the daemon can say), and that the worker is another one than before.
//
// A browser opens few connections to one host, and a feed holds one for as long as its page is
// open. So all tabs of a browser share one: the tab that holds the lock leads, reads the feed and
// passes it on to the others; when it closes, or is put to sleep, another takes over.

const TYPES = ["hello", "beat", "recovery", "session", "connection", "alert", "checkpoint", "kpis", "pulse"];
const CHECK_MILLIS = 500;
// One or two may be late on a busy machine.
const MISSED_BEATS = 3;
// A leader that has been quiet for so long, though the daemon is well, is asleep. Each tab waits a
// little differently, so that they do not all take over at once.
const ASLEEP_BEATS = 6 + Math.random() * 4;
const NAME = "planaria-feed";

const hearers = new Set();
// Both exist where the address is one that browsers trust (localhost, or TLS); elsewhere each tab
// has a feed of its own.
const tabs = navigator.locks && globalThis.BroadcastChannel ? new BroadcastChannel(NAME) : null;
let source = null;
let leading = false;
let inLine = null;
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
  become({ state: "live", reason: "", worker: before === null || changed ? data : before });
  if (changed) {
    tell("replaced", { before, worker: data });
  } else if (!data.continued && before !== null) {
    tell("missed", {});
  }
}

/** One event, whichever tab has read it. */
function hear(type, data) {
  heardAt = performance.now();
  if (type === "hello") {
    hello(data);
    return;
  }
  become({ state: "live", reason: "" });
  if (type !== "beat") {
    tell(type, data);
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
  for (const type of TYPES) {
    source.addEventListener(type, (event) => {
      const data = parse(event.data);
      hear(type, data);
      tabs?.postMessage({ type, data });
    });
  }
}

function lead() {
  leading = true;
  connect();
}

function follow() {
  leading = false;
  source?.close();
  source = null;
}

/** Leads for as long as this tab holds the lock. */
async function hold(options) {
  try {
    await navigator.locks.request(NAME, options, () => {
      lead();
      return new Promise(() => {});
    });
  } catch (error) {
    if (options.signal?.aborted) {
      return; // this tab leads already: it has not waited for its turn
    }
    if (error.name === "AbortError") {
      follow();
      getInLine();
    } else {
      lead();
    }
  }
}

function getInLine() {
  inLine = new AbortController();
  hold({ signal: inLine.signal });
}

function takeOver() {
  inLine.abort();
  hold({ steal: true });
}

function logOut() {
  tabs?.postMessage({ type: "logged-out" });
  location.replace("/login");
}

function fromAnotherTab({ type, data }) {
  if (type === "who") {
    if (leading && present.state === "live") {
      tabs.postMessage({ type: "hello", data: { ...present.worker, beat_ms: beatMillis, continued: true } });
    }
  } else if (type === "logged-out") {
    location.replace("/login");
  } else {
    hear(type, data);
  }
}

function quietMillis() {
  return performance.now() - heardAt;
}

/** The feed is cut: for good, when we are not logged in any more. */
async function mend() {
  if (leading && source.readyState !== EventSource.CLOSED) {
    return; // the browser tries by itself
  }
  const session = await fetch("/api/v1/dashboard/session", { cache: "no-store" });
  if (session.status === 401) {
    logOut();
  } else if (leading) {
    connect();
  } else if (quietMillis() > beatMillis * ASLEEP_BEATS && document.visibilityState === "visible") {
    takeOver();
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
    if (isQuiet()) {
      const isComing = said.ready === false;
      become({ state: "away", reason: isComing ? said.reason : "waiting for the feed" });
      if (!isComing) {
        await mend();
      }
    }
  } catch {
    become({ state: "away", reason: "the daemon does not answer" });
    if (leading && source.readyState === EventSource.CLOSED) {
      connect();
    }
  } finally {
    asking = false;
  }
}

function isQuiet() {
  return quietMillis() > beatMillis * MISSED_BEATS || (leading && source.readyState === EventSource.CLOSED);
}

/** Begins to listen; called once. */
export function start() {
  heardAt = performance.now();
  if (tabs === null) {
    lead();
  } else {
    tabs.onmessage = (message) => fromAnotherTab(message.data);
    tabs.postMessage({ type: "who" });
    getInLine();
  }
  setInterval(() => {
    if (isQuiet()) {
      ask();
    }
  }, CHECK_MILLIS);
}
