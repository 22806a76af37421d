import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InboundMessage, InboundStore } from '../../src/core/inbound.ts';
import { MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const chat = { channel: 'whatsapp', address: '+79161234567' } as const;

function message(id: string, overrides: Partial<InboundMessage> = {}): InboundMessage {
  return { id, from: chat, at: MONDAY, body: { kind: 'text', text: 'да' }, ...overrides };
}

/** What every store of received messages keeps: each once, in the order of storing. */
export function inboundContract({ name, create }: { name: string; create: () => Promise<InboundStore> }): void {
  let inbound: InboundStore;

  describe(name, () => {
    beforeEach(async () => {
      inbound = await create();
    });

    it('stores a message once', async () => {
      expect([await inbound.store(message('1')), await inbound.store(message('1'))]).toEqual([true, false]);
    });

    it('stores one of many repeats at the same moment', async () => {
      const stored = await Promise.all(Array.from({ length: 10 }, () => inbound.store(message('1'))));
      expect(stored.filter(Boolean)).toHaveLength(1);
    });

    it('tells ids of two channels apart', async () => {
      await inbound.store(message('1'));
      expect(await inbound.store(message('1', { from: { channel: 'telegram', address: '4711' } }))).toBe(true);
    });

    it('goes on with what was not handled, the oldest first', async () => {
      for (const id of ['1', '2', '3']) await inbound.store(message(id));
      await inbound.markHandled(message('2'), NOON);
      expect(await inbound.unhandled()).toEqual([
        { ...message('1'), handledAt: null, tries: 0 },
        { ...message('3'), handledAt: null, tries: 0 },
      ]);
    });

    it('drops a repeat of what was handled', async () => {
      await inbound.store(message('1'));
      await inbound.markHandled(message('1'), NOON);
      expect(await inbound.store(message('1'))).toBe(false);
    });

    it('keeps who of a group’s members wrote', async () => {
      await inbound.store(message('1', { sender: '501' }));
      expect(await inbound.unhandled()).toMatchObject([{ id: '1', sender: '501' }]);
    });

    it('counts failed tries', async () => {
      await inbound.store(message('1'));
      expect([await inbound.markFailed(message('1')), await inbound.markFailed(message('1'))]).toEqual([1, 2]);
    });

    it('gives what was said in a chat, the oldest first', async () => {
      await inbound.store(message('1', { body: { kind: 'choice', choice: 'confirm', message: 'm1' } }));
      await inbound.store(message('2', { from: { channel: 'telegram', address: '4711' } }));
      await inbound.store(message('3'));
      expect((await inbound.ofChat(chat, { limit: 5 })).map(({ id }) => id)).toEqual(['1', '3']);
    });

    it('gives the newest of what was said in a chat, the oldest of them first', async () => {
      for (const id of ['1', '2', '3', '4']) await inbound.store(message(id));
      await inbound.store(message('5', { from: { channel: 'telegram', address: '4711' } }));
      expect((await inbound.newestOfChat(chat, 2)).map(({ id }) => id)).toEqual(['3', '4']);
    });
  });
}
