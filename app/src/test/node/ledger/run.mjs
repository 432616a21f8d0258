// Runs the workload over one client until the harness says `stop`, and tells of each call: sent, then
// primed (the client holds an event id under which it can ask again), then exactly one of
// acknowledged (its own promise brought a receipt), refused (an answer without one) or failed (its
// promise was rejected). With --repeat, a failed call is repeated with the same operation id until it is
// acknowledged, which is told apart.
import { parseArgs } from 'node:util';
import { listen, tell, tellLast } from './lines.mjs';
import { watchedFetch } from './wire.mjs';
import { MIXES, Workload } from './workload.mjs';

const REPEAT_PAUSE_MILLIS = 100;
const REPEAT_ATTEMPTS = 300;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    run: { type: 'string' },
    seed: { type: 'string' },
    'in-flight': { type: 'string', default: '8' },
    sessions: { type: 'string', default: '3' },
    mix: { type: 'string', default: 'mixed' },
    era: { type: 'string', default: 'legacy' },
    repeat: { type: 'boolean', default: false },
    'timeout-millis': { type: 'string', default: '30000' },
  },
});

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

const receiptOf = (result) => {
  const receipt = result?.structuredContent?.receipt;
  return receipt?.session_id && Number.isInteger(receipt.seq) && receipt.hash ? receipt : undefined;
};

const shortly = (error) => `${error?.code ?? ''} ${error?.message ?? error} ${error?.cause?.code ?? ''}`.trim().slice(0, 300);

/** What of a result the checker compares with the store. */
const facts = ({ version, agent, task }) => ({ version, agent: agent?.agent_id, task: task?.task_id });

/**
 * @param connect given `{url, fetch, era}` it connects a client and returns `{call, close}`;
 *   `call(name, arguments, {timeoutMillis, onPrimed})` returns the promise of a tool's result
 */
export const run = async (connect) => {
  let stopping = false;
  let closing = false;
  const timeoutMillis = Number(options['timeout-millis']);
  const fetch = watchedFetch({
    headers: { authorization: `Bearer ${process.env.PLANARIA_TOKEN}` },
    closing: () => closing,
  });
  const client = await connect({ url: new URL(options.url), fetch, era: options.era });

  const once = async (op) => {
    let primed = false;
    const onPrimed = () => {
      if (!primed) tell('primed', { call: op.call });
      primed = true;
    };
    const result = await client.call(op.tool, op.arguments, { timeoutMillis, onPrimed });
    const receipt = receiptOf(result);
    if (!receipt) {
      tell('refused', { call: op.call, text: JSON.stringify(result).slice(0, 500) });
      return undefined;
    }
    return { receipt, ...facts(result.structuredContent) };
  };

  const repeated = async (op) => {
    for (let attempt = 2; attempt <= REPEAT_ATTEMPTS && !closing; attempt++) {
      await pause(REPEAT_PAUSE_MILLIS);
      try {
        return { attempt, kept: await once(op) };
      } catch (error) {
        if (attempt === 2 || attempt === REPEAT_ATTEMPTS) tell('again', { call: op.call, attempt, error: shortly(error) });
      }
    }
    return { attempt: REPEAT_ATTEMPTS };
  };

  const perform = async (op) => {
    tell('sent', { call: op.call, tool: op.tool, session: op.session, operation: op.operation, key: op.arguments.key, value: op.arguments.value });
    try {
      const kept = await once(op);
      if (kept) tell('acknowledged', { call: op.call, attempt: 1, ...kept });
      return kept;
    } catch (error) {
      tell('failed', { call: op.call, error: shortly(error) });
    }
    if (!options.repeat || !op.operation) {
      await pause(REPEAT_PAUSE_MILLIS);
      return undefined;
    }
    const { attempt, kept } = await repeated(op);
    if (kept) tell('acknowledged', { call: op.call, attempt, ...kept });
    return kept;
  };

  const sessions = [];
  for (let i = 0; i < Number(options.sessions); i++) {
    const name = `${options.run}-${i}`;
    // A fast machine spawns more agents than a session allows by itself.
    const opening = { name, operation_id: name, config: { max_agents: 1000 } };
    const { structuredContent } = await client.call('session_open', opening, { timeoutMillis });
    sessions.push(structuredContent.session_id);
  }
  tell('ready', { sessions });

  const workload = new Workload({ run: options.run, seed: Number(options.seed), sessions, mix: MIXES[options.mix] });
  listen((command) => {
    if (command === 'stop') stopping = true;
  });
  const slot = async (number) => {
    while (!stopping) {
      const op = workload.next(number);
      const kept = await perform(op);
      if (kept?.agent && op.tool !== 'agent_retire') workload.spawned(number, op.session, kept.agent);
    }
  };
  await Promise.all(Array.from({ length: Number(options['in-flight']) }, (_, number) => slot(number)));
  closing = true;
  tellLast('stopped', {});
};
