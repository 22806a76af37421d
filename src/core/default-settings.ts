import type { SettingsOf } from './scenario.ts';

/** What every setting of a scenario is until a branch says otherwise (spec: scenarios.md, Settings). */
export const DEFAULT_SETTINGS: SettingsOf = {
  details: { texts: {} },
  greeting: { texts: {}, rule: 'newOrReturning' },
  confirmation: {
    texts: {},
    leadHours: 24,
    window: { from: '09:00', to: '21:00' },
    second: 'nobody',
    secondAfterHours: 6,
  },
  reminder: { texts: {}, leadHours: 2, window: { from: '07:00', to: '22:00' }, minLeadHours: 4 },
  recommendationsBefore: { texts: {}, generalText: '' },
  recommendationsAfter: { texts: {} },
  survey: {
    texts: {},
    afterHours: 3,
    lowScore: 3,
    reviewLinks: 'everyone',
    sites: [],
    alertTo: {},
    showPhone: false,
    expiresHours: 24,
    repeatDays: 0,
  },
  returnAfterNoShow: { texts: {} },
  returnAfterCancellation: { texts: {}, countFrom: 'cancellation' },
  birthday: { texts: {}, daysBefore: 0, services: 'all' },
};
