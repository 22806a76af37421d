import { beforeEach, describe, expect, it } from '@jest/globals';
import { createChannelWatch } from '../../src/bots/channel-watch.ts';
import type { ChannelHealth } from '../../src/core/channel.ts';
import type { NewMessage } from '../../src/core/message.ts';
import { buildHealth } from '../support/admin-ports.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const CLINIC = { kind: 'clinic' as const };

async function setUp() {
  const clock = fakeClock('2026-03-02T09:00:00Z');
  const branch = { name: 'Hill', timezone: 'Europe/Rome', country: 'IT', currency: 'EUR', locale: 'it' as const };
  const rest = { reviewSites: [], consentRequired: false };
  const head = { email: 'head@clinic.example', telegram: '42' };
  const now = clock.now();
  await stores.branches.put('hill', { ...branch, ...rest, channels: ['telegram', 'whatsapp'], head }, now, CLINIC.kind);
  await stores.branches.put('dale', { ...branch, ...rest, channels: ['sms'], head }, now, CLINIC.kind);
  const sent: NewMessage[] = [];
  const health = buildHealth();
  let telegram: ChannelHealth = { state: 'down', since: now, detail: 'unauthorized' };
  const watch = createChannelWatch({
    health: () => ({ ...health, telegram }),
    branches: stores.branches,
    memory: stores.channelMemory,
    sender: {
      enqueue: async (rows) => {
        sent.push(...rows);
      },
    },
    render: ({ key }, locale) => ({ key, locale, text: `${key} in ${locale}`, choices: [] }),
    clock,
    log: quietLog(),
  });
  return {
    clock,
    sent,
    watch,
    become: (state: ChannelHealth['state']) => {
      telegram = { state, since: clock.now() };
    },
  };
}

beforeEach(() => stores.simulator.reset());

describe('The watch over the channels', () => {
  it('tells the heads of the branches that use it, by another way, once an outage', async () => {
    const { clock, sent, watch } = await setUp();
    clock.advance(119_000);
    await watch();
    expect(sent).toEqual([]);
    clock.advance(1_000);
    await watch();
    clock.advance(3_600_000);
    await watch();
    expect(sent).toMatchObject([
      {
        kind: 'alert',
        branch: 'hill',
        channel: 'email',
        to: 'head@clinic.example',
        locale: 'it',
        content: {
          key: 'bots.alert.channelDown',
          values: {
            channel: 'console.channel.telegram in it',
            branch: 'Hill',
            at: '02.03 10:00',
            detail: 'unauthorized',
          },
        },
      },
    ]);
    expect(sent).toHaveLength(1);
  });

  it('tells it again when the channel was up in between', async () => {
    const { clock, sent, watch, become } = await setUp();
    clock.advance(120_000);
    await watch();
    become('up');
    await watch();
    become('down');
    clock.advance(120_000);
    await watch();
    expect(sent).toHaveLength(2);
  });

  it('says nothing of a channel that staff disconnected', async () => {
    const { clock, sent, watch, become } = await setUp();
    become('off');
    clock.advance(600_000);
    await watch();
    expect(sent).toEqual([]);
  });
});
