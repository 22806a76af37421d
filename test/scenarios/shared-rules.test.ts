import { describe, expect, it } from '@jest/globals';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import { type Differences, decideAt, realRender, short } from '../support/scenario-facts.ts';

const render = await realRender();
/** 23 November, 10:00 in Moscow: the moment of the confirmation, the visit is on the 24th at 10:00. */
const DUE = '2026-11-23T07:00:00Z';
const decided = (different: Differences, key: ScenarioKey = 'confirmation', now = DUE): string =>
  short(decideAt(key, different, now, render));

describe('A message whose rules all hold', () => {
  it('goes out by the first able channel at its moment', () => {
    expect(decided({})).toBe('send whatsapp +79161234567');
  });

  it('waits for its moment', () => {
    expect(decided({}, 'confirmation', '2026-11-23T06:59:00Z')).toBe('wait 2026-11-23T07:00:00.000Z');
  });
});

describe('killSwitch', () => {
  it('holds the message up to its latest moment', () => {
    expect(decided({ killSwitch: true })).toBe('wait 2026-11-24T04:00:00.000Z killSwitch');
  });

  it('is tooLate once the latest moment is past', () => {
    expect(decided({ killSwitch: true }, 'confirmation', '2026-11-24T04:00:00Z')).toBe('skip tooLate');
  });

  it('comes before every other rule', () => {
    expect(decided({ killSwitch: true, off: ['confirmation'], appointment: { incognito: true } })).toMatch(
      /killSwitch$/,
    );
  });
});

describe('scenarioOff', () => {
  it('skips while the scenario is off', () => {
    expect(decided({ off: ['confirmation'], patient: { channel: 'none' } })).toBe('skip scenarioOff');
  });

  it('is tooLate for a moment that passed before it was switched on', () => {
    expect(decided({ enabledAt: new Date('2026-11-23T07:00:01Z') }, 'confirmation', '2026-11-23T08:00:00Z')).toBe(
      'skip tooLate',
    );
    expect(decided({ enabledAt: new Date('2026-11-23T07:00:00Z') })).toMatch(/^send/);
  });

  it('is not asked when planning', () => {
    const decision = decideAt('confirmation', { off: ['confirmation'], killSwitch: true }, DUE, render, {
      ignoreSwitches: true,
    });
    expect(decision.kind).toBe('send');
  });
});

describe('memoOff', () => {
  it('skips when the doctor has communications off', () => {
    expect(decided({ doctor: { memo: false } })).toBe('skip memoOff');
  });

  it('skips when all services of the visit have them off, not when one has them on', () => {
    expect(decided({ services: [{ memo: false }, { memo: false }] })).toBe('skip memoOff');
    expect(decided({ services: [{ memo: false }, { memo: true }] })).toMatch(/^send/);
    expect(decided({ services: [] })).toMatch(/^send/);
  });

  it('skips when the patient prefers no channel at all', () => {
    expect(decided({ patient: { channel: 'none' } })).toBe('skip memoOff');
    expect(decided({ guardian: { channel: 'none' } })).toBe('skip memoOff');
  });

  it('comes before incognito', () => {
    expect(decided({ doctor: { memo: false }, appointment: { incognito: true } })).toBe('skip memoOff');
  });
});

describe('incognito', () => {
  it('skips an anonymous appointment, before consent is asked for', () => {
    expect(decided({ appointment: { incognito: true }, patient: { consent: { messages: false } } })).toBe(
      'skip incognito',
    );
  });
});

describe('notificationsRefused', () => {
  it('skips when the clinic recorded a refusal', () => {
    expect(decided({ patient: { consent: { messages: false } } })).toBe('skip notificationsRefused');
  });

  it('skips when the number sent STOP', () => {
    expect(decided({ stopped: ['+79161234567'] })).toBe('skip notificationsRefused');
  });

  it('does not skip because another number sent STOP', () => {
    expect(decided({ stopped: ['+79160000000'] })).toMatch(/^send/);
  });

  it('skips when the only linked chat of a patient with a landline sent STOP', () => {
    const chat = { linkedAt: new Date('2026-01-01T00:00:00Z') };
    expect(decided({ patient: { phones: ['+74951234567'] }, identities: [chat], stopped: ['telegram:777'] })).toBe(
      'skip notificationsRefused',
    );
  });

  it('heeds the refusal of a guardian, and the one recorded for the patient', () => {
    expect(decided({ guardian: { consent: { messages: false } } })).toBe('skip notificationsRefused');
    expect(decided({ guardian: {}, patient: { consent: { messages: false } } })).toBe('skip notificationsRefused');
  });

  it('lets the clinic’s own value stand above the one given in chat', () => {
    const chatConsent = { messages: true, textVersion: '1', at: new Date('2026-01-01T00:00:00Z') };
    expect(decided({ patient: { consent: { messages: false }, chatConsent } })).toBe('skip notificationsRefused');
    expect(decided({ patient: { chatConsent: { ...chatConsent, messages: false } } })).toBe(
      'skip notificationsRefused',
    );
  });
});

describe('noConsent', () => {
  it('skips where the branch asks for consent and none was given', () => {
    expect(decided({ branch: { consentRequired: true } })).toBe('skip noConsent');
  });

  it('is content with a consent given in chat', () => {
    const chatConsent = { messages: true, textVersion: '1', at: new Date('2026-01-01T00:00:00Z') };
    expect(decided({ branch: { consentRequired: true }, patient: { chatConsent } })).toMatch(/^send/);
  });

  it('comes before the address', () => {
    expect(decided({ branch: { consentRequired: true }, patient: { phones: [] } })).toBe('skip noConsent');
  });
});

describe('advertisingRefused', () => {
  const MISSED: Differences = {
    appointment: { status: 'noShow', statusAt: new Date('2026-11-24T08:00:00Z') },
    branch: { bookingUrl: 'https://book.example' },
  };
  const at = '2026-11-25T07:00:00Z';

  it('skips advertising scenarios when advertising was refused', () => {
    const patient = { consent: { advertising: false } };
    expect(decided({ ...MISSED, patient }, 'returnAfterNoShow', at)).toBe('skip advertisingRefused');
    expect(decided({ patient })).toMatch(/^send/);
  });

  it('skips them where consent is required and advertising was not agreed to', () => {
    const branch = { ...MISSED.branch, consentRequired: true };
    const patient = { consent: { messages: true } };
    expect(decided({ ...MISSED, branch, patient }, 'returnAfterNoShow', at)).toBe('skip advertisingRefused');
    expect(
      decided(
        { ...MISSED, branch, patient: { consent: { messages: true, advertising: true } } },
        'returnAfterNoShow',
        at,
      ),
    ).toMatch(/^send/);
  });

  it('lets them go without a word on advertising where consent is not required', () => {
    expect(decided(MISSED, 'returnAfterNoShow', at)).toMatch(/^send/);
  });
});

describe('noMobile', () => {
  it('skips a patient with a landline only, or with no number', () => {
    expect(decided({ patient: { phones: ['+74951234567'] } })).toBe('skip noMobile');
    expect(decided({ patient: { phones: [] } })).toBe('skip noMobile');
  });

  it('reaches a patient with a landline through a linked chat', () => {
    const identities = [{ linkedAt: new Date('2026-01-01T00:00:00Z') }];
    expect(decided({ patient: { phones: ['+74951234567'] }, identities })).toBe('send telegram 777');
    expect(decided({ patient: { phones: ['+74951234567'] }, identities }, 'details', '2026-11-20T09:00:00Z')).toBe(
      'send telegram 777',
    );
  });

  it('does not count a chat that was closed or never linked', () => {
    const linkedAt = new Date('2026-01-01T00:00:00Z');
    expect(decided({ patient: { phones: [] }, identities: [{ linkedAt, closedAt: linkedAt }] })).toBe('skip noMobile');
    expect(decided({ patient: { phones: [] }, identities: [{}] })).toBe('skip noMobile');
  });

  it('takes the appointment’s own mobile first, then the patient’s first mobile', () => {
    const phones = ['+74951234567', '+79160000001', '+79160000002'];
    expect(decided({ patient: { phones }, appointment: { phone: '+79160000009' } })).toBe('send whatsapp +79160000009');
    expect(decided({ patient: { phones }, appointment: { phone: '+74957654321' } })).toBe('send whatsapp +79160000001');
  });

  it('writes to the guardian’s number, whatever the patient’s or the appointment’s is', () => {
    const guardian = { phones: ['+79165550000'] };
    expect(decided({ guardian, appointment: { phone: '+79160000009' } })).toBe('send whatsapp +79165550000');
    expect(decided({ guardian: { phones: [] } })).toBe('skip noMobile');
  });
});

describe('foreignNumber', () => {
  it('skips details and survey for numbers of another country, not the others', () => {
    const patient = { phones: ['+393471234567'] };
    expect(decided({ patient }, 'details', '2026-11-20T09:00:00Z')).toBe('skip foreignNumber');
    expect(decided({ patient, appointment: { status: 'completed' } }, 'survey', '2026-11-24T10:30:00Z')).toBe(
      'skip foreignNumber',
    );
    expect(decided({ patient })).toBe('send whatsapp +393471234567');
  });

  it('takes the first mobile of the country where there are several', () => {
    const patient = { phones: ['+393471234567', '+79161234567'] };
    expect(decided({ patient }, 'details', '2026-11-20T09:00:00Z')).toBe('send whatsapp +79161234567');
  });

  it('counts a number that its plan cannot tell from a landline as a mobile', () => {
    const branch = { country: 'US', timezone: 'America/New_York' };
    const appointment = { start: new Date('2026-11-24T15:00:00Z'), bookedAt: new Date('2026-11-20T15:00:00Z') };
    expect(
      decided({ branch, appointment, patient: { phones: ['+12125550123'] } }, 'details', '2026-11-20T15:00:00Z'),
    ).toBe('send whatsapp +12125550123');
  });
});

describe('status', () => {
  it.each([
    ['details', 'started', '2026-11-20T09:00:00Z'],
    ['greeting', 'noShow', '2026-11-20T09:05:00Z'],
    ['confirmation', 'confirmed', DUE],
    ['reminder', 'started', '2026-11-24T05:00:00Z'],
    ['recommendationsBefore', 'cancelled', '2026-11-23T13:00:00Z'],
    ['recommendationsAfter', 'noShow', '2026-11-24T07:35:00Z'],
    ['survey', 'cancelled', '2026-11-24T10:30:00Z'],
    ['returnAfterNoShow', 'completed', '2026-11-25T07:00:00Z'],
    ['returnAfterCancellation', 'noShow', '2026-11-25T07:00:00Z'],
  ] as const)('skips %s for a visit that is %s', (key, status, now) => {
    expect(decided({ appointment: { status } }, key, now)).toBe('skip status');
  });

  it('that is missing after the visit is looked for every 10 minutes, and after an hour every hour', () => {
    const missing = { appointment: { status: 'confirmed' } } as const;
    expect(decided(missing, 'survey', '2026-11-24T10:30:00Z')).toBe('wait 2026-11-24T10:40:00.000Z status');
    expect(decided(missing, 'survey', '2026-11-24T11:20:00Z')).toBe('wait 2026-11-24T11:30:00.000Z status');
    expect(decided(missing, 'survey', '2026-11-24T11:30:00Z')).toBe('wait 2026-11-24T12:30:00.000Z status');
    expect(decided(missing, 'survey', '2026-11-26T07:00:00Z')).toBe('wait 2026-11-26T07:30:00.000Z status');
  });

  it('that never came is `status`', () => {
    expect(decided({ appointment: { status: 'confirmed' } }, 'survey', '2026-11-26T07:30:00Z')).toBe('skip status');
  });

  it('that came too late is `tooLate`', () => {
    expect(decided({ appointment: { status: 'completed' } }, 'survey', '2026-11-26T07:30:00Z')).toBe('skip tooLate');
  });
});

describe('tooLate', () => {
  it('skips at the latest moment and after it', () => {
    const appointment = { start: new Date('2026-11-24T12:00:00Z'), end: new Date('2026-11-24T12:30:00Z') };
    expect(decided({ appointment }, 'confirmation', '2026-11-24T08:59:59Z')).toMatch(/^send/);
    expect(decided({ appointment }, 'confirmation', '2026-11-24T09:00:00Z')).toBe('skip tooLate');
  });

  it('skips what was held until the window would open only after the latest moment', () => {
    // 21:00 in Moscow: the next window starts at 09:00, the latest moment is 07:00.
    expect(decided({}, 'confirmation', '2026-11-23T18:00:00Z')).toBe('skip tooLate');
  });

  it('lets a held message go when its window opens before the latest moment', () => {
    const appointment = { start: new Date('2026-11-24T12:00:00Z'), end: new Date('2026-11-24T12:30:00Z') };
    expect(decided({ appointment }, 'confirmation', '2026-11-23T18:00:00Z')).toBe('wait 2026-11-24T06:00:00.000Z');
  });

  it('skips everything but the returns for a visit first stored more than two hours after its end', () => {
    const storedAt = new Date('2026-11-24T09:30:01Z');
    const after = { status: 'completed', storedAt } as const;
    expect(decided({ appointment: after }, 'survey', '2026-11-24T10:30:00Z')).toBe('skip tooLate');
    expect(decided({ appointment: { status: 'confirmed', storedAt } }, 'survey', '2026-11-24T10:30:00Z')).toBe(
      'skip tooLate',
    );
    const onTime = { ...after, storedAt: new Date('2026-11-24T09:30:00Z') };
    expect(decided({ appointment: onTime }, 'survey', '2026-11-24T10:30:00Z')).toMatch(/^send/);
    const missed = { status: 'noShow', storedAt, statusAt: storedAt } as const;
    const branch = { bookingUrl: 'https://book.example' };
    expect(decided({ appointment: missed, branch }, 'returnAfterNoShow', '2026-11-25T07:00:00Z')).toMatch(/^send/);
  });
});

describe('noChannel', () => {
  const down = { whatsapp: { state: 'down' }, telegram: { state: 'down' }, sms: { state: 'down' } } as const;

  it('is looked at again every 10 minutes', () => {
    expect(decided({ health: down })).toBe('wait 2026-11-23T07:10:00.000Z noChannel');
  });

  it('is looked at for the last time at the latest moment', () => {
    const start = new Date('2026-11-24T10:05:00Z');
    const appointment = { start, end: new Date('2026-11-24T10:30:00Z') };
    expect(decided({ health: down, appointment }, 'confirmation', '2026-11-24T07:00:00Z')).toBe(
      'wait 2026-11-24T07:05:00.000Z noChannel',
    );
  });

  it('is a skip under its own code then, not tooLate', () => {
    expect(decided({ health: down, waiting: 'noChannel' }, 'confirmation', '2026-11-24T04:00:00Z')).toBe(
      'skip noChannel',
    );
  });

  it('comes before noFunds', () => {
    expect(decided({ health: down, available: 0 })).toMatch(/noChannel$/);
  });
});

describe('noFunds', () => {
  it('is looked at again every 10 minutes while balance less reserved does not cover the price', () => {
    expect(decided({ available: 99 })).toBe('wait 2026-11-23T07:10:00.000Z noFunds');
    expect(decided({ available: 100 })).toMatch(/^send/);
  });

  it('is a skip under its own code at the latest moment, not tooLate', () => {
    expect(decided({ available: 0, waiting: 'noFunds' }, 'confirmation', '2026-11-24T04:00:00Z')).toBe('skip noFunds');
  });

  it('does not hold what costs nothing', () => {
    const identities = [{ linkedAt: new Date('2026-01-01T00:00:00Z') }];
    expect(decided({ available: 0, patient: { channel: 'telegram' }, identities })).toBe('send telegram 777');
  });
});
