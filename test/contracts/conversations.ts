import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Conversation, ConversationStore } from '../../src/core/conversation.ts';
import { buildConversation, MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');

/** What every store of conversations keeps. */
export function conversationContract({
  name,
  create,
}: {
  name: string;
  create: () => Promise<ConversationStore>;
}): void {
  let conversations: ConversationStore;
  const open = (overrides: Partial<Conversation> = {}) => conversations.open(buildConversation(overrides));
  const idsOf = (found: readonly Conversation[]) => found.map(({ id }) => id);

  describe(name, () => {
    beforeEach(async () => {
      conversations = await create();
    });

    it('gives back exactly what was stored, empty objects and dates too', async () => {
      const pending = [{ id: 'e1', effect: { type: 'remind', at: NOON, nothing: {}, 'with.dot': 1 } }];
      const stored = buildConversation({ pending, wakeAt: NOON, outcome: 'moved' });
      await conversations.open(stored);
      expect(await conversations.get('talk')).toEqual(stored);
    });

    it('leaves the one that is there when the same is opened again', async () => {
      await open();
      await open({ state: 'other' });
      expect(await conversations.get('talk')).toMatchObject({ state: 'asked' });
    });

    it('saves what was loaded, once', async () => {
      await open();
      const seen = buildConversation();
      const saved = await Promise.all(
        ['a', 'b', 'c'].map((state) => conversations.save({ ...seen, state, heard: ['in-1'] })),
      );
      const won = saved.filter((one) => one !== null);
      expect(won).toHaveLength(1);
      expect(await conversations.get('talk')).toEqual(won[0]);
      expect(won[0]?.rev).toBe(1);
    });

    it('withdraws a question, unless somebody answered it', async () => {
      await open();
      await open({ id: 'answered', heard: ['in-1'] });
      await conversations.withdraw('talk');
      await conversations.withdraw('answered');
      expect([await conversations.get('talk'), (await conversations.get('answered'))?.id]).toEqual([null, 'answered']);
    });

    it('finds those of a chat: open, handed over and lately closed ones, the newest first', async () => {
      await open({ id: 'open' });
      await open({ id: 'handed', status: 'handedOver', openedAt: NOON });
      await open({ id: 'closed', status: 'closed', changedAt: NOON, openedAt: new Date('2026-11-23T06:00:00Z') });
      await open({ id: 'long ago', status: 'closed' });
      await open({ id: 'other chat', at: { channel: 'sms', address: '+79161234567' } });
      const found = await conversations.ofChat({ channel: 'whatsapp', address: '+79161234567' }, NOON);
      expect(idsOf(found)).toEqual(['handed', 'closed', 'open']);
    });

    it('finds open questions about an appointment', async () => {
      await open({ appointments: ['other', 'visit'] });
      await open({ id: 'closed', status: 'closed' });
      expect(idsOf(await conversations.openAbout('visit'))).toEqual(['talk']);
    });

    it('says which wait for time to be over, and until when', async () => {
      expect(await conversations.nextWakeAt()).toBeNull();
      await open({ id: 'later', wakeAt: NOON });
      await open({ id: 'now', wakeAt: MONDAY });
      await open();
      expect(await conversations.nextWakeAt()).toEqual(MONDAY);
      expect(idsOf(await conversations.due(MONDAY, 5))).toEqual(['now']);
      expect(idsOf(await conversations.due(NOON, 5))).toEqual(['now', 'later']);
      expect(idsOf(await conversations.due(NOON, 1))).toEqual(['now']);
    });

    it('finds those with effects not carried out', async () => {
      await open();
      const [done] = [buildConversation()];
      const pending = [{ id: 'e1', effect: { type: 'say' } }];
      const waiting = await conversations.save({ ...done, pending });
      expect(idsOf(await conversations.withPending(5))).toEqual(['talk']);
      if (waiting === null) throw new Error('lost');
      await conversations.save({ ...waiting, pending: [] });
      expect(await conversations.withPending(5)).toEqual([]);
    });

    it('lists by patient, branch and status, the newest first, page by page', async () => {
      await open({ id: 'a' });
      await open({ id: 'b', patient: 'ivan', openedAt: NOON });
      await open({ id: 'c', branch: 'south', status: 'handedOver' });
      const list = async (query: Parameters<ConversationStore['list']>[0]) =>
        idsOf((await conversations.list(query, { limit: 5 })).items);
      expect(await list({})).toEqual(['b', 'c', 'a']);
      expect(await list({ patient: 'ivan' })).toEqual(['b']);
      expect(await list({ branch: 'south' })).toEqual(['c']);
      expect(await list({ status: 'handedOver' })).toEqual(['c']);
      const first = await conversations.list({}, { limit: 2 });
      expect(idsOf((await conversations.list({}, { limit: 2, cursor: first.next ?? '' })).items)).toEqual(['a']);
    });

    it('tells how questions ended', async () => {
      await open({ id: 'a', status: 'closed', outcome: 'confirmed', heard: ['in-1'] });
      await open({ id: 'b' });
      expect(await conversations.outcomes(['a', 'b', 'x'])).toEqual([
        { id: 'a', outcome: 'confirmed', answered: true },
        { id: 'b', outcome: null, answered: false },
      ]);
    });
  });
}
