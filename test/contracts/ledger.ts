import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChargeOf, LedgerStore } from '../../src/core/money.ts';
import { MONDAY } from '../support/stored-clinic.ts';

type Ledger = Pick<LedgerStore, 'topUp' | 'funds' | 'hold' | 'charge' | 'release' | 'refund'>;

/** What every ledger keeps: holds never overdraw, and each call counts once however often it is repeated. */
export function ledgerContract({ name, create }: { name: string; create: () => Promise<Ledger> }): void {
  let ledger: Ledger;
  const of = (message: string, attempt = `${message}-1`): ChargeOf => ({
    message,
    attempt,
    branch: 'north',
    scenario: 'reminder',
    channel: 'sms',
  });
  const charge = (message: string, attempt: string, amount: number) =>
    ledger.charge(of(message, attempt), amount, MONDAY, '2026-11-23');
  const refund = (message: string, attempt?: string) => ledger.refund(of(message, attempt), MONDAY, '2026-11-23');

  describe(name, () => {
    beforeEach(async () => {
      ledger = await create();
    });

    it('has nothing at first', async () => {
      expect(await ledger.funds('north')).toEqual({ balance: 0, reserved: 0 });
    });

    it('counts a top-up of one key once', async () => {
      expect(await ledger.topUp('north', 1_000, 'k', MONDAY)).toEqual({
        funds: { balance: 1_000, reserved: 0 },
        created: true,
      });
      expect(await ledger.topUp('north', 1_000, 'k', MONDAY)).toEqual({
        funds: { balance: 1_000, reserved: 0 },
        created: false,
      });
    });

    it('reserves a price, and a repeated hold reserves it once', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      expect([await ledger.hold(of('m'), 400), await ledger.hold(of('m'), 400)]).toEqual([true, true]);
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 400 });
    });

    it('replaces a hold of another price', async () => {
      await ledger.topUp('north', 500, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      expect([await ledger.hold(of('m'), 100), await ledger.hold(of('m'), 600)]).toEqual([true, false]);
      expect(await ledger.funds('north')).toEqual({ balance: 500, reserved: 100 });
    });

    it('refuses a hold that balance less reserved does not cover', async () => {
      await ledger.topUp('north', 500, 'k', MONDAY);
      expect([await ledger.hold(of('a'), 400), await ledger.hold(of('b'), 400)]).toEqual([true, false]);
    });

    it('holds nothing for a free message of an empty account', async () => {
      expect(await ledger.hold(of('m'), 0)).toBe(true);
    });

    it('gives the charge of an attempt back once, and charges the next attempt of the message', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await charge('m', 'a1', 400);
      await refund('m', 'a1');
      await refund('m', 'a1');
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
      await ledger.hold(of('m'), 100);
      await charge('m', 'a2', 100);
      await refund('m', 'a1');
      await charge('m', 'a1', 400);
      expect(await ledger.funds('north')).toEqual({ balance: 900, reserved: 0 });
      await refund('m', 'a2');
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
    });

    it('leaves the hold of the next attempt alone when an earlier one is given back or charged again', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await charge('m', 'a1', 400);
      await refund('m', 'a1');
      await ledger.hold(of('m'), 100);
      await Promise.all([refund('m', 'a1'), charge('m', 'a1', 400), refund('m', 'a1')]);
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 100 });
    });

    it('gives back an attempt that is charged only afterwards, or at the same moment', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await refund('m', 'a1');
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
      await charge('m', 'a1', 400);
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
      await Promise.all(
        Array.from({ length: 12 }, async (_, n) => {
          await ledger.hold(of(`m${n}`), 50);
          const both = [() => charge(`m${n}`, `a${n}`, 50), () => refund(`m${n}`, `a${n}`)];
          await Promise.all([...(n % 2 === 0 ? both : both.reverse()), ...both].map((call) => call()));
        }),
      );
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
    });

    it('gives a charge back once, however many ask, at the same moment and one after another', async () => {
      await ledger.topUp('north', 10_000, 'k', MONDAY);
      await Promise.all(Array.from({ length: 8 }, (_, n) => charge(`m${n}`, 'a1', 100)));
      expect(await ledger.funds('north')).toEqual({ balance: 9_200, reserved: 0 });
      await Promise.all(
        Array.from({ length: 40 }, async (_, n) => {
          for (let before = 0; before < n % 5; before += 1) await ledger.funds('north');
          await refund(`m${n % 8}`, 'a1');
        }),
      );
      expect(await ledger.funds('north')).toEqual({ balance: 10_000, reserved: 0 });
    });

    it('turns a hold into a charge once', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await ledger.charge(of('m'), 400, MONDAY, '2026-11-23');
      await ledger.charge(of('m'), 400, MONDAY, '2026-11-23');
      expect(await ledger.funds('north')).toEqual({ balance: 600, reserved: 0 });
    });

    it('reserves nothing for a message that is charged already', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await ledger.charge(of('m'), 400, MONDAY, '2026-11-23');
      expect(await ledger.hold(of('m'), 400)).toBe(true);
      expect(await ledger.funds('north')).toEqual({ balance: 600, reserved: 0 });
    });

    it('charges a message that has no hold, once', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await Promise.all([1, 2, 3, 4].map(() => ledger.charge(of('m'), 400, MONDAY, '2026-11-23')));
      expect(await ledger.funds('north')).toEqual({ balance: 600, reserved: 0 });
    });

    it('releases a hold once', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      await ledger.hold(of('m'), 400);
      await ledger.release('north', 'm');
      await ledger.release('north', 'm');
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
    });

    it('is never overdrawn by holds at the same moment', async () => {
      await ledger.topUp('north', 1_000, 'k', MONDAY);
      const held = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.hold(of(`m${n}`), 300)));
      expect(held.filter(Boolean)).toHaveLength(3);
      expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 900 });
    });

    it('ends even after holds, charges and releases at the same moment', async () => {
      await ledger.topUp('north', 10_000, 'k', MONDAY);
      await Promise.all(
        Array.from({ length: 12 }, async (_, n) => {
          await ledger.hold(of(`m${n}`), 100);
          if (n % 3 === 0) await ledger.release('north', `m${n}`);
          else await Promise.all([1, 2].map(() => ledger.charge(of(`m${n}`), 100, MONDAY, '2026-11-23')));
        }),
      );
      expect(await ledger.funds('north')).toEqual({ balance: 9_200, reserved: 0 });
    });
  });
}
