import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SimulatedMessage, SimulatorStore } from '../../src/core/simulator.ts';
import { MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const chat = { channel: 'whatsapp', address: '+79161234567' } as const;

function line(id: string, overrides: Partial<SimulatedMessage> = {}): SimulatedMessage {
  return {
    id,
    at: chat,
    from: 'bot',
    sentAt: MONDAY,
    text: 'Ждём вас',
    choices: [],
    status: 'delivered',
    ...overrides,
  };
}

/** What every simulated platform remembers. */
export function simulatorContract({ name, create }: { name: string; create: () => Promise<SimulatorStore> }): void {
  let simulator: SimulatorStore;
  const idsOf = (lines: readonly SimulatedMessage[]) => lines.map(({ id }) => id);

  describe(name, () => {
    beforeEach(async () => {
      simulator = await create();
    });

    it('keeps the lines of a chat in the order of storing, each once', async () => {
      const choices = [{ id: 'confirm', title: 'Приду' }];
      await simulator.add(line('b', { choices, attemptId: 't1', messageId: 'm1' }));
      await simulator.add(line('a', { from: 'patient', body: { kind: 'choice', choice: 'confirm' } }));
      await simulator.add(line('b', { text: 'другое' }));
      await simulator.add(line('c', { at: { channel: 'sms', address: chat.address } }));
      expect(await simulator.ofChat(chat)).toEqual([
        line('b', { choices, attemptId: 't1', messageId: 'm1' }),
        line('a', { from: 'patient', body: { kind: 'choice', choice: 'confirm' } }),
      ]);
      expect(idsOf(await simulator.ofChat(chat, 'b'))).toEqual(['a']);
      expect(await simulator.ofChat({ channel: 'telegram', address: '1' })).toEqual([]);
    });

    it('finds a line by its id and by our attempt', async () => {
      await simulator.add(line('b', { attemptId: 't1' }));
      expect(await simulator.byAttempt('t1')).toMatchObject({ id: 'b' });
      expect(await simulator.byId('b')).toMatchObject({ id: 'b' });
      expect([await simulator.byAttempt('t2'), await simulator.byId('x')]).toEqual([null, null]);
    });

    it('gives every chat with its newest line, the newest first', async () => {
      await simulator.add(line('1'));
      await simulator.add(line('2', { at: { channel: 'sms', address: chat.address } }));
      await simulator.add(line('3'));
      expect(idsOf(await simulator.chats())).toEqual(['3', '2']);
    });

    it('marks the bot’s lines of a chat as read, and says which were new', async () => {
      await simulator.add(line('1'));
      await simulator.add(line('2', { from: 'patient', status: 'sent' }));
      expect(await simulator.markRead(chat)).toEqual([line('1', { status: 'read' })]);
      expect(await simulator.markRead(chat)).toEqual([]);
      expect((await simulator.ofChat(chat)).map(({ status }) => status)).toEqual(['read', 'sent']);
    });

    it('remembers modes, addresses that take nothing, the clock and the sample', async () => {
      expect(await simulator.mode('sms')).toBeNull();
      await simulator.setMode('sms', 'down', MONDAY);
      await simulator.setMode('sms', 'silent', NOON);
      expect(await simulator.mode('sms')).toEqual({ mode: 'silent', since: NOON });

      await simulator.setReachable(chat, false);
      expect(await simulator.isUnreachable(chat)).toBe(true);
      await simulator.setReachable(chat, true);
      expect(await simulator.isUnreachable(chat)).toBe(false);

      expect(await simulator.clock()).toBeNull();
      await simulator.saveClock({ now: NOON, running: true });
      expect(await simulator.clock()).toEqual({ now: NOON, running: true });

      expect(await simulator.sampleLoaded()).toBe(false);
      await simulator.markSampleLoaded();
      expect(await simulator.sampleLoaded()).toBe(true);
    });

    it('forgets everything on reset', async () => {
      await simulator.add(line('1'));
      await simulator.saveClock({ now: NOON, running: true });
      await simulator.markSampleLoaded();
      await simulator.reset();
      expect([await simulator.chats(), await simulator.clock(), await simulator.sampleLoaded()]).toEqual([
        [],
        null,
        false,
      ]);
    });
  });
}
