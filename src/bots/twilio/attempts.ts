import { createHmac } from 'node:crypto';
import type { FindResult } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import type { TwilioAccount, TwilioResource } from './account.ts';

/**
 * What is kept of an attempt so that Twilio, which knows no key of ours, can be asked for it: to whom, when, and a keyed hash of
 * the words. Nothing else tells a lost answer from a lost request (spec: reliability.md B3, list before resend).
 */
export interface TwilioAttempts {
  /** Kept before the call. */
  note(attempt: {
    readonly id: string;
    readonly message: string;
    readonly to: string;
    readonly words: string;
  }): Promise<void>;
  /** The outcome is known: the note is dropped, but only after a while, for a crash may keep the outcome from being recorded. */
  answered(id: string): void;
  find(id: string): Promise<FindResult>;
}

/** Twilio counts whole seconds, by a clock of its own. */
const CLOCKS_APART_MS = 60_000;
const KEPT_MS = 3_600_000;
const TRIAL = 'Sent from your Twilio trial account - ';

/** A listed message is told by its words; a call has none, so every call to that number since then may be it. One that another message of ours is known by is not. */
export function createTwilioAttempts(parts: {
  channel: ChannelName;
  resource: TwilioResource;
  account: TwilioAccount;
  authToken: string;
  deps: Pick<ChannelDeps, 'memory' | 'taps' | 'wall' | 'log'>;
}): TwilioAttempts {
  const { channel, resource, account } = parts;
  const { memory, taps, wall, log } = parts.deps;
  const over: { readonly id: string; readonly atMs: number }[] = [];

  // The address is a value of its own, so that erasing a patient's data finds it.
  const toKey = (id: string): string => `attempt ${id} to`;
  const whatKey = (id: string): string => `attempt ${id} what`;
  const digest = (words: string): string =>
    createHmac('sha256', parts.authToken).update(words.trim()).digest('base64url');

  const forgetOld = async (): Promise<void> => {
    while (over[0] !== undefined && over[0].atMs + KEPT_MS < wall.nowMs()) {
      const { id } = over[0];
      over.shift();
      await memory.forget(channel, toKey(id));
      await memory.forget(channel, whatKey(id));
    }
  };

  const isIt = (row: Readonly<Record<string, unknown>>, to: string, words: string, sinceMs: number): boolean => {
    const { direction, body, date_created: created } = row;
    if (row['to'] !== to || typeof direction !== 'string' || !direction.startsWith('outbound')) return false;
    if (typeof created !== 'string' || !(Date.parse(created) >= sinceMs)) return false;
    if (resource === 'Calls') return true;
    if (typeof body !== 'string') return false;
    return digest(body.startsWith(TRIAL) ? body.slice(TRIAL.length) : body) === words;
  };

  return {
    async note({ id, message, to, words }) {
      await memory.set(channel, whatKey(id), `${wall.nowMs()} ${digest(words)} ${message}`);
      await memory.set(channel, toKey(id), to);
      await forgetOld().catch((error: unknown) => log.warn('twilio.notForgotten', { channel, error }));
    },
    answered(id) {
      over.push({ id, atMs: wall.nowMs() });
    },
    async find(id) {
      const to = await memory.get(channel, toKey(id));
      const what = await memory.get(channel, whatKey(id));
      // Noted before the call: without a note there was no call. Half a note is left when the patient's data were erased.
      if (to === null && what === null) return { kind: 'absent' };
      if (to === null || what === null) return { kind: 'silent' };
      const [atMs = '', words = '', message = ''] = what.split(' ');
      const rows = await account.listTo(resource, to);
      if (rows === null) return { kind: 'silent' };
      for (const row of rows) {
        const { sid } = row;
        if (typeof sid !== 'string' || !isIt(row, to, words, Number(atMs) - CLOCKS_APART_MS)) continue;
        const known = await taps.messageOf(channel, sid);
        if (known === null || known === message) return { kind: 'sent', providerId: sid };
      }
      return { kind: 'absent' };
    },
  };
}
