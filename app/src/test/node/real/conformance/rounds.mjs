// The tools and the prompt of revision 2026-07-28 that answer with what they need of the client
// (`input_required`), and get it with the same request again.
import { acceptedContent, createRequestStateCodec, inputRequired } from '@modelcontextprotocol/server';
import { object, said, text } from './content.mjs';

/** State goes through the client and comes back; the server refuses what it has not sealed. */
export const states = createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) });

const form = (message, name, type) =>
  inputRequired.elicit({ message, requestedSchema: object({ [name]: { type } }, { required: [name] }) });
const sample = (words, maxTokens) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });

const NAME = form('What is your name?', 'name', 'string');
const CONFIRM = form('Please confirm', 'ok', 'boolean');
const GREETING = sample('Generate a greeting', 50);
const ROOTS = inputRequired.listRoots();

const given = (context) => context.mcpReq.inputResponses ?? {};
const accepted = (context, key) => acceptedContent(context.mcpReq.inputResponses, key);
const capabilities = (context) => context.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
const done = (words) => ({ content: [text(words)] });
const sealed = async (inputRequests, state) => inputRequired({ inputRequests, requestState: await states.mint(state) });

export const ROUNDS = {
  test_input_required_result_elicitation: (context) => {
    const name = accepted(context, 'user_name')?.name;
    return name === undefined ? inputRequired({ inputRequests: { user_name: NAME } }) : done(`Hello, ${name}!`);
  },
  test_input_required_result_sampling: (context) => {
    const { capital_question: answer } = given(context);
    return answer ? done(JSON.stringify(answer)) : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
  },
  test_input_required_result_list_roots: (context) => {
    const { client_roots: roots } = given(context);
    return roots ? done(JSON.stringify(roots)) : inputRequired({ inputRequests: { client_roots: ROOTS } });
  },
  test_input_required_result_request_state: (context) =>
    context.mcpReq.requestState() && accepted(context, 'confirm') ? done('state-ok') : sealed({ confirm: CONFIRM }, { tool: 'state' }),
  test_input_required_result_tampered_state: (context) =>
    context.mcpReq.requestState() && accepted(context, 'confirm') ? done('state-ok') : sealed({ confirm: CONFIRM }, { tool: 'tampered' }),
  test_input_required_result_multiple_inputs: (context) => {
    const { greeting, client_roots } = given(context);
    return accepted(context, 'user_name') && greeting && client_roots
      ? done('all three')
      : sealed({ user_name: NAME, greeting: GREETING, client_roots: ROOTS }, { tool: 'multiple' });
  },
  test_input_required_result_multi_round: (context) => {
    const round = context.mcpReq.requestState()?.round ?? 0;
    if (round === 1 && accepted(context, 'step1')) return sealed({ step2: form('Step 2: what color?', 'color', 'string') }, { round: 2 });
    if (round === 2 && accepted(context, 'step2')) return done('both steps');
    return sealed({ step1: form('Step 1: what name?', 'name', 'string') }, { round: 1 });
  },
  test_input_required_result_capabilities: (context) => {
    const able = capabilities(context);
    const inputRequests = {
      ...(able.elicitation && { user_name: NAME }),
      ...(able.sampling && { greeting: GREETING }),
      ...(able.roots && { client_roots: ROOTS }),
    };
    return inputRequired({ inputRequests });
  },
  // The SDK refuses it when the client cannot sample.
  test_missing_capability: (context) =>
    given(context).greeting ? done('sampled') : inputRequired({ inputRequests: { greeting: GREETING } }),
};

/** A prompt that needs an answer first. */
export const ROUND_PROMPTS = {
  test_input_required_result_prompt: (context) => {
    const about = accepted(context, 'user_context')?.context;
    return about === undefined
      ? inputRequired({ inputRequests: { user_context: form('What is it about?', 'context', 'string') } })
      : { messages: [said(text(`About ${about}`))] };
  },
};
