import type { RunningService } from './running-service.ts';

/** A message as the log shows it. */
export interface Logged {
  readonly scenario: string;
  readonly subject: { readonly appointment?: string; readonly patient?: string };
  readonly also: readonly string[];
  readonly patient: string;
  readonly branch: string;
  readonly channel: string;
  readonly status: string;
  readonly text: string;
  readonly dueAt: string;
  readonly timeline: readonly { readonly status: string; readonly at: string }[];
  readonly price: number;
}

/** A line that the bot wrote into a phone. */
export interface Received {
  /** `channel address`. */
  readonly chat: string;
  readonly at: string;
  readonly text: string;
}

/** All pages of the log of scenario messages, those that were planned and did not go out too. */
export async function readLog(service: RunningService): Promise<readonly Logged[]> {
  return everyPage<Logged>(service, '/messages?kind=scenario');
}

/** What the bot's lines say in every phone. */
export async function readPhones(service: RunningService): Promise<readonly Received[]> {
  const chats = await everyPage<{ channel: string; address: string }>(service, '/demo/chats');
  const lines: Received[] = [];
  for (const { channel, address } of chats) {
    const path = `/demo/chats/${channel}/${encodeURIComponent(address)}/messages`;
    for (const line of await everyPage<{ from: string; at: string; text: string }>(service, path))
      if (line.from === 'bot') lines.push({ chat: `${channel} ${address}`, at: line.at, text: line.text });
  }
  return lines;
}

async function everyPage<T>(service: RunningService, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; next: string | null } = await service.must(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=200${after}`,
    );
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
