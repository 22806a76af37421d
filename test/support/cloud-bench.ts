import { afterEach } from '@jest/globals';
import { createTaps } from '../../src/bots/taps.ts';
import { createWhatsappCloud } from '../../src/bots/whatsapp-cloud/channel.ts';
import { messageKey } from '../../src/bots/whatsapp-cloud/message-key.ts';
import { creationOf } from '../../src/bots/whatsapp-cloud/templates/shape.ts';
import { ourTemplates } from '../../src/bots/whatsapp-cloud/templates.ts';
import type { Channel, ChannelEvents, OutgoingMessage, Receipt } from '../../src/core/channel.ts';
import type { RenderedChoice } from '../../src/core/content.ts';
import type { Hook } from '../../src/core/hook.ts';
import type { InboundMessage } from '../../src/core/inbound.ts';
import type { Message } from '../../src/core/message.ts';
import type { Stores } from '../../src/core/stores.ts';
import { type CloudApiServer, startCloudApiServer } from './cloud-api-server.ts';
import { countIds } from './count-ids.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { startHookServer } from './hook-server.ts';
import { outgoing } from './outgoing.ts';
import { type QuietLog, quietLog } from './quiet-log.ts';
import { sentence } from './sentence.ts';

const PHONE = '+995555123456';
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** The real channel on the stand-in of Meta and the real stores; stopped after the test that opened it. */
export interface CloudBench {
  readonly server: CloudApiServer;
  readonly channel: Channel;
  readonly hook: Hook;
  readonly clock: FakeClock;
  readonly log: QuietLog;
  readonly received: InboundMessage[];
  readonly receipts: Receipt[];
  readonly closed: string[];
  /** May be replaced by a test; keeps what it is told by default. */
  readonly events: { -readonly [K in keyof ChannelEvents]: ChannelEvents[K] };
  /** Somebody who wrote a minute ago. */
  readonly phone: string;
  /** With every template approved, unless the test says otherwise. */
  start(options?: { readonly templates?: boolean }): Promise<void>;
  /** The same channel as another process has it: it knows only what is stored. */
  restarted(): Promise<Channel>;
  /** Moves the channel's real time, and does what it does every so often. */
  pass(ms: number): void;
  message(change?: Partial<OutgoingMessage>): OutgoingMessage;
  /** A message of ours in the outbox as it is after sending; gives its id. */
  stored(row: { to?: string; choices?: readonly RenderedChoice[]; wamid?: string }): Promise<string>;
  readonly hookUrl: string;
}

export async function cloudBench(
  stores: Stores,
  { timeoutMs = 1000 }: { timeoutMs?: number } = {},
): Promise<CloudBench> {
  const server = await startCloudApiServer();
  const clock = fakeClock('2026-03-02T09:00:00Z');
  const log = quietLog();
  const received: InboundMessage[] = [];
  const receipts: Receipt[] = [];
  const closed: string[] = [];
  const ticks: (() => void)[] = [];
  const newKey = countIds(`key${performance.now()}`);
  let apart = 0;
  const build = () =>
    createWhatsappCloud(server.settings, {
      clock,
      wall: { nowMs: () => Date.now() + apart },
      newId: countIds('id'),
      chance: () => 0.5,
      pause: async () => undefined,
      every: (_ms, tick) => {
        ticks.push(tick);
        return () => void ticks.splice(ticks.indexOf(tick), 1);
      },
      memory: stores.channelMemory,
      taps: createTaps({ outbox: stores.outbox }),
      log,
      sentence,
      timeoutMs,
    });
  const { channel, hook } = build();
  const doors = await startHookServer(new Map([['whatsapp', hook]]));
  const hookUrl = `${doors.origin}/hooks/whatsapp`;
  server.say(PHONE, 'hello');
  server.webhooks.forget();
  const events: CloudBench['events'] = {
    received: async (message) => void received.push(message),
    receipt: async (receipt) => void receipts.push(receipt),
    closed: async ({ address }) => void closed.push(address),
  };
  const told: ChannelEvents = {
    received: (message) => events.received(message),
    receipt: (receipt) => events.receipt(receipt),
    closed: (chat) => events.closed(chat),
  };
  opened.push(async () => {
    await channel.stop();
    await server.close();
    await doors.stop();
  });
  return {
    server,
    channel,
    hook,
    clock,
    log,
    received,
    receipts,
    closed,
    events,
    phone: PHONE,
    hookUrl,
    async start({ templates = true } = {}) {
      if (templates)
        server.templates.haveApproved(ourTemplates(sentence).map((template) => creationOf(template, sentence)));
      await channel.start(told);
      server.webhooks.connect(hookUrl);
    },
    async restarted() {
      const again = build().channel;
      await again.start(told);
      opened.unshift(() => again.stop());
      return again;
    },
    pass(ms) {
      apart += ms;
      for (const tick of [...ticks]) tick();
    },
    message: (change = {}) => outgoing({ to: PHONE, attemptId: 'a-1', ...change }),
    async stored({ to = PHONE, choices = [], wamid }) {
      const now = clock.now();
      const [planned] = await stores.outbox.plan(
        [{ key: newKey(), kind: 'reply', patient: null, branch: null, dueAt: now, channel: 'whatsapp', to }],
        now,
      );
      if (planned === undefined) throw new Error('The row was not planned.');
      const attempt = { id: `${planned.id}-a`, channel: 'whatsapp', to, price: 0, at: now, result: 'sent' } as const;
      const sent: Message = {
        ...planned,
        state: 'sent',
        lookAt: null,
        choices,
        attempts: [{ ...attempt, ...(wamid !== undefined && { providerId: messageKey(wamid) }) }],
      };
      await stores.outbox.save(planned, sent);
      return planned.id;
    },
  };
}
