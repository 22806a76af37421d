import { describe, expect, it } from '@jest/globals';
import { createChannelReturn } from '../../src/bots/channel-return.ts';
import type { ChannelHealth } from '../../src/core/channel.ts';
import { buildHealth } from '../support/admin-ports.ts';

function setUp() {
  const off: ChannelHealth = { state: 'off', since: new Date('2026-03-02T09:00:00Z') };
  const told: string[] = [];
  let state: ChannelHealth['state'] = 'connecting';
  let away = false;
  const look = createChannelReturn({
    health: () => ({ ...buildHealth(), whatsapp: off, sms: off, email: off, voice: off, telegram: { ...off, state } }),
    returned: async () => {
      if (away) throw new Error('no store');
      told.push('returned');
    },
  });
  return {
    told,
    look,
    become: (next: ChannelHealth['state']) => {
      state = next;
    },
    storeIsAway: (is: boolean) => {
      away = is;
    },
  };
}

describe('A channel that comes up', () => {
  it('is told once, at a start and after each outage', async () => {
    const { told, look, become } = setUp();
    await look();
    expect(told).toEqual([]);
    become('up');
    await look();
    await look();
    expect(told).toEqual(['returned']);
    become('down');
    await look();
    become('up');
    await look();
    expect(told).toEqual(['returned', 'returned']);
  });

  it('is told again where the store was away', async () => {
    const { told, look, become, storeIsAway } = setUp();
    become('up');
    storeIsAway(true);
    await expect(look()).rejects.toThrow('no store');
    storeIsAway(false);
    await look();
    expect(told).toEqual(['returned']);
  });
});
