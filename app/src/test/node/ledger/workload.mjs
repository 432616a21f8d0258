// What the clients do: a seeded mix of mutating calls over a few sessions. Each of `inFlight` slots
// does one call after the other, so that as many calls are open at any time.
//
// Two things are arranged so that loss, doubling and reordering can be seen from outside:
// - a slot stores the numbers 1, 2, 3, ... under a key of its own, so the entry's version must always
//   equal its value;
// - an agent's name and a task's description are the call's own, so that each must be there once.

/** How much of each kind, in parts. `ms` is how long a tool takes before it does its work. */
export const MIXES = {
  // Half of all calls are open for a while, the rest is as fast as the daemon is.
  mixed: { count: 40, spawn: 8, spawnAnonymous: 4, task: 8, taskAnonymous: 4, wait0: 18, wait20: 8, wait20Anonymous: 4, wait200: 6 },
  // Only the product's own tools.
  counters: { count: 40, spawn: 8, task: 8 },
  // Only calls that the client may repeat.
  repeatable: { count: 40, spawn: 8, task: 8, wait0: 18, wait20: 14, wait200: 12 },
  // Only calls that it must not repeat.
  anonymous: { spawnAnonymous: 1, taskAnonymous: 1, wait20Anonymous: 1 },
  // Calls that outlast the time after which a client comes back for the rest of a broken stream.
  long: { wait4500: 1 },
};

const WAIT_MILLIS = { wait0: 0, wait20: 20, wait20Anonymous: 20, wait200: 200, wait4500: 4500 };
const LIVE_AGENTS_PER_SLOT = 20;

/** Numbers in [0, 1) that the seed decides (mulberry32). */
export const randomFrom = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

export class Workload {
  /**
   * @param run a text that no other run on the same store uses
   * @param seed decides the calls of each slot, whatever the others do
   * @param sessions ids of the sessions to work on
   * @param mix one of MIXES
   */
  constructor({ run, seed, sessions, mix }) {
    this.run = run;
    this.seed = seed;
    this.sessions = sessions;
    this.parts = Object.entries(mix);
    this.total = this.parts.reduce((sum, [, part]) => sum + part, 0);
    this.slots = new Map();
  }

  slot(number) {
    let slot = this.slots.get(number);
    if (!slot) {
      slot = { random: randomFrom(this.seed * 1009 + number), calls: 0, counters: new Map(), agents: [] };
      this.slots.set(number, slot);
    }
    return slot;
  }

  /** The next call of a slot: `{call, tool, arguments, operation?}`; without `operation` it must not be repeated. */
  next(number) {
    const slot = this.slot(number);
    const call = `${this.run}-${number}-${++slot.calls}`;
    const made = this.make(slot, number, call);
    const operation = made.anonymous ? undefined : call;
    const named = operation === undefined ? {} : { operation_id: operation };
    return {
      call,
      tool: made.tool,
      operation,
      session: made.session,
      arguments: { session_id: made.session, ...made.arguments, ...named },
    };
  }

  make(slot, number, call) {
    if (slot.agents.length > LIVE_AGENTS_PER_SLOT) {
      const agent = slot.agents.shift();
      return { tool: 'agent_retire', session: agent.session, arguments: { agent_id: agent.id } };
    }
    const session = this.sessions[Math.floor(slot.random() * this.sessions.length)];
    return { session, ...this.add(slot, number, call, session) };
  }

  add(slot, number, call, session) {
    const kind = this.kind(slot.random());
    switch (kind) {
      case 'count': {
        const value = (slot.counters.get(session) ?? 0) + 1;
        slot.counters.set(session, value);
        return { tool: 'memory_store', arguments: { namespace: 'ledger', key: `${this.run}-${number}`, value } };
      }
      case 'spawn':
      case 'spawnAnonymous':
        return { tool: 'agent_spawn', anonymous: kind !== 'spawn', arguments: { type: 'worker', name: call } };
      case 'task':
      case 'taskAnonymous':
        return { tool: 'task_create', anonymous: kind !== 'task', arguments: { description: call } };
      default:
        return { tool: 'test_wait', anonymous: kind === 'wait20Anonymous', arguments: { ms: WAIT_MILLIS[kind], name: call } };
    }
  }

  kind(random) {
    let left = random * this.total;
    for (const [kind, part] of this.parts) {
      left -= part;
      if (left < 0) return kind;
    }
    return this.parts[0][0];
  }

  /** Lets the workload know of an agent that exists, so that it is retired one day: sessions hold a thousand. */
  spawned(number, session, id) {
    this.slot(number).agents.push({ session, id });
  }
}
