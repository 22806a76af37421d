import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PaceStore } from '../../src/core/pace-store.ts';

const NOON = 1_772_452_800_000;
const bulk = { nowMs: NOON, gapMs: 100, withinMs: 250, urgent: false } as const;

/** What pacing relies on, of the store and of any double of it. */
export function paceStoreContract({ name, create }: { name: string; create: () => Promise<PaceStore> }): void {
  let paces: PaceStore;

  describe(name, () => {
    beforeEach(async () => {
      paces = await create();
    });

    it('gives places one gap apart, and none beyond reach', async () => {
      const places = [await paces.take('sms', bulk), await paces.take('sms', bulk), await paces.take('sms', bulk)];
      expect(places).toEqual([{ atMs: NOON }, { atMs: NOON + 100 }, { atMs: NOON + 200 }]);
      expect(await paces.take('sms', bulk)).toEqual({ busyUntilMs: NOON + 300 });
    });

    it('gives no place twice to callers at the same time', async () => {
      const places = await Promise.all(
        Array.from({ length: 10 }, () => paces.take('sms', { ...bulk, withinMs: 10_000 })),
      );
      const moments = places.map((place) => ('atMs' in place ? place.atMs - NOON : -1));
      expect(moments.sort((one, other) => one - other)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    });

    it('lets what is urgent go at once, and makes the rest wait for it', async () => {
      await paces.take('sms', bulk);
      expect(await paces.take('sms', { ...bulk, urgent: true })).toEqual({ atMs: NOON });
      expect(await paces.take('sms', bulk)).toEqual({ atMs: NOON + 200 });
    });

    it('saves up no places for later', async () => {
      await paces.take('sms', bulk);
      expect(await paces.take('sms', { ...bulk, nowMs: NOON + 60_000 })).toEqual({ atMs: NOON + 60_000 });
      expect(await paces.take('sms', { ...bulk, nowMs: NOON + 60_000 })).toEqual({ atMs: NOON + 60_100 });
    });

    it('gives nothing while it is closed, urgent or not, and a shorter pause cuts no longer one', async () => {
      await paces.close('sms', NOON + 5_000);
      await paces.close('sms', NOON + 1_000);
      expect(await paces.closedUntilMs('sms')).toBe(NOON + 5_000);
      expect(await paces.take('sms', bulk)).toEqual({ busyUntilMs: NOON + 5_000 });
      expect(await paces.take('sms', { ...bulk, urgent: true })).toEqual({ busyUntilMs: NOON + 5_000 });
      expect(await paces.take('sms', { ...bulk, nowMs: NOON + 5_000 })).toEqual({ atMs: NOON + 5_000 });
    });

    it('keeps keys apart', async () => {
      await paces.close('sms', NOON + 5_000);
      expect(await paces.take('telegram', bulk)).toEqual({ atMs: NOON });
    });

    it('counts so many a day and no more', async () => {
      const counted = [];
      for (const day of ['2026-03-02', '2026-03-02', '2026-03-02', '2026-03-03'])
        counted.push(await paces.count('whatsapp cold', day, 2));
      expect(counted).toEqual([true, true, false, true]);
    });
  });
}
