import { beforeEach, describe, expect, it } from '@jest/globals';
import { slotContract } from '../contracts/slots.ts';
import { buildBranch, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, follow } = await openTestStores();
const { appointments, branches, simulator, slots } = stores;
follow({ appointmentChanged: async () => {}, patientChanged: async () => {}, settingsChanged: async () => {} });

beforeEach(() => simulator.reset());

slotContract({ name: 'The stored slots', create: async () => ({ slots, appointments }) });

describe('A branch', () => {
  it('knows since when it has been given free slots, even of an empty span', async () => {
    await branches.put('north', buildBranch(), MONDAY, 'clinic');
    const noon = new Date('2026-11-23T09:00:00Z');
    await slots.replace('north', { from: MONDAY, to: noon }, [], MONDAY);
    await slots.replace('north', { from: MONDAY, to: noon }, [], noon);
    expect((await branches.get('north'))?.slotsGivenAt).toEqual(MONDAY);
    const renamed = await branches.put('north', buildBranch({ name: 'Север' }), noon, 'clinic');
    expect(renamed.document.slotsGivenAt).toEqual(MONDAY);
  });
});
