import { forgetToken, token } from './session.js';
import { currentLocale } from './words.js';

/** A refusal of the API: its status, code and details as they came; status 0 means that the service was not reached. */
export class ApiError extends Error {
  /** @param {number} status @param {{ code?: string, message?: string, details?: any }} body */
  constructor(status, body) {
    super(body.message ?? String(status));
    this.status = status;
    this.code = body.code ?? '';
    this.details = body.details;
  }
}

let whenRefused = () => {};

/** Called when the token is refused, so that the page asks for it again. @param {() => void} listener */
export function onRefusal(listener) {
  whenRefused = listener;
}

/**
 * One call of the API; resolves with the parsed answer and throws `ApiError`.
 * @param {string} method @param {string} path below /api/v1 @param {unknown} [body] @param {Record<string, string>} [more] headers
 * @returns {Promise<any>}
 */
export async function call(method, path, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { authorization: `Bearer ${token() ?? ''}`, 'accept-language': currentLocale(), ...more };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`/api/v1${path}`, { method, headers, ...sent }).catch((error) => {
    throw new ApiError(0, { code: 'unreachable', message: String(error) });
  });
  const text = await answer.text();
  const json = parsed(text);
  if (answer.ok) return json;
  if (answer.status === 401) {
    forgetToken();
    whenRefused();
  }
  throw new ApiError(answer.status, json ?? {});
}

/** Every page of a list as one; for lists that are shown whole. @param {string} path */
export async function callAllPages(path) {
  const items = [];
  let cursor = '';
  do {
    const more = withQuery('', { limit: 200, cursor });
    const page = await call('GET', path + (path.includes('?') ? more.replace('?', '&') : more));
    items.push(...page.items);
    cursor = page.next ?? '';
  } while (cursor !== '');
  return { items, next: null };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A path with its query; empty values are left out. @param {string} path @param {Record<string, string | number | undefined>} query */
export function withQuery(path, query) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (pairs.length === 0) return path;
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}
