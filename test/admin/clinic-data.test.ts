import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';
import { buildBranch } from '../support/stored-clinic.ts';

const admin = await openAdminServer();
const { call, must, stores } = admin;
await putClinic(admin);

const at = new Date('2026-11-23T05:00:00Z');

describe('PUT of clinic data', () => {
  it('answers 201 with the stored document, then 200', async () => {
    const body = bodies.branch({ name: 'Clinic by the Sea' });
    const first = await call('PUT', '/branches/sea', body);
    const second = await call('PUT', '/branches/sea', body);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.json).toEqual({
      id: 'sea',
      name: 'Clinic by the Sea',
      timezone: 'Asia/Tbilisi',
      country: 'GE',
      currency: 'GEL',
      locale: 'en',
      reviewSites: [],
      channels: ['whatsapp', 'telegram', 'sms'],
      consentRequired: false,
      changedAt: '2026-11-23T09:00:00+04:00',
      changedBy: 'clinic',
    });
  });

  it('takes a name of letters and digits, or a number, as the sender of SMS', async () => {
    for (const sms of ['MedLock 24', 'A', 'ElevenChars', '+995322123456'])
      expect(await must('PUT', '/branches/port', bodies.branch({ senders: { sms } }))).toMatchObject({
        senders: { sms },
      });
  });

  it('still shows a longer sender that an earlier version took', async () => {
    const senders = { sms: 'Clinic by the Sea' };
    await stores.branches.put('old', buildBranch({ senders }), at, 'clinic');
    expect(await must('GET', '/branches/old')).toMatchObject({ id: 'old', senders });
  });

  it('gives the same on GET, and 404 for nobody', async () => {
    const patient = await must('GET', '/patients/jane');
    const nobody = await call('GET', '/patients/nobody');
    expect(patient).toEqual({
      id: 'jane',
      lastName: 'Smith',
      firstName: 'Jane',
      phones: ['+995555123456'],
      tags: [],
      changedAt: '2026-11-23T05:00:00Z',
      changedBy: 'clinic',
      notificationsRefused: false,
      reliability: { visits: 0, noShows: 0, share: 0, unreliable: false },
      identities: [],
    });
    expect([nobody.status, nobody.json['code']]).toEqual([404, 'notFound']);
  });

  it('gives each field that is left out its default', async () => {
    const made = await must('PUT', '/appointments/defaults', bodies.appointment());
    expect(made).toEqual({
      id: 'defaults',
      patient: 'jane',
      branch: 'hill',
      doctor: 'd1',
      services: ['clean'],
      start: '2026-11-26T12:00:00+04:00',
      end: '2026-11-26T12:30:00+04:00',
      status: 'unconfirmed',
      source: 'desk',
      bookedAt: '2026-11-23T09:00:00+04:00',
      incognito: false,
      discounts: [],
      changedAt: '2026-11-23T09:00:00+04:00',
      changedBy: 'clinic',
    });
  });

  it('takes away a field that the next PUT leaves out', async () => {
    await must('PUT', '/services/mri', bodies.service({ price: 90_000, recallAfter: 'P6M' }));
    const again = await must('PUT', '/services/mri', bodies.service());
    expect([again['price'], again['recallAfter'], again['memo']]).toEqual([undefined, undefined, true]);
  });

  it('sets an older changedAt aside', async () => {
    await must('PUT', '/appointments/stale', bodies.appointment({ changedAt: '2026-11-23T08:00:00+04:00' }));
    const old = await call(
      'PUT',
      '/appointments/stale',
      bodies.appointment({ status: 'cancelled', changedAt: '2026-11-22T08:00:00+04:00' }),
    );
    expect([old.status, old.json['applied'], old.json['status']]).toEqual([200, false, 'unconfirmed']);
    expect((await must('GET', '/appointments/stale'))['applied']).toBeUndefined();
  });

  it('shows instants in the offset of the branch, with its summer time', async () => {
    await must('PUT', '/branches/rome', bodies.branch({ timezone: 'Europe/Rome', country: 'IT', currency: 'EUR' }));
    const summer = await must(
      'PUT',
      '/appointments/summer',
      bodies.appointment({ branch: 'rome', start: '2026-07-01T08:00:00Z', end: '2026-07-01T08:30:00Z' }),
    );
    const winter = await must(
      'PUT',
      '/appointments/winter',
      bodies.appointment({ branch: 'rome', start: '2026-12-01T08:00:00Z', end: '2026-12-01T08:30:00Z' }),
    );
    expect([summer['start'], winter['start']]).toEqual(['2026-07-01T10:00:00+02:00', '2026-12-01T09:00:00+01:00']);
  });

  it('reads numbers without + by the countries of the branches and stores E.164', async () => {
    const patient = await must(
      'PUT',
      '/patients/local',
      bodies.patient({ phones: ['555 12 34 56', '8 (916) 123-45-67', '+995555123456'].slice(0, 1) }),
    );
    expect(patient['phones']).toEqual(['+995555123456']);
  });

  it('keeps a landline and a foreign number: who is reached by them is another question', async () => {
    const patient = await must(
      'PUT',
      '/patients/far',
      bodies.patient({ phones: ['+74951234567', '+39 333 123 4567'] }),
    );
    expect(patient['phones']).toEqual(['+74951234567', '+393331234567']);
  });

  it('stores emoji, other scripts and names that look like templates as they are', async () => {
    const patient = await must(
      'PUT',
      '/patients/odd',
      bodies.patient({ lastName: '{{phone}} *b*_ <b>', firstName: '👩‍⚕️ Анна \u202eabc' }),
    );
    expect([patient['lastName'], patient['firstName']]).toEqual(['{{phone}} *b*_ <b>', '👩‍⚕️ Анна \u202eabc']);
  });

  it('lets any known status follow any other', async () => {
    await must('PUT', '/appointments/jump', bodies.appointment({ status: 'completed' }));
    const back = await must('PUT', '/appointments/jump', bodies.appointment({ status: 'unconfirmed' }));
    expect(back['status']).toBe('unconfirmed');
  });

  it('takes a visit in the past and one years ahead', async () => {
    const past = bodies.appointment({ start: '2019-01-01T10:00:00+04:00', end: '2019-01-01T11:00:00+04:00' });
    const ahead = bodies.appointment({ start: '2036-01-01T10:00:00+04:00', end: '2036-01-01T11:00:00+04:00' });
    expect([
      (await call('PUT', '/appointments/past', past)).status,
      (await call('PUT', '/appointments/ahead', ahead)).status,
    ]).toEqual([201, 201]);
  });

  it('takes concurrent PUTs of one key and stores one document', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('PUT', '/patients/twice', bodies.patient())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  });
});

describe('What a patient’s answer adds', () => {
  it('says that STOP was sent from a number', async () => {
    await must('PUT', '/patients/stopped', bodies.patient({ phones: ['+995555000001'] }));
    await stores.refusals.stop('+995555000001', at);
    expect((await must('GET', '/patients/stopped'))['notificationsRefused']).toBe(true);
  });

  it('counts no-shows', async () => {
    await must('PUT', '/patients/late', bodies.patient({ phones: ['+995555000002'] }));
    for (const [index, status] of ['noShow', 'noShow', 'completed', 'cancelled'].entries())
      await must('PUT', `/appointments/late${index}`, bodies.appointment({ patient: 'late', status }));
    expect((await must('GET', '/patients/late'))['reliability']).toEqual({
      visits: 3,
      noShows: 2,
      share: 2 / 3,
      unreliable: true,
    });
  });

  it('lists linked chats, and addresses that wrote or took a message', async () => {
    await must('PUT', '/patients/known', bodies.patient({ phones: ['+995555000003'] }));
    await stores.identities.link({ channel: 'telegram', address: '777' }, 'known', at);
    await stores.identities.sawOutbound({ channel: 'whatsapp', address: '+995555000003' }, 'known', at);
    const { identities } = await must('GET', '/patients/known');
    expect(identities).toEqual([
      { channel: 'telegram', address: '777' },
      { channel: 'whatsapp', address: '+995555000003' },
    ]);
  });

  it('shows the higher of card and birthday discount, and locks the card while the birthday’s runs', async () => {
    const body = bodies.patient({ phones: ['+995555000004'], discountPercent: 5 });
    const card = await must('PUT', '/patients/lucky', body);
    const until = new Date('2026-11-30T20:00:00Z');
    await stores.patients.startDiscount('lucky', { percent: 15, until, year: 2026, branch: 'hill' }, at);
    const birthday = await must('GET', '/patients/lucky');
    const locked = await call('PUT', '/patients/lucky', { ...body, discountPercent: 10 });
    const same = await call('PUT', '/patients/lucky', body);
    expect([card['discount'], birthday['discount']]).toEqual([
      { percent: 5, source: 'card' },
      { percent: 15, source: 'birthday', until: '2026-11-30T20:00:00Z' },
    ]);
    expect(birthday['discountPercent']).toBe(5);
    expect([locked.status, locked.json['code'], same.status]).toEqual([409, 'discountLocked', 200]);
  });

  it('shows a language and a consent given in chat where the clinic says nothing', async () => {
    await must('PUT', '/patients/chatty', bodies.patient({ phones: ['+995555000005'], consent: { messages: true } }));
    await stores.patients.setLocale('chatty', 'it', at);
    await stores.patients.setChatConsent('chatty', { messages: false, advertising: true }, 'v1', at);
    const patient = await must('GET', '/patients/chatty');
    expect([patient['locale'], patient['consent']]).toEqual(['it', { messages: true, advertising: true }]);
  });
});

describe('References', () => {
  it.each([
    ['patient', bodies.appointment({ patient: 'ghost' }), 'patient'],
    ['branch', bodies.appointment({ branch: 'ghost' }), 'branch'],
    ['doctor', bodies.appointment({ doctor: 'ghost' }), 'doctor'],
    ['service', bodies.appointment({ services: ['clean', 'ghost'] }), 'services.1'],
    ['service', bodies.appointment({ discounts: [{ service: 'ghost', percent: 5 }] }), 'discounts.0.service'],
  ])('to a %s that nobody stored are 422 and name the path', async (kind, body, path) => {
    const answer = await call('PUT', '/appointments/lost', body);
    expect([answer.status, answer.json['code'], answer.json['details']]).toEqual([
      422,
      'unknownReference',
      [{ path, message: `there is no ${kind} ghost` }],
    ]);
    expect((await call('GET', '/appointments/lost')).status).toBe(404);
  });

  it('are all named at once', async () => {
    const answer = await call('PUT', '/appointments/lost', bodies.appointment({ patient: 'ghost', doctor: 'ghost' }));
    expect((answer.json['details'] as { path: string }[]).map(({ path }) => path)).toEqual(['patient', 'doctor']);
  });

  it('of a doctor to a branch are checked too', async () => {
    const answer = await call('PUT', '/doctors/lost', bodies.doctor({ branches: ['hill', 'ghost'] }));
    expect([answer.status, answer.json['details']]).toEqual([
      422,
      [{ path: 'branches.1', message: 'there is no branch ghost' }],
    ]);
  });

  it('to a guardian: not oneself, not nobody, not somebody with a guardian', async () => {
    await must('PUT', '/patients/child', bodies.patient({ guardian: { patient: 'jane' } }));
    const self = await call('PUT', '/patients/kid', bodies.patient({ guardian: { patient: 'kid' } }));
    const nobody = await call('PUT', '/patients/kid', bodies.patient({ guardian: { patient: 'ghost' } }));
    const chain = await call('PUT', '/patients/kid', bodies.patient({ guardian: { patient: 'child' } }));
    expect([self, nobody, chain].map(({ status, json }) => [status, json['code']])).toEqual([
      [400, 'invalid'],
      [422, 'unknownReference'],
      [422, 'guardianChain'],
    ]);
    expect((await must('GET', '/patients/child'))['guardian']).toEqual({ patient: 'jane' });
  });
});

describe('Lists of clinic data', () => {
  it('page to their end, each once', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    for (;;) {
      const page = await must('GET', `/patients?limit=2${cursor}`);
      seen.push(...(page['items'] as { id: string }[]).map(({ id }) => id));
      if (typeof page['next'] !== 'string') break;
      cursor = `&cursor=${encodeURIComponent(page['next'])}`;
    }
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen).toEqual([...seen].sort());
  });

  it('refuse a cursor of another list', async () => {
    const { next } = await must('GET', '/patients?limit=1');
    const foreign = await call('GET', `/doctors?cursor=${String(next)}`);
    expect([foreign.status, foreign.json['code']]).toEqual([400, 'invalid']);
  });

  it('of appointments filter by patient, branch, doctor, status and time', async () => {
    await must('PUT', '/patients/filter', bodies.patient({ phones: ['+995555000009'] }));
    await must('PUT', '/appointments/f1', bodies.appointment({ patient: 'filter', status: 'confirmed' }));
    await must(
      'PUT',
      '/appointments/f2',
      bodies.appointment({ patient: 'filter', start: '2026-12-01T10:00:00+04:00', end: '2026-12-01T10:30:00+04:00' }),
    );
    const ids = async (query: string) =>
      ((await must('GET', `/appointments?patient=filter${query}`))['items'] as { id: string }[])
        .map(({ id }) => id)
        .sort();
    expect(await ids('')).toEqual(['f1', 'f2']);
    expect(await ids('&status=confirmed')).toEqual(['f1']);
    expect(await ids('&branch=hill&doctor=d1&from=2026-12-01T00:00:00%2B04:00')).toEqual(['f2']);
    expect(await ids('&to=2026-12-01T10:00:00%2B04:00')).toEqual(['f1']);
    expect(await ids('&branch=elsewhere')).toEqual([]);
  });
});

describe('DELETE of an appointment', () => {
  it('is 204, then 404', async () => {
    await must('PUT', '/appointments/gone', bodies.appointment());
    const first = await call('DELETE', '/appointments/gone');
    const second = await call('DELETE', '/appointments/gone');
    expect([first.status, first.text, second.status]).toEqual([204, '', 404]);
    expect((await call('GET', '/appointments/gone')).status).toBe(404);
  });
});
