import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts';

/**
 * What an error code of Meta leads to. `wait`: the whole number is held back. `waitForChat`: this chat alone. `template`: the
 * window is closed. `refuse`: for good; with `closes` the chat takes nothing more. `down`: nothing goes until somebody mends it.
 */
export type CloudAction =
  | { readonly do: 'wait'; readonly reason: string; readonly leastMs: number; readonly mostMs: number }
  | { readonly do: 'waitForChat'; readonly reason: string }
  | { readonly do: 'template'; readonly reason: string }
  | { readonly do: 'refuse'; readonly reason: string; readonly closes?: true }
  | { readonly do: 'down'; readonly reason: string };

const wait = (reason: string, leastMs: number, mostMs: number): CloudAction => ({
  do: 'wait',
  reason,
  leastMs,
  mostMs,
});
const refuse = (reason: string): CloudAction => ({ do: 'refuse', reason });
const close = (reason: string): CloudAction => ({ do: 'refuse', reason, closes: true });
const down = (reason: string): CloudAction => ({ do: 'down', reason });

/** Meta's published codes (developers.facebook.com, WhatsApp, Error codes); by code alone, never by words. */
const ACTIONS: ReadonlyMap<number, CloudAction> = new Map([
  [0, down('unauthorized')],
  [3, down('unauthorized')],
  [10, down('unauthorized')],
  [190, down('unauthorized')],
  [131005, down('unauthorized')],
  [368, down('accountLocked')],
  [131031, down('accountLocked')],
  [131042, down('paymentMissing')],
  [131045, down('notRegistered')],
  [133010, down('notRegistered')],
  [130429, wait('rateLimited', 1000, MINUTE_MS)],
  [4, wait('rateLimited', MINUTE_MS, 10 * MINUTE_MS)],
  [80007, wait('rateLimited', MINUTE_MS, 10 * MINUTE_MS)],
  [131048, wait('spamLimited', HOUR_MS, HOUR_MS)],
  [131056, { do: 'waitForChat', reason: 'pairLimited' }],
  [131047, { do: 'template', reason: 'windowClosed' }],
  [131026, close('undeliverable')],
  [131021, close('ownNumber')],
  [131030, refuse('notAllowedInTest')],
  [130497, refuse('countryRestricted')],
  [130472, refuse('experiment')],
  [131049, refuse('marketingCapped')],
  [131050, refuse('marketingRefused')],
  [131037, refuse('displayNameNotApproved')],
  [131008, refuse('invalidMessage')],
  [131009, refuse('invalidMessage')],
  [131051, refuse('invalidMessage')],
  [100, refuse('invalidMessage')],
  [33, refuse('invalidMessage')],
  [132000, refuse('templateChanged')],
  [132012, refuse('templateChanged')],
  [132018, refuse('templateChanged')],
  [132001, refuse('templateMissing')],
  [132005, refuse('templateTooLong')],
  [132007, refuse('templateRejected')],
  [132015, refuse('templatePaused')],
  [132016, refuse('templateDisabled')],
]);

/** Null for a code that is not in the table. 200 to 299 are all permissions that are missing. */
export function actionFor(code: number): CloudAction | null {
  if (code >= 200 && code <= 299) return down('unauthorized');
  return ACTIONS.get(code) ?? null;
}

/** Why Meta failed a message that it had accepted, as the timeline shows it. */
export function failureOf(code: number | null): { readonly reason: string; readonly closes?: true } {
  const action = code === null ? null : actionFor(code);
  if (action === null) return { reason: code === null ? 'failed' : `error${code}` };
  return action.do === 'refuse'
    ? { reason: action.reason, ...(action.closes && { closes: true }) }
    : { reason: action.reason };
}
