// A `fetch` for the clients that notes what happens beneath them: connections refused or broken,
// answers with an error status, which link they are on, and which streams they resume. A client may
// hide all of it by trying again; the promise is that there is nothing to hide.
import { tell } from './lines.mjs';

/** Carries a call's own id, so that the traced worker can say how far it got with that call. */
export const CALL_HEADER = 'x-ledger-call';

const causeOf = (error) => {
  let cause = error;
  while (cause?.cause) cause = cause.cause;
  return String(cause?.code ?? cause?.message ?? error);
};

/** The workload's name for the call in a request's body. */
const callIn = (body) => {
  if (typeof body !== 'string' || !body.includes('"tools/call"')) return undefined;
  const { operation_id: operation, name, description } = JSON.parse(body).params?.arguments ?? {};
  return operation ?? name ?? description;
};

/** Watches a body to its end without changing it. */
const watched = (response, about) => {
  if (!response.body) return response;
  const reader = response.body.getReader();
  let left = false;
  const body = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (left) return;
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (left) return;
        if (!about.ownDoing()) tell('wire', { kind: 'broken', detail: causeOf(error), call: about.call });
        controller.error(error);
      }
    },
    cancel(reason) {
      left = true;
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
};

/**
 * @param headers to send with each request
 * @param closing says whether the client is ending, when broken streams are its own doing
 */
export const watchedFetch = ({ headers, closing }) => {
  let link;
  const onLink = (id) => {
    if (id && id !== link) {
      link = id;
      tell('link', { id });
    }
  };
  return async (url, init = {}) => {
    const call = callIn(init.body);
    const all = new Headers(init.headers);
    Object.entries(headers).forEach(([name, value]) => all.set(name, value));
    if (call) all.set(CALL_HEADER, call);
    // What the client breaks off itself, because it gave up or ends, was not done to it.
    const ownDoing = () => closing() || init.signal?.aborted;
    const lastEvent = all.get('last-event-id');
    if (lastEvent) tell('resuming', { stream: lastEvent });
    let response;
    try {
      response = await fetch(url, { ...init, headers: all });
    } catch (error) {
      if (!ownDoing()) tell('wire', { kind: 'refused', detail: causeOf(error), call });
      throw error;
    }
    if (lastEvent && response.ok) tell('resumed', { stream: lastEvent });
    onLink(all.get('mcp-session-id'));
    onLink(response.headers.get('mcp-session-id'));
    // 405 is how a server says that it has no such stream, or nothing more on it.
    if (!response.ok && response.status !== 405) {
      tell('wire', { kind: 'status', detail: String(response.status), call });
    }
    return watched(response, { call, ownDoing });
  };
};
