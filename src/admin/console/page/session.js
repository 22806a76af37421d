const KEY = 'zabota.token';
const demo = document.querySelector('meta[name="demo"]')?.getAttribute('content') === 'true';

/** Whether the service says that it is a demo. */
export const isDemo = demo;

/** The owner token of this tab; a demo's own until another was given. */
export function token() {
  return sessionStorage.getItem(KEY) ?? (demo ? 'demo' : null);
}

/** Keeps the token until the tab is closed. @param {string} value */
export function rememberToken(value) {
  sessionStorage.setItem(KEY, value);
}

/** A token that was refused is not tried again. */
export function forgetToken() {
  sessionStorage.setItem(KEY, '');
}
