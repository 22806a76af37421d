import { beforeEach, describe, expect, it } from '@jest/globals';
import { openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const { stores, clock } = house;
const visit = { appointment: 'visit' };
const at = (instant: string): Date => new Date(instant);
const NOON = { start: at('2026-11-24T09:00:00Z'), end: at('2026-11-24T09:30:00Z') };

beforeEach(() => house.fill({ on: ['confirmation'] }));

describe('The decision before a send', () => {
  it('is made on fresh facts, not on those of the plan', async () => {
    await house.visit('visit');
    await stores.patients.put(
      'maria',
      { lastName: 'Орлова', firstName: 'Мария', phones: ['+79160000000'], tags: [], locale: 'en' },
      clock.now(),
      'clinic',
    );
    await house.to('2026-11-23T07:00:00Z');
    expect(house.texts()).toEqual([
      'whatsapp +79160000000: Мария, you have a visit on Tuesday, 24 November 2026 at 10:00 with Лебедева Анна Сергеевна. Will you come?',
    ]);
  });

  it('skips a row of a visit that was moved in between (moved)', async () => {
    await house.visit('visit');
    const row = await house.row('confirmation|a:visit|1|0');
    await house.visit('visit', NOON);
    expect(await house.decider.decide(row, at('2026-11-23T07:00:00Z'))).toMatchObject({ do: 'skip', reason: 'moved' });
  });

  it('skips a row of a number that said STOP since the claim (notificationsRefused)', async () => {
    await house.visit('visit');
    const row = await house.row('confirmation|a:visit|1|0');
    const phone = (await stores.patients.get('maria'))?.phones[0] ?? '';
    await stores.refusals.stop(phone, clock.now());
    expect(await house.decider.decide(row, at('2026-11-23T07:00:00Z'))).toMatchObject({
      do: 'skip',
      reason: 'notificationsRefused',
    });
  });

  it('skips a row of a visit that was cancelled since the claim (status)', async () => {
    await house.visit('visit');
    const row = await house.row('confirmation|a:visit|1|0');
    await house.visit('visit', { status: 'cancelled' });
    expect(await house.decider.decide(row, at('2026-11-23T07:00:00Z'))).toMatchObject({ do: 'skip', reason: 'status' });
  });

  it('skips a row whose appointment is gone (status)', async () => {
    await house.visit('visit');
    const row = await house.row('confirmation|a:visit|1|0');
    await stores.appointments.remove('visit', clock.now());
    expect(await house.decider.decide(row, at('2026-11-23T07:00:00Z'))).toMatchObject({ do: 'skip', reason: 'status' });
  });

  it('keeps every skip with its reason', async () => {
    await house.visit('visit', { incognito: true });
    await house.to('2026-11-23T07:00:00Z');
    expect(await stores.skips.ofSubject(visit)).toContainEqual({
      scenario: 'confirmation',
      subject: visit,
      patient: 'maria',
      branch: 'north',
      reason: 'incognito',
      at: at('2026-11-23T07:00:00Z'),
    });
  });

  it('holds everything while the kill switch is on, and lets the rest out at once on release', async () => {
    await house.visit('visit');
    await stores.killSwitch.set(true, clock.now());
    await house.to('2026-11-23T08:00:00Z');
    expect(await house.row('confirmation|a:visit|1|0')).toMatchObject({
      state: 'planned',
      waiting: 'killSwitch',
      lookAt: at('2026-11-24T04:00:00Z'),
    });
    await stores.killSwitch.set(false, clock.now());
    await stores.outbox.wake('killSwitch', clock.now());
    await house.to('2026-11-23T08:00:00Z');
    expect((await house.row('confirmation|a:visit|1|0')).sentAt).toEqual(at('2026-11-23T08:00:00Z'));
  });

  it('looks again every 10 minutes for a channel, and then says noChannel', async () => {
    await house.visit('visit');
    house.setHealth({ whatsapp: { state: 'down' }, sms: { state: 'down' } });
    await house.to('2026-11-23T07:05:00Z');
    expect(await house.row('confirmation|a:visit|1|0')).toMatchObject({ lookAt: at('2026-11-23T07:10:00Z') });
    clock.set('2026-11-24T03:55:00Z');
    await house.to('2026-11-24T04:00:00Z');
    expect(await house.row('confirmation|a:visit|1|0')).toMatchObject({ state: 'skipped', reason: 'noChannel' });
  });

  it('waits for money and goes when it is there', async () => {
    await house.fill({ on: ['confirmation'], balance: 0 });
    await house.visit('visit');
    await house.to('2026-11-23T07:05:00Z');
    expect((await house.row('confirmation|a:visit|1|0')).waiting).toBe('noFunds');
    await stores.ledger.topUp('north', 100, 'second', clock.now());
    await house.to('2026-11-23T07:10:00Z');
    expect((await house.row('confirmation|a:visit|1|0')).state).toBe('sent');
  });

  it('shows what a planned row would say at its moment, and nothing of one that would not go', async () => {
    await house.visit('visit');
    const [asked, reminded] = [await house.row('confirmation|a:visit|1|0'), await house.row('reminder|a:visit|1|0')];
    expect(await house.decider.lookAtPlanned(asked, clock.now())).toMatchObject({
      channel: 'whatsapp',
      to: '+79161234567',
      price: 100,
      text: expect.stringContaining('10:00'),
    });
    expect(await house.decider.lookAtPlanned(reminded, clock.now())).toBeNull();
  });

  it('shows what a planned row would say after a visit that is still to come', async () => {
    await house.fill({ on: ['recommendationsAfter'], service: { recommendationsAfter: 'Не есть два часа.' } });
    await house.visit('visit');
    const after = await house.row('recommendationsAfter|a:visit|1|0');
    expect(await house.decider.lookAtPlanned(after, clock.now())).toMatchObject({ channel: 'whatsapp', price: 100 });
    expect(await house.decider.decide(after, after.dueAt)).toMatchObject({ do: 'wait', reason: 'status' });
  });

  it('shows what a planned row would say while the kill switch or the balance holds it', async () => {
    await house.fill({ on: ['confirmation'], balance: 0 });
    await stores.killSwitch.set(true, clock.now());
    await house.visit('visit');
    const asked = await house.row('confirmation|a:visit|1|0');
    expect(await house.decider.lookAtPlanned(asked, clock.now())).toMatchObject({ channel: 'whatsapp', price: 100 });
    expect(await house.decider.decide(asked, asked.dueAt)).toMatchObject({ do: 'wait', reason: 'killSwitch' });
  });
});

describe('One phone, one day', () => {
  it('grouped: one message at the moment of the earliest visit names each', async () => {
    await house.visit('visit');
    await house.visit('second', NOON);
    await house.to('2026-11-23T10:00:00Z');
    expect(house.texts()).toEqual([
      'whatsapp +79161234567: Мария, на 24 ноября 2026 записано несколько приёмов. Вы придёте?\n\n10:00, Лебедева Анна Сергеевна\n\n12:00, Лебедева Анна Сергеевна',
    ]);
    const leader = await house.row('confirmation|a:visit|1|0');
    expect(leader).toMatchObject({ sentAt: at('2026-11-23T07:00:00Z'), also: ['second'] });
    expect(await house.row('confirmation|a:second|1|0')).toMatchObject({
      state: 'skipped',
      reason: 'grouped',
      groupedIn: leader.id,
    });
  });

  it('takes in a visit of another patient with the same phone, and names the patients', async () => {
    await house.patient('petya', { firstName: 'Пётр', lastName: 'Орлов', phones: [], guardian: 'maria' });
    await house.visit('visit');
    await house.visit('son', { ...NOON, patient: 'petya' });
    await house.to('2026-11-23T10:00:00Z');
    expect(house.texts()).toHaveLength(1);
    expect(house.texts()[0]).toContain('10:00, Мария Орлова, врач Лебедева Анна Сергеевна');
    expect(house.texts()[0]).toContain('12:00, Пётр Орлов, врач Лебедева Анна Сергеевна');
  });

  it('leaves out visits that the scenario does not accept, other days and other branches', async () => {
    await stores.branches.put('south', { ...(await northBody()), name: 'Юг' }, clock.now(), 'clinic');
    await house.visit('visit');
    await house.visit('confirmed', { ...NOON, status: 'confirmed' });
    await house.visit('tomorrow', { start: at('2026-11-25T07:00:00Z'), end: at('2026-11-25T07:30:00Z') });
    await house.visit('elsewhere', { ...NOON, branch: 'south' });
    await house.to('2026-11-23T07:00:00Z');
    expect((await house.row('confirmation|a:visit|1|0')).also).toEqual([]);
  });

  it('asks a visit that was added later on its own', async () => {
    await house.visit('visit');
    await house.to('2026-11-23T07:30:00Z');
    await house.visit('second', NOON);
    await house.to('2026-11-23T10:00:00Z');
    expect(house.texts()).toHaveLength(2);
    expect(await house.row('confirmation|a:second|1|0')).toMatchObject({ state: 'sent', also: [] });
  });

  it('asks anew a visit that was moved after the message had spoken for it', async () => {
    await house.visit('visit');
    await house.visit('second', NOON);
    await house.to('2026-11-23T07:30:00Z');
    await house.visit('second', { start: at('2026-11-24T11:00:00Z'), end: at('2026-11-24T11:30:00Z') });
    await house.to('2026-11-23T12:00:00Z');
    expect(await house.row('confirmation|a:second|1|1')).toMatchObject({ state: 'sent' });
  });

  it('lets the second go by itself when the first falls out before its moment', async () => {
    await house.visit('visit');
    await house.visit('second', NOON);
    await house.visit('visit', { status: 'cancelled' });
    await house.to('2026-11-23T10:00:00Z');
    expect(await house.row('confirmation|a:second|1|0')).toMatchObject({ state: 'sent', also: [] });
  });

  it('waits for the earliest when both are due at once, whichever is looked at first', async () => {
    await house.visit('visit');
    await house.visit('second', NOON);
    clock.set('2026-11-23T10:00:00Z');
    const second = await house.row('confirmation|a:second|1|0');
    expect(await house.decider.decide(second, clock.now())).toMatchObject({
      do: 'wait',
      until: at('2026-11-23T10:01:00Z'),
    });
    await house.to('2026-11-23T10:02:00Z');
    expect(house.texts()).toHaveLength(1);
  });

  it('is spoken for by a message whose sender crashed before it could say so', async () => {
    await house.visit('visit');
    await house.visit('second', NOON);
    const leader = await house.row('confirmation|a:visit|1|0');
    const second = await house.row('confirmation|a:second|1|0');
    const attempts = [
      { id: 'a', channel: 'whatsapp', to: '+79161234567', price: 100, at: at('2026-11-23T07:00:00Z') },
    ] as const;
    await stores.outbox.save(leader, { ...leader, state: 'unknown', also: ['second'], attempts, lookAt: null });
    expect(await house.decider.decide(second, at('2026-11-23T09:00:00Z'))).toMatchObject({
      do: 'skip',
      reason: 'grouped',
      groupedIn: leader.id,
    });
  });
});

describe('The second request', () => {
  it('is planned for each visit of the first, grouped again, and goes to who stayed silent', async () => {
    await house.settings('confirmation', { second: 'everybody' });
    await house.visit('visit');
    await house.visit('second', NOON);
    await house.to('2026-11-23T07:00:00Z');
    expect(await house.rows(visit, 'confirmation')).toContain('confirmation 2.0 planned 11-23T13:00');
    await house.to('2026-11-23T13:02:00Z');
    expect(house.texts()).toHaveLength(2);
    expect(house.texts()[1]).toContain('записано несколько приёмов');
    expect((await house.row('confirmation|a:second|2|0')).reason).toBe('grouped');
  });

  it('is planned once, however often the sending is told of', async () => {
    await house.settings('confirmation', { second: 'everybody' });
    await house.visit('visit');
    await house.to('2026-11-23T07:00:00Z');
    await house.decider.sent(await house.row('confirmation|a:visit|1|0'), clock.now());
    expect(await house.rows(visit, 'confirmation')).toHaveLength(2);
  });

  it('is not planned where nobody is to get one', async () => {
    await house.visit('visit');
    await house.to('2026-11-23T07:00:00Z');
    expect(await house.rows(visit, 'confirmation')).toEqual(['confirmation 1.0 sent 11-23T07:00']);
  });

  it('skips who confirmed, and reliable patients where only unreliable ones are asked', async () => {
    await house.settings('confirmation', { second: 'unreliable' });
    await house.visit('visit');
    await house.visit('third', { start: at('2026-11-25T07:00:00Z'), end: at('2026-11-25T07:30:00Z') });
    await house.to('2026-11-24T07:00:00Z');
    expect((await house.row('confirmation|a:visit|2|0')).reason).toBe('reliable');
    await stores.appointments.step('third', { kind: 'confirm' }, { at: clock.now(), by: 'patient' });
    await house.to('2026-11-24T13:00:00Z');
    expect((await house.row('confirmation|a:third|2|0')).reason).toBe('status');
  });
});

async function northBody() {
  const { id: _id, changedAt: _at, changedBy: _by, ...body } = (await stores.branches.get('north')) ?? { id: '' };
  return body as Parameters<typeof stores.branches.put>[1];
}
