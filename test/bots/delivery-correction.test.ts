import { describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '../../src/bots/delivery/deps.ts';
import type { Delivery } from '../../src/bots/delivery.ts';
import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { Message } from '../../src/core/message.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { realRender } from '../support/scenario-facts.ts';
import { openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const render = await realRender();
const { stores, clock } = house;
const at = (instant: string): Date => new Date(instant);
const LATER: Partial<AppointmentBody> = { start: at('2026-11-25T09:00:00Z'), end: at('2026-11-25T09:30:00Z') };
const MEANT = '10:00, врач Лебедева Анна Сергеевна';

/** Delivery over the house's visits and rules; the confirmation of `visit` is due. */
async function setUp(on: Parameters<typeof house.fill>[0] = { on: ['confirmation'] }) {
  const bench = await deliveryBench(stores);
  await house.fill(on);
  await house.visit('visit');
  clock.set('2026-11-23T07:00:00Z');
  const deps = { decider: house.decider, clock, wall: clock, render, zoneOf: async () => 'Europe/Moscow' };
  const start = (owner: string, dies?: CrashPoint) => bench.process({ owner, deps, ...(dies && { dies }) });
  /** What happens once the bytes of the first message have left and before its answer is there. */
  const whileSending = (change: () => Promise<unknown>): void => {
    const send = bench.whatsapp.send.bind(bench.whatsapp);
    let calls = 0;
    bench.whatsapp.send = async (message) => {
      const answer = await send(message);
      calls += 1;
      if (calls === 1) await change();
      return answer;
    };
  };
  return { bench, start, whileSending, said: () => bench.whatsapp.arrived.map(({ text }) => text.text) };
}

async function work(delivery: Delivery): Promise<void> {
  await delivery.work.run(clock.now());
  await delivery.sender.flush();
}

async function correctionRows(): Promise<readonly Message[]> {
  return (await stores.outbox.list({ kind: 'reply', appointment: 'visit' }, { limit: 10 })).items;
}

describe('A message whose visit changes while its bytes leave', () => {
  it('is taken back at once when the visit is cancelled, free of charge and kept under one key', async () => {
    const { bench, start, whileSending, said } = await setUp();
    whileSending(() => house.visit('visit', { status: 'cancelled' }));
    await work(start('p1'));
    expect(said()).toEqual([
      `Мария, напоминаем о приёме: вторник, 24 ноября 2026, ${MEANT}. Вы придёте?`,
      `Мария, поправка: приём (вторник, 24 ноября 2026, ${MEANT}) отменён. Если хотите выбрать другое время, просто ответьте на это сообщение.`,
    ]);
    const asked = await house.row('confirmation|a:visit|1|0');
    expect(await correctionRows()).toEqual([
      expect.objectContaining({ key: `correction|${asked.id}|visit`, corrects: asked.id, state: 'sent', price: 0 }),
    ]);
    expect((await stores.ledger.spend({ branches: ['north'] }, 'scenario')).groups).toEqual([
      { key: 'confirmation', messages: 1, amount: 100 },
    ]);
    await start('p2').recover();
    expect(bench.whatsapp.calls).toHaveLength(2);
  });

  it('is taken back with the new time when the visit is moved', async () => {
    const { start, whileSending, said } = await setUp();
    whileSending(() => house.visit('visit', LATER));
    await work(start('p1'));
    expect(said()[1]).toBe(
      'Мария, поправка: теперь ваш приём – среда, 25 ноября 2026, 12:00, врач Лебедева Анна Сергеевна, «Клиника на Тверской». Если это время вам не подходит, просто ответьте на это сообщение.',
    );
  });

  it('has the booking details taken back too, whose plan a move leaves as it is', async () => {
    const { start, whileSending, said } = await setUp({ on: ['details'] });
    clock.set('2026-11-20T09:00:00Z');
    whileSending(() => house.visit('visit', LATER));
    await work(start('p1'));
    expect(said()).toHaveLength(2);
    expect(said()[1]).toContain('теперь ваш приём – среда, 25 ноября 2026, 12:00');
  });

  it('takes back of a message for several visits what is said of the one that fell out', async () => {
    const { start, whileSending, said } = await setUp();
    await house.visit('second', { start: at('2026-11-24T09:00:00Z'), end: at('2026-11-24T09:30:00Z') });
    whileSending(() => house.visit('second', { status: 'cancelled' }));
    await work(start('p1'));
    expect(said()).toHaveLength(2);
    expect(said()[1]).toContain('приём (вторник, 24 ноября 2026, 12:00, врач Лебедева Анна Сергеевна) отменён');
  });

  it.each(['send:after-response', 'record:before', 'record:after'] as const)(
    'while the process that sent it is dead since %s, is taken back once by the next one',
    async (dies) => {
      const { start, said } = await setUp();
      const mortal = start('p1', dies);
      mortal.work.run(clock.now()).catch(() => undefined);
      await mortal.died;
      await house.visit('visit', { status: 'cancelled' });
      const next = start('p2');
      await next.recover();
      await work(next);
      await work(next);
      expect(said()).toHaveLength(2);
      expect(said()[1]).toContain('отменён');
    },
  );

  it('is taken back although nobody knows whether it arrived', async () => {
    const { bench, start, whileSending, said } = await setUp();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    whileSending(() => house.visit('visit', { status: 'cancelled' }));
    const delivery = start('p1');
    await work(delivery);
    clock.advance(30_000);
    await work(delivery);
    expect((await house.row('confirmation|a:visit|1|0')).state).toBe('unknown');
    expect(said()[1]).toContain('отменён');
    clock.advance(600_000);
    await work(delivery);
    expect(said()).toHaveLength(2);
  });

  it('is left alone when the patient made the change in chat, where it was answered', async () => {
    const { start, whileSending, said } = await setUp();
    whileSending(() => stores.appointments.step('visit', { kind: 'cancel' }, { at: clock.now(), by: 'patient' }));
    await work(start('p1'));
    expect(said()).toHaveLength(1);
  });

  it('is left alone when the change makes nothing of it untrue', async () => {
    const { start, whileSending, said } = await setUp();
    whileSending(() => house.visit('visit', { notes: 'Возьмите снимок', end: at('2026-11-24T08:00:00Z') }));
    await work(start('p1'));
    expect(said()).toHaveLength(1);
  });

  it('is left alone after STOP', async () => {
    const { start, whileSending, said } = await setUp();
    whileSending(async () => {
      await stores.refusals.stop('+79161234567', clock.now());
      await house.visit('visit', { status: 'cancelled' });
    });
    await work(start('p1'));
    expect(said()).toHaveLength(1);
  });

  it.each([
    ['its patient', () => house.visit('visit', { ...LATER, patient: 'olga' })],
    [
      'the number of its patient',
      async () => {
        await house.patient('maria', { phones: ['+79160000001'] });
        await house.visit('visit', LATER);
      },
    ],
    [
      'the guardian of its patient',
      async () => {
        await house.patient('maria', { guardian: 'olga' });
        await house.visit('visit', LATER);
      },
    ],
  ])('is not told the new time at the old number when %s has changed, too', async (_what, change) => {
    const { start, whileSending, said } = await setUp();
    await house.patient('olga', { firstName: 'Ольга', phones: ['+79160000001'] });
    whileSending(change);
    await work(start('p1'));
    expect(said()).toHaveLength(1);
  });

  it("takes back what it says of a child's visit beside the parent's", async () => {
    const { start, whileSending, said } = await setUp();
    await house.patient('petya', { firstName: 'Петя', phones: ['+79161234567'] });
    const noon = { start: at('2026-11-24T09:00:00Z'), end: at('2026-11-24T09:30:00Z') };
    await house.visit('second', { ...noon, patient: 'petya' });
    whileSending(() => house.visit('second', { ...noon, patient: 'petya', status: 'cancelled' }));
    await work(start('p1'));
    expect(said()).toHaveLength(2);
    expect(said()[1]).toContain('Петя, поправка: приём (вторник, 24 ноября 2026, 12:00');
  });

  it('is not taken back any more once the visit is as it was when the correction could leave', async () => {
    const { bench, start, whileSending, said } = await setUp();
    whileSending(async () => {
      await house.visit('visit', { status: 'cancelled' });
      bench.whatsapp.state = 'down';
    });
    const delivery = start('p1');
    await work(delivery);
    await house.visit('visit', { status: 'unconfirmed' });
    bench.whatsapp.state = 'up';
    await delivery.sender.flush();
    expect(said()).toHaveLength(1);
    expect(await correctionRows()).toEqual([expect.objectContaining({ state: 'cancelled', text: null })]);
  });

  it('needs no correction where a message for the new time has gone out before it', async () => {
    const { bench, start, whileSending, said } = await setUp();
    whileSending(async () => {
      await house.visit('visit', LATER);
      bench.whatsapp.state = 'down';
    });
    const delivery = start('p1');
    await work(delivery);
    clock.set('2026-11-24T09:00:00Z');
    await delivery.work.run(clock.now());
    bench.whatsapp.state = 'up';
    await delivery.sender.flush();
    expect(said()[1]).toContain('среда, 25 ноября 2026, 12:00');
    expect(said()).toHaveLength(2);
  });

  it('shows in what order all came: the attempt, the change, the record, the correction', async () => {
    const { start, whileSending } = await setUp();
    whileSending(async () => {
      clock.advance(1000);
      await house.visit('visit', { status: 'cancelled' });
      clock.advance(1000);
    });
    await work(start('p1'));
    const { timeline } = await house.row('confirmation|a:visit|1|0');
    const [correction] = await correctionRows();
    const visit = await stores.appointments.get('visit');
    expect(timeline.map(({ status, at: when }) => `${status} ${when.toISOString().slice(11, 19)}`)).toEqual([
      'planned 09:00:00',
      'sending 07:00:00',
      'sent 07:00:02',
    ]);
    expect(visit?.statusAt).toEqual(at('2026-11-23T07:00:01Z'));
    expect(correction?.createdAt).toEqual(at('2026-11-23T07:00:02Z'));
  });
});
