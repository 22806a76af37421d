import { beforeEach, describe, expect, it } from '@jest/globals';
import { SCENARIOS } from '../../src/core/scenario.ts';
import { MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { killSwitch, simulator, switches } = stores;
const NOON = new Date('2026-11-23T09:00:00Z');
const EVENING = new Date('2026-11-23T15:00:00Z');

beforeEach(() => simulator.reset());

describe('Switches', () => {
  it('are off with the default settings where nothing was set', async () => {
    const all = await switches.ofBranch('north');
    expect(Object.keys(all)).toEqual([...SCENARIOS]);
    expect(all.reminder).toEqual({
      key: 'reminder',
      branch: 'north',
      enabled: false,
      enabledAt: null,
      firstEnabledAt: null,
      settings: { texts: {}, leadHours: 2, window: { from: '07:00', to: '22:00' }, minLeadHours: 4 },
    });
    expect(all.birthday.branch).toBeNull();
  });

  it('remember when they were last and first switched on', async () => {
    await switches.change('north', 'details', { enabled: true }, MONDAY);
    await switches.change('north', 'details', { enabled: true }, NOON);
    expect(await switches.get('north', 'details')).toMatchObject({ enabledAt: MONDAY, firstEnabledAt: MONDAY });
    await switches.change('north', 'details', { enabled: false }, NOON);
    await switches.change('north', 'details', { enabled: true }, EVENING);
    expect(await switches.get('north', 'details')).toMatchObject({ enabledAt: EVENING, firstEnabledAt: MONDAY });
  });

  it('belong to a branch, the birthday’s to all', async () => {
    await switches.change('north', 'details', { enabled: true }, MONDAY);
    await switches.change(null, 'birthday', { enabled: true, settings: { percent: 10 } }, MONDAY);
    const south = await switches.ofBranch('south');
    expect([south.details.enabled, south.birthday.enabled, south.birthday.settings.percent]).toEqual([false, true, 10]);
  });

  it('take settings one by one', async () => {
    await switches.change('north', 'reminder', { settings: { leadHours: 3 } }, MONDAY);
    const { settings, enabled } = await switches.change('north', 'reminder', { settings: { minLeadHours: 6 } }, MONDAY);
    expect([settings.leadHours, settings.minLeadHours, enabled]).toEqual([3, 6, false]);
    expect((await switches.get('south', 'reminder')).settings.leadHours).toBe(2);
  });

  it('take texts by locale, and null gives one back to the default', async () => {
    await switches.change('north', 'details', { settings: { texts: { ru: 'Ждём', en: 'See you' } } }, MONDAY);
    await switches.change('north', 'details', { settings: { texts: { ru: 'Ждём вас' } } }, MONDAY);
    const nothing = { texts: { en: null } } as unknown as { texts: Record<string, string> };
    const { settings } = await switches.change('north', 'details', { settings: nothing }, MONDAY);
    expect(settings.texts).toEqual({ ru: 'Ждём вас' });
  });

  it('give all texts back to the default at once, and other settings stand', async () => {
    await switches.change('north', 'reminder', { settings: { texts: { ru: 'Ждём' }, leadHours: 3 } }, MONDAY);
    const { settings } = await switches.change('north', 'reminder', { resetTexts: true }, MONDAY);
    expect([settings.texts, settings.leadHours]).toEqual([{}, 3]);
  });

  it('lose no setting of those that are changed at the same moment', async () => {
    await Promise.all([
      switches.change('north', 'survey', { settings: { afterHours: 5 } }, MONDAY),
      switches.change('north', 'survey', { settings: { lowScore: 2 } }, MONDAY),
      switches.change('north', 'survey', { enabled: true }, MONDAY),
    ]);
    expect(await switches.get('north', 'survey')).toMatchObject({
      enabled: true,
      settings: { afterHours: 5, lowScore: 2 },
    });
  });
});

describe('The kill switch', () => {
  it('is off until it is set', async () => {
    expect(await killSwitch.isOn()).toBe(false);
    await killSwitch.set(true, MONDAY);
    expect(await killSwitch.isOn()).toBe(true);
    await killSwitch.set(false, NOON);
    expect(await killSwitch.isOn()).toBe(false);
  });
});
