import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Message, OutboxStore } from '../../src/core/message.ts';
import { buildMessage, MONDAY } from '../support/stored-clinic.ts';

type Outbox = Pick<
  OutboxStore,
  'plan' | 'get' | 'list' | 'byProviderId' | 'claim' | 'save' | 'nextLookAt' | 'releaseClaims' | 'unsettled'
>;

const LATER = new Date('2026-11-23T05:10:00Z');

/** What every outbox keeps: keys are unique, a row has one claimer, and a stale owner writes nothing. */
export function outboxContract({ name, create }: { name: string; create: () => Promise<Outbox> }): void {
  let outbox: Outbox;
  const claiming = { now: MONDAY, wallMs: 1_000, owner: 'one', leaseMs: 60_000, limit: 10 };
  const planOne = async (overrides = {}): Promise<Message> => {
    const [row] = await outbox.plan([buildMessage(overrides)], MONDAY);
    if (row === undefined) throw new Error('nothing was planned');
    return row;
  };
  const claimOne = async (): Promise<Message> => {
    const [row] = await outbox.claim(claiming);
    if (row === undefined) throw new Error('nothing was claimed');
    return row;
  };

  describe(`${name}: planning`, () => {
    beforeEach(async () => {
      outbox = await create();
    });

    it('gives a new row its first values', async () => {
      expect(await planOne()).toMatchObject({
        state: 'planned',
        dueAt: MONDAY,
        lookAt: MONDAY,
        timeline: [{ status: 'planned', at: MONDAY }],
        attempts: [],
        fence: 0,
        price: 0,
        text: null,
      });
    });

    it('leaves a row whose key is there as it stands', async () => {
      const first = await planOne();
      const again = await planOne({ dueAt: LATER });
      expect(again).toEqual(first);
    });

    it('gives the rows back in the order asked for, known and new ones', async () => {
      await planOne({ key: 'b' });
      const rows = await outbox.plan([buildMessage({ key: 'c' }), buildMessage({ key: 'b' })], MONDAY);
      expect(rows.map(({ key }) => key)).toEqual(['c', 'b']);
    });

    it('makes one row of a key that many plan at once', async () => {
      const planned = await Promise.all(Array.from({ length: 20 }, () => planOne()));
      expect(new Set(planned.map(({ id }) => id)).size).toBe(1);
    });
  });

  describe(`${name}: claims`, () => {
    beforeEach(async () => {
      outbox = await create();
    });

    it('takes what is due, under a fence and a lease', async () => {
      const planned = await planOne();
      await planOne({ key: 'later', dueAt: LATER });
      expect(await outbox.claim(claiming)).toMatchObject([
        { id: planned.id, state: 'claimed', fence: 1, leaseOwner: 'one', leaseUntilMs: 61_000 },
      ]);
    });

    it('puts replies before scenario messages, then the earlier look', async () => {
      await outbox.plan(
        [
          buildMessage({ key: 'second', dueAt: new Date('2026-11-23T04:59:00Z') }),
          buildMessage({ key: 'first', dueAt: new Date('2026-11-23T04:58:00Z') }),
          buildMessage({ key: 'reply', kind: 'reply', dueAt: MONDAY }),
        ],
        MONDAY,
      );
      expect((await outbox.claim(claiming)).map(({ key }) => key)).toEqual(['reply', 'first', 'second']);
    });

    it('takes only the kinds asked for', async () => {
      await outbox.plan([buildMessage(), buildMessage({ key: 'reply', kind: 'reply' })], MONDAY);
      expect((await outbox.claim({ ...claiming, kinds: ['reply', 'alert'] })).map(({ key }) => key)).toEqual(['reply']);
    });

    it('takes no more than the limit', async () => {
      await outbox.plan(
        [1, 2, 3].map((n) => buildMessage({ key: `k${n}` })),
        MONDAY,
      );
      expect(await outbox.claim({ ...claiming, limit: 2 })).toHaveLength(2);
    });

    it('takes a row again only when its lease is over', async () => {
      await planOne();
      await outbox.claim(claiming);
      expect(await outbox.claim({ ...claiming, wallMs: 60_999, owner: 'two' })).toEqual([]);
      expect(await outbox.claim({ ...claiming, wallMs: 61_000, owner: 'two' })).toMatchObject([
        { state: 'claimed', fence: 2, leaseOwner: 'two' },
      ]);
    });

    it.each(['sending', 'unknown'] as const)('keeps the state of a row that is %s', async (state) => {
      await planOne();
      const claimed = await claimOne();
      await outbox.save(claimed, { ...claimed, state, leaseUntilMs: 0 });
      expect(await outbox.claim(claiming)).toMatchObject([{ state, fence: 2 }]);
    });

    it('leaves a row alone that has no look ahead', async () => {
      await planOne();
      const claimed = await claimOne();
      await outbox.save(claimed, { ...claimed, state: 'sent', lookAt: null, leaseUntilMs: 0 });
      expect(await outbox.claim(claiming)).toEqual([]);
    });

    it('never gives a row to two claimers', async () => {
      await outbox.plan(
        Array.from({ length: 40 }, (_, n) => buildMessage({ key: `k${n}` })),
        MONDAY,
      );
      const claims = await Promise.all(
        ['a', 'b', 'c', 'd'].map((owner) => outbox.claim({ ...claiming, owner, limit: 40 })),
      );
      const ids = claims.flat().map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
    });

    it('says when the next look of these kinds is', async () => {
      await outbox.plan([buildMessage({ dueAt: LATER }), buildMessage({ key: 'alert', kind: 'alert' })], MONDAY);
      expect(await outbox.nextLookAt(['scenario'])).toEqual(LATER);
      expect(await outbox.nextLookAt(['scenario', 'alert'])).toEqual(MONDAY);
      expect(await outbox.nextLookAt(['staff'])).toBeNull();
    });

    it('gives back the claims of other owners, not one’s own', async () => {
      await outbox.plan([buildMessage({ key: 'a' }), buildMessage({ key: 'b' })], MONDAY);
      const [dead] = await outbox.claim({ ...claiming, limit: 1, owner: 'dead' });
      await outbox.claim({ ...claiming, limit: 1, owner: 'alive' });
      await outbox.releaseClaims('alive');
      expect(await outbox.claim(claiming)).toMatchObject([{ id: dead?.id, state: 'claimed' }]);
    });
  });

  describe(`${name}: writes`, () => {
    beforeEach(async () => {
      outbox = await create();
    });

    it('saves over the row that was seen and counts the write', async () => {
      await planOne();
      const claimed = await claimOne();
      const saved = await outbox.save(claimed, { ...claimed, state: 'sending', reason: 'tooLate' });
      expect(saved).toMatchObject({ state: 'sending', reason: 'tooLate', rev: claimed.rev + 1 });
      expect(await outbox.get(claimed.id)).toEqual(saved);
    });

    it('takes away what the new row does not have', async () => {
      await planOne();
      const claimed = await claimOne();
      const held = await outbox.save(claimed, { ...claimed, waiting: 'noFunds' });
      if (held === null) throw new Error('lost');
      const { waiting: _waiting, ...free } = held;
      await outbox.save(held, free);
      expect(await outbox.get(claimed.id)).not.toHaveProperty('waiting');
    });

    it('drops the write of an owner whose claim was taken over', async () => {
      await planOne();
      const stale = await claimOne();
      await outbox.claim({ ...claiming, wallMs: 61_000, owner: 'two' });
      expect(await outbox.save(stale, { ...stale, state: 'sent' })).toBeNull();
    });

    it('lets one of many writers win', async () => {
      await planOne();
      const seen = await claimOne();
      const saved = await Promise.all(
        Array.from({ length: 10 }, () => outbox.save(seen, { ...seen, state: 'sending' })),
      );
      expect(saved.filter((one) => one !== null)).toHaveLength(1);
    });

    it('finds a message by what the platform calls it', async () => {
      await planOne();
      const seen = await claimOne();
      const attempt = {
        id: 't1',
        channel: 'sms',
        to: '+79161234567',
        price: 400,
        at: MONDAY,
        providerId: 'p-1',
      } as const;
      await outbox.save(seen, { ...seen, attempts: [attempt] });
      expect(await outbox.byProviderId('sms', 'p-1')).toMatchObject({ id: seen.id });
      expect(await outbox.byProviderId('whatsapp', 'p-1')).toBeNull();
    });

    it('lists rows with money left to settle', async () => {
      await planOne();
      const seen = await claimOne();
      const owing = await outbox.save(seen, { ...seen, state: 'sent', unsettled: 'charge' });
      if (owing === null) throw new Error('lost');
      expect(await outbox.unsettled(10)).toEqual([owing]);
      await outbox.save(owing, { ...owing, unsettled: null });
      expect(await outbox.unsettled(10)).toEqual([]);
    });

    it('lists the newest first', async () => {
      await outbox.plan([buildMessage({ key: 'a' })], MONDAY);
      await outbox.plan([buildMessage({ key: 'b' })], LATER);
      const page = await outbox.list({ kind: 'scenario' }, { limit: 10 });
      expect(page.items.map(({ key }) => key)).toEqual(['b', 'a']);
    });
  });
}
