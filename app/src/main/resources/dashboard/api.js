// The daemon's JSON. A login is shown by the cookie, which scripts cannot read; whatever changes
// something carries the token of the login as well.

let csrf = "";

/** What the daemon answered instead of what was asked for. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** True when nobody answered who could: asked again later, there may be an answer. */
  get isAway() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

async function call(path, options) {
  let answer;
  let text;
  try {
    answer = await fetch(`/api/v1/${path}`, { cache: "no-store", ...options });
    text = await answer.text(); // which breaks off when the worker dies in the middle of it
  } catch {
    throw new ApiError(0, "UNREACHABLE", "the daemon does not answer");
  }
  if (answer.status === 401) {
    location.replace("/login");
  }
  let document = null;
  try {
    document = text === "" ? null : JSON.parse(text);
  } catch {
    throw new ApiError(answer.status, "NO_JSON", `the daemon answered ${answer.status} with something that is no JSON`);
  }
  if (!answer.ok) {
    const error = document?.error ?? {};
    throw new ApiError(answer.status, error.code ?? "", error.message ?? `the daemon answered ${answer.status}`);
  }
  return document;
}

/** Asks for a document. */
export function get(path) {
  return call(path, {});
}

/** As `get`, but null when this build, or this store, has no such thing. */
export async function find(path) {
  try {
    return await get(path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

/** Asks for something to be done. */
export function post(path, body = {}) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Csrf-Token": csrf },
    body: JSON.stringify(body),
  });
}

/** Names one thing that is to be done: asked for again under the same name, it is done once. */
export function operationId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Who we are, and the token for `post`. */
export async function session() {
  const found = await get("dashboard/session");
  csrf = found.csrf ?? "";
  return found;
}

/** A name as a part of a path. */
export const part = encodeURIComponent;

/** A query of what is set. */
export function query(parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}
