import type { ChannelHealth, SendResult } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createPlatformHttp, type PlatformHttp } from '../http/platform-http.ts';
import { createPlatformLink, type LinkCheck } from '../platform-link.ts';
import { fieldsOf, readAnswer, refusalOf } from './answer.ts';

export type TwilioResource = 'Messages' | 'Calls';

/** One account of Twilio's HTTP API over connections of its own, and whether it lets us work. */
export interface TwilioAccount {
  start(): Promise<void>;
  /** Resolves when nothing is in flight. */
  stop(): Promise<void>;
  /** Makes a message or a call; never rejects. */
  create(resource: TwilioResource, form: Readonly<Record<string, string>>): Promise<SendResult>;
  /** Everything to this number, newest first, since this moment if given and some older; null when that is not to be had whole. */
  listTo(
    resource: TwilioResource,
    to: string,
    since?: Date,
  ): Promise<readonly Readonly<Record<string, unknown>>[] | null>;
  health(): ChannelHealth;
}

export interface TwilioTimes {
  /** A whole call; well below delivery's deadline for an answer (45 s). */
  readonly timeoutMs: number;
  /** Between two questions whether an account that was away is back. */
  readonly checkMs: number;
}

const TIMES: TwilioTimes = { timeoutMs: 20_000, checkMs: 30_000 };
/** What left without an answer is looked for in Twilio's list so much later. */
const LISTED_WITHIN_MS = 60_000;
const CONNECTIONS = 4;
/** An account without money, or one that is given up, still answers. */
const ENDED: readonly unknown[] = ['suspended', 'closed'];
const PAGE = 200;
const MOST_PAGES = 5;

/** No Twilio library: three calls with Basic auth (spec: issue "Real channels", 4). */
export function createTwilioAccount(
  channel: ChannelName,
  { accountSid, authToken, apiRoot }: TwilioSettings,
  deps: ChannelDeps,
  { timeoutMs, checkMs }: TwilioTimes = TIMES,
): TwilioAccount {
  const base = `/2010-04-01/Accounts/${accountSid}`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  let http: PlatformHttp | null = null;

  const connected = (): PlatformHttp => {
    http ??= createPlatformHttp({ root: apiRoot, connections: CONNECTIONS, timeoutMs });
    return http;
  };
  const get = (path: string) => connected().call({ method: 'GET', path, headers: { authorization } });

  const link = createPlatformLink(
    channel,
    deps,
    async (): Promise<LinkCheck> => {
      const answer = await get(`${base}.json`);
      if (answer.kind !== 'answered') return { kind: 'away', detail: 'unreachable' };
      if (answer.status === 200)
        return ENDED.includes(fieldsOf(answer.body)['status'])
          ? { kind: 'refused', detail: 'accountSuspended' }
          : { kind: 'fine' };
      return answer.status === 401 || answer.status === 403
        ? { kind: 'refused', detail: 'unauthorized' }
        : { kind: 'away', detail: `http.${answer.status}` };
    },
    checkMs,
  );

  return {
    start: () => link.start(),
    async stop() {
      link.stop();
      const open = http;
      http = null;
      await open?.close();
    },
    async create(resource, form) {
      const closed = link.closed();
      if (closed !== null) return closed;
      const outcome = await connected().call({
        method: 'POST',
        path: `${base}/${resource}.json`,
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      });
      const answer = readAnswer(outcome);
      if (answer.kind === 'unknown') link.lost();
      else link.worked();
      switch (answer.kind) {
        case 'created':
          return { kind: 'sent', providerId: answer.sid };
        case 'refused':
          return refusalOf(answer.code);
        case 'limited':
          link.limit(answer.afterMs);
          return { kind: 'retry', afterMs: answer.afterMs, reason: 'rateLimited' };
        case 'unauthorized':
          return link.failed({ kind: 'refused', detail: 'unauthorized' });
        case 'notTaken':
          return link.failed({ kind: 'away', detail: answer.reason });
        case 'unknown':
          return { kind: 'unknown', askAfterMs: LISTED_WITHIN_MS };
        default:
          return answer satisfies never;
      }
    },
    async listTo(resource, to, since) {
      // Not by DateSent: a message that Twilio still queues has none, and it is the one that is looked for.
      const query = { To: to, PageSize: String(PAGE), ...(since && { 'DateSent>': since.toISOString().slice(0, 10) }) };
      let path = `${base}/${resource}.json?${new URLSearchParams(query).toString()}`;
      const found: Readonly<Record<string, unknown>>[] = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await get(path);
        if (answer.kind !== 'answered' || answer.status !== 200) return null;
        const fields = fieldsOf(answer.body);
        const rows = fields[resource.toLowerCase()];
        if (!Array.isArray(rows)) return null;
        found.push(...rows.filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null));
        const next = fields['next_page_uri'];
        if (next === null || next === undefined || next === '' || isBefore(found.at(-1), since)) return found;
        if (typeof next !== 'string' || !next.startsWith(`${base}/${resource}.json`)) return null;
        path = next;
      }
      return null;
    },
    health: () => link.health(),
  };
}

/** Whether a row, the last of a page, was made before that moment. */
function isBefore(row: Readonly<Record<string, unknown>> | undefined, since: Date | undefined): boolean {
  const created = row?.['date_created'];
  return since !== undefined && typeof created === 'string' && Date.parse(created) < since.getTime();
}
