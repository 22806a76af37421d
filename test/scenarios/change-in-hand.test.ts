import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '../../src/core/message.ts';
import { openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const { stores, clock } = house;
const at = (instant: string): Date => new Date(instant);

beforeEach(() => house.fill({ on: ['confirmation', 'survey'] }));

/** The row in the hands of a process that has decided on the facts of this moment and written nothing yet. */
async function inHand(key: string, instant: string): Promise<Message> {
  clock.set(instant);
  const { id } = await house.row(key);
  const rows = await stores.outbox.claim({
    now: clock.now(),
    wallMs: clock.nowMs(),
    owner: 'test',
    leaseMs: 60_000,
    limit: 200,
    kinds: ['scenario'],
  });
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`${key} is not due`);
  return row;
}

describe('A visit that changes while its message is being decided', () => {
  it('has the message decided anew at once: a survey waits no hour for the status that has just come', async () => {
    await house.visit('visit');
    const seen = await inHand('survey|a:visit|1|0', '2026-11-24T10:30:00Z');
    expect(await house.decider.decide(seen, clock.now())).toMatchObject({ do: 'wait', reason: 'status' });
    await house.visit('visit', { status: 'completed' });
    const late = { ...seen, state: 'planned', lookAt: at('2026-11-24T10:40:00Z'), leaseOwner: null } as const;
    expect(await stores.outbox.save(seen, late)).toBeNull();
    await house.to('2026-11-24T10:30:00Z');
    expect(await house.row('survey|a:visit|1|0')).toMatchObject({ state: 'sent', sentAt: at('2026-11-24T10:30:00Z') });
  });

  it('is not skipped for what held before the change', async () => {
    await house.visit('visit', { incognito: true });
    const seen = await inHand('confirmation|a:visit|1|0', '2026-11-23T07:00:00Z');
    expect(await house.decider.decide(seen, clock.now())).toMatchObject({ do: 'skip', reason: 'incognito' });
    await house.visit('visit', { incognito: false });
    expect(await stores.outbox.save(seen, { ...seen, state: 'skipped', lookAt: null })).toBeNull();
    await house.to('2026-11-23T07:00:00Z');
    expect((await house.row('confirmation|a:visit|1|0')).state).toBe('sent');
  });

  it('lets nothing out that was decided before it was confirmed', async () => {
    await house.visit('visit');
    const seen = await inHand('confirmation|a:visit|1|0', '2026-11-23T07:00:00Z');
    expect((await house.decider.decide(seen, clock.now())).do).toBe('send');
    await house.visit('visit', { status: 'confirmed' });
    expect(await stores.outbox.save(seen, { ...seen, state: 'sending' })).toBeNull();
    await house.to('2026-11-23T07:00:00Z');
    expect(await house.row('confirmation|a:visit|1|0')).toMatchObject({ state: 'skipped', reason: 'status' });
  });

  it('still has what a refused attempt cost given back when it is cancelled before the next one', async () => {
    await house.visit('visit');
    const key = 'confirmation|a:visit|1|0';
    const planned = await house.row(key);
    await stores.outbox.save(planned, { ...planned, unsettled: 'refund', refusedOn: ['whatsapp'] });
    expect(await inHand(key, '2026-11-23T07:00:00Z')).toMatchObject({ state: 'claimed', unsettled: 'refund' });
    await house.visit('visit', { status: 'cancelled' });
    expect(await house.row(key)).toMatchObject({ state: 'cancelled', unsettled: 'refund' });
  });
});
