import { describe, expect, it } from '@jest/globals';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import { readSettings } from '../../src/scenarios/settings.ts';
import { visitFacts } from '../support/scenario-facts.ts';

const { branch } = visitFacts({ branch: { reviewSites: [{ site: 'google', url: 'https://g.example' }] } });
const flawsOf = (key: ScenarioKey, given: Record<string, unknown>): string[] => {
  const read = readSettings(key, given, branch);
  return 'flaws' in read ? read.flaws.map(({ path, message }) => `${path}: ${message}`) : [];
};

describe('The settings of a scenario', () => {
  it.each<[ScenarioKey, Record<string, unknown>]>([
    ['details', { texts: { ru: 'Ждём вас, {{patient.firstName}}', en: null }, channels: ['sms', 'email'] }],
    ['greeting', { rule: 'firstVisit' }],
    [
      'confirmation',
      { leadHours: 168, window: { from: '08:00', to: '20:30' }, second: 'everybody', secondAfterHours: 1 },
    ],
    ['reminder', { leadHours: 48, minLeadHours: 0, window: { from: '07:00', to: '23:59' } }],
    ['recommendationsBefore', { generalText: '' }],
    ['survey', { sites: ['google'], alertTo: { email: 'head@clinic.example', telegram: '-100200' }, showPhone: true }],
    ['survey', { afterHours: 0, lowScore: 4, reviewLinks: 'highScoresOnly', expiresHours: 168, repeatDays: 365 }],
    ['returnAfterCancellation', { countFrom: 'visit' }],
    ['birthday', { daysBefore: 30, percent: 100, validDays: 365, services: 'all' }],
  ])('of %s take %j', (key, given) => {
    expect(flawsOf(key, given)).toEqual([]);
  });

  it.each<[ScenarioKey, Record<string, unknown>, string]>([
    ['details', { leadHours: 5 }, 'settings.leadHours: is not a setting of this scenario'],
    ['details', { constructor: {} }, 'settings.constructor: is not a setting of this scenario'],
    ['confirmation', { leadHours: 500 }, 'settings.leadHours: must be a whole number from 1 to 168'],
    ['confirmation', { leadHours: 1.5 }, 'settings.leadHours: must be a whole number from 1 to 168'],
    ['confirmation', { leadHours: '24' }, 'settings.leadHours: must be a whole number from 1 to 168'],
    ['confirmation', { window: { from: '20:00', to: '10:00' } }, 'settings.window: must begin before it ends'],
    ['confirmation', { window: { from: '9:00', to: '10:00' } }, 'settings.window.from: must be a time such as 09:00'],
    ['confirmation', { window: { from: '09:00', to: '24:00' } }, 'settings.window.to: must be a time such as 09:00'],
    ['confirmation', { window: { from: '09:00', to: '10:00', on: 1 } }, 'settings.window.on: is not known here'],
    ['confirmation', { window: '09-21' }, 'settings.window: must be {from, to}'],
    ['confirmation', { second: 'some' }, 'settings.second: must be one of nobody, everybody, unreliable'],
    ['confirmation', { secondAfterHours: 25 }, 'settings.secondAfterHours: must be a whole number from 1 to 24'],
    ['reminder', { minLeadHours: -1 }, 'settings.minLeadHours: must be a whole number from 0 to 168'],
    [
      'details',
      { channels: ['fax'] },
      'settings.channels: must name some of whatsapp, telegram, sms, email, voice, each once',
    ],
    [
      'details',
      { channels: [] },
      'settings.channels: must name some of whatsapp, telegram, sms, email, voice, each once',
    ],
    ['details', { texts: { de: 'Hallo' } }, 'settings.texts.de: must be one of ru, en, it'],
    ['details', { texts: { en: '  ' } }, 'settings.texts.en: must not be empty'],
    ['details', { texts: { en: 'x'.repeat(4097) } }, 'settings.texts.en: must have at most 4096 characters'],
    [
      'details',
      { texts: { en: 'Hi {{patient.fistName}}' } },
      'settings.texts.en: patient.fistName is no placeholder; the nearest is patient.firstName',
    ],
    [
      'recommendationsBefore',
      { generalText: '{{doctor.nam}}' },
      'settings.generalText: doctor.nam is no placeholder; the nearest is doctor.name',
    ],
    ['survey', { sites: ['elsewhere'] }, 'settings.sites.0: is no review site of the branch'],
    ['survey', { sites: 'google' }, 'settings.sites: must be a list of names, each once'],
    ['survey', { alertTo: { email: 'head' } }, 'settings.alertTo.email: must be an e-mail address'],
    ['survey', { alertTo: { email: 'a@b.c\r\nBcc: x@y.z' } }, 'settings.alertTo.email: must be an e-mail address'],
    ['survey', { alertTo: { telegram: '@head' } }, 'settings.alertTo.telegram: must be a Telegram chat id'],
    ['survey', { alertTo: { phone: '1' } }, 'settings.alertTo.phone: is not known here'],
    ['survey', { showPhone: 'yes' }, 'settings.showPhone: must be true or false'],
    ['survey', { lowScore: 5 }, 'settings.lowScore: must be a whole number from 1 to 4'],
    ['birthday', { percent: 0 }, 'settings.percent: must be a whole number from 1 to 100'],
    ['birthday', { validDays: 366 }, 'settings.validDays: must be a whole number from 1 to 365'],
    ['birthday', { services: '' }, 'settings.services: must be "all" or words of 1 to 300 characters'],
  ])('of %s refuse %j by name', (key, given, flaw) => {
    expect(flawsOf(key, given)).toEqual([flaw]);
  });

  it('names every flaw at once', () => {
    expect(flawsOf('reminder', { leadHours: 0, colour: 1 })).toHaveLength(2);
  });
});
