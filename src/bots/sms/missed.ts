import { DAY_MS, MINUTE_MS } from '../../core/clock.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import type { TwilioAccount } from '../twilio/account.ts';

/** Hears what patients wrote while Twilio could not call us. Nothing is heard twice: the id is that of the call. */
export interface Missed {
  start(): void;
  /** Resolves when nothing is being read any more. */
  stop(): Promise<void>;
}

const EVERY_MS = 10 * MINUTE_MS;
const CLOCKS_APART_MS = MINUTE_MS;
const SINCE = 'hears since';

/**
 * Reads Twilio's list at the start, and now and then, for Twilio gives a call up after some tries. A day back at most, and not
 * beyond our first start: what was written to the number before that was not written to us.
 */
export function createMissed(
  account: Pick<TwilioAccount, 'listTo'>,
  number: string,
  { memory, wall, every, log }: Pick<ChannelDeps, 'memory' | 'wall' | 'every' | 'log'>,
  /** As a call would have brought it. */
  take: (fields: Readonly<Record<string, string>>) => Promise<unknown>,
): Missed {
  let reading: Promise<void> | null = null;
  let quiet: (() => void) | null = null;

  const read = async (): Promise<void> => {
    const nowMs = wall.nowMs();
    const since = await memory.get('sms', SINCE);
    if (since === null) return memory.set('sms', SINCE, String(nowMs));
    const fromMs = Math.max(Number(since), nowMs - DAY_MS) - CLOCKS_APART_MS;
    const rows = await account.listTo('Messages', number, new Date(fromMs));
    if (rows === null) return log.warn('sms.missedNotRead');
    for (const row of rows.toReversed()) {
      const { sid, from, body, num_media: media, direction, date_created: created } = row;
      if (direction !== 'inbound' || typeof created !== 'string' || !(Date.parse(created) >= fromMs)) continue;
      if (quiet === null) return;
      if (typeof sid !== 'string' || typeof from !== 'string') continue;
      const [Body, NumMedia] = [body, media].map((field) => (typeof field === 'string' ? field : ''));
      await take({ MessageSid: sid, From: from, Body: Body ?? '', NumMedia: NumMedia ?? '' });
    }
    // All of it is kept by now: a busy day is not asked for again and again, until its list is too long to be had.
    await memory.set('sms', SINCE, String(Math.max(Number(since), nowMs - EVERY_MS)));
  };

  const turn = (): void => {
    reading ??= read()
      .catch((error: unknown) => log.warn('sms.missedNotRead', { error }))
      .finally(() => {
        reading = null;
      });
  };

  return {
    start() {
      quiet ??= every(EVERY_MS, turn);
      turn();
    },
    async stop() {
      quiet?.();
      quiet = null;
      await reading;
    },
  };
}
