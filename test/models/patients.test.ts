import { beforeEach, describe, expect, it } from '@jest/globals';
import { patientContract } from '../contracts/patients.ts';
import { buildPatient, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, follow, catchUp } = await openTestStores();
const { patients, identities, refusals, changes, simulator } = stores;

let heard: string[] = [];
let deaf = false;
follow({
  appointmentChanged: async () => {},
  patientChanged: async (id) => {
    if (deaf) throw new Error('deaf');
    heard.push(id);
  },
  settingsChanged: async () => {},
});

beforeEach(async () => {
  await simulator.reset();
  heard = [];
  deaf = false;
});

patientContract({ name: 'The stored patients', create: async () => patients });

const NOON = new Date('2026-11-23T09:00:00Z');
const UNTIL = new Date('2026-12-03T21:00:00Z');

describe('Followers of patients', () => {
  it('hear of every change, and of nothing else', async () => {
    await patients.put('maria', buildPatient(), MONDAY, 'clinic');
    await patients.put('maria', buildPatient(), NOON, 'clinic');
    await patients.setLocale('maria', 'it', NOON);
    await patients.setLocale('maria', 'it', NOON);
    expect(heard).toEqual(['maria', 'maria']);
  });

  it('that fail are told later', async () => {
    deaf = true;
    await patients.put('maria', buildPatient(), MONDAY, 'clinic');
    deaf = false;
    await catchUp();
    await catchUp();
    expect(heard).toEqual(['maria']);
  });
});

describe('A birthday discount', () => {
  it('tells the clinic of its start and of its end, each once', async () => {
    await patients.put('maria', buildPatient(), MONDAY, 'clinic');
    const discount = { percent: 15, until: UNTIL, year: 2026, branch: 'north' };
    await patients.startDiscount('maria', discount, NOON);
    await patients.startDiscount('maria', discount, NOON);
    await patients.endDiscount('maria', 2026, UNTIL);
    await patients.endDiscount('maria', 2026, UNTIL);
    const { items } = await changes.list(null, { limit: 5 });
    expect(items.map(({ type, key, change, at }) => [type, key, change, at])).toEqual([
      ['patient', 'maria', 'discount', NOON],
      ['patient', 'maria', 'discount', UNTIL],
    ]);
  });
});

describe('Identities', () => {
  const chat = { channel: 'telegram', address: '4711' } as const;

  it('know a chat by what was last seen there', async () => {
    await identities.sawOutbound(chat, 'maria', NOON);
    await identities.sawInbound(chat, ['maria', 'child'], MONDAY);
    await identities.sawInbound(chat, ['maria'], NOON);
    expect(await identities.ofPatient('maria')).toEqual([
      { ...chat, patient: 'maria', lastOutboundAt: NOON, lastInboundAt: NOON },
    ]);
    expect((await identities.at(chat)).map(({ patient }) => patient)).toEqual(['child', 'maria']);
    expect(await identities.ofPatients(['child', 'nobody'])).toHaveLength(1);
  });

  it('do not go back in time', async () => {
    await identities.sawInbound(chat, ['maria'], NOON);
    await identities.sawInbound(chat, ['maria'], MONDAY);
    expect(await identities.ofPatient('maria')).toMatchObject([{ lastInboundAt: NOON }]);
  });

  it('close a chat for all, and open it again when it is linked or written from', async () => {
    await identities.link(chat, 'maria', MONDAY);
    await identities.sawInbound(chat, ['child'], MONDAY);
    await identities.close(chat, NOON);
    expect((await identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([NOON, NOON]);
    await identities.link(chat, 'maria', NOON);
    await identities.sawInbound(chat, ['child'], NOON);
    expect((await identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([undefined, undefined]);
  });

  it('stay open where the news that they closed is older than what was written or linked since', async () => {
    await identities.sawInbound(chat, ['maria'], NOON);
    await identities.link(chat, 'child', NOON);
    await identities.close(chat, MONDAY);
    expect((await identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([undefined, undefined]);
    await identities.close(chat, NOON);
    expect((await identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([NOON, NOON]);
  });

  it('are one for a chat and a patient though many see it at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => identities.sawInbound(chat, ['maria'], NOON)));
    expect(await identities.at(chat)).toHaveLength(1);
  });
});

describe('A refusal', () => {
  it('stands from STOP to START', async () => {
    await refusals.stop('+79161234567', MONDAY);
    expect(await refusals.stopped(['+79161234567', 'telegram:1'])).toEqual(new Set(['+79161234567']));
    await refusals.start('+79161234567', NOON);
    expect(await refusals.stopped(['+79161234567'])).toEqual(new Set());
  });
});
