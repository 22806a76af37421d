import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import { buildCard } from '../support/admin-ports.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, ports, stores, clock } = admin;
await putClinic(admin);

const keys = (items: unknown): readonly string[] => (items as { key: string }[]).map(({ key }) => key);

describe('Cards', () => {
  it('are nine in a branch, without a field of ours', async () => {
    const { items, next } = await must('GET', '/branches/hill/scenarios');
    expect([keys(items), next]).toEqual([
      [
        'details',
        'greeting',
        'confirmation',
        'reminder',
        'recommendationsBefore',
        'recommendationsAfter',
        'survey',
        'returnAfterNoShow',
        'returnAfterCancellation',
      ],
      null,
    ]);
    expect(Object.keys((items as object[])[0] ?? {}).sort()).toEqual([
      'block',
      'delivered',
      'enabled',
      'failed',
      'fixes',
      'key',
      'last7Days',
      'next7Days',
      'outcomes',
      'price',
      'prices',
      'problems',
      'read',
      'sent',
      'settings',
      'skipped',
      'spend',
      'state',
    ]);
  });

  it('of the birthday lives apart, with the same calls', async () => {
    const asked: unknown[] = [];
    ports.cards.change = async (branch, key, change, now) => {
      asked.push([branch, key, change, now.toISOString()]);
      return buildCard(branch, key, { enabled: true, state: 'working' });
    };
    const card = await must('GET', '/scenarios/birthday');
    const changed = await must('PATCH', '/scenarios/birthday', { enabled: true, settings: { percent: 10 } });
    const reset = await must('POST', '/scenarios/birthday/reset-text');
    const example = await must('GET', '/scenarios/birthday/example');
    const inBranch = await call('GET', '/branches/hill/scenarios/birthday');
    expect([card['key'], changed['enabled'], reset['key'], Object.keys(example), inBranch.status]).toEqual([
      'birthday',
      true,
      'birthday',
      ['text', 'description'],
      404,
    ]);
    expect(asked).toEqual([
      [null, 'birthday', { enabled: true, settings: { percent: 10 } }, '2026-11-23T05:00:00.000Z'],
    ]);
  });

  it('of an unknown branch or scenario are 404', async () => {
    const statuses = await Promise.all(
      [
        '/branches/ghost/scenarios',
        '/branches/ghost/scenarios/details',
        '/branches/hill/scenarios/horoscope',
        '/branches/hill/scenarios/horoscope/example',
      ].map(async (path) => (await call('GET', path)).status),
    );
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  it('refused for unmet preconditions name problems, and fixes in the reader’s language', async () => {
    ports.cards.change = async () => {
      throw new AppError('preconditions', 'not yet', {
        problems: ['noBalance'],
        fixes: [{ problem: 'noBalance', key: 'admin.commands.noBranch', path: '/branches/hill/balance/top-ups' }],
      });
    };
    const inBranchLanguage = await call('PATCH', '/branches/hill/scenarios/details', { enabled: true });
    const inItalian = await call(
      'PATCH',
      '/branches/hill/scenarios/details',
      { enabled: true },
      {
        'accept-language': 'fr, it-IT;q=0.9, en;q=0.5',
      },
    );
    const details = (text: string) => ({
      problems: ['noBalance'],
      fixes: [{ problem: 'noBalance', text, path: '/branches/hill/balance/top-ups' }],
    });
    expect([inBranchLanguage.status, inBranchLanguage.json['code'], inBranchLanguage.json['details']]).toEqual([
      422,
      'preconditions',
      details('I know no such branch among yours.'),
    ]);
    expect(inItalian.json['details']).toEqual(details('Tra le sue sedi non c’è questa.'));
  });

  it('refused for a setting keep its path', async () => {
    ports.cards.change = async () => {
      throw new AppError('invalid', 'settings.leadHours: must be 1 to 168', [
        { path: 'settings.leadHours', message: 'must be 1 to 168' },
      ]);
    };
    const answer = await call('PATCH', '/branches/hill/scenarios/confirmation', { settings: { leadHours: 500 } });
    expect([answer.status, answer.json['details']]).toEqual([
      400,
      [{ path: 'settings.leadHours', message: 'must be 1 to 168' }],
    ]);
  });

  it('take enabled and settings and nothing else', async () => {
    const unknown = await call('PATCH', '/branches/hill/scenarios/details', { on: true });
    const word = await call('PATCH', '/branches/hill/scenarios/details', { enabled: 'true' });
    const list = await call('PATCH', '/branches/hill/scenarios/details', { settings: [] });
    expect([unknown, word, list].map(({ status, json }) => [status, json['details']])).toEqual([
      [400, [{ path: 'on', message: 'is not allowed' }]],
      [400, [{ path: 'enabled', message: 'must be a boolean' }]],
      [400, [{ path: 'settings', message: 'must be of type object' }]],
    ]);
  });

  it('show an example in the language and for the channel that is asked for', async () => {
    const asked: unknown[] = [];
    ports.cards.example = async (...args) => {
      asked.push(args.slice(0, 3));
      return { text: 'Ci vediamo!', description: 'Dice quando.' };
    };
    await must('GET', '/branches/hill/scenarios/details/example?locale=it&channel=sms');
    await must('GET', '/branches/hill/scenarios/details/example');
    const bad = await call('GET', '/branches/hill/scenarios/details/example?locale=fr');
    expect([asked, bad.status]).toEqual([
      [
        ['hill', 'details', { locale: 'it', channel: 'sms' }],
        ['hill', 'details', { locale: 'en' }],
      ],
      400,
    ]);
  });
});

describe('GET /overview', () => {
  it('is for all branches, or for one that exists', async () => {
    const asked: unknown[] = [];
    const { overview } = ports.cards;
    ports.cards.overview = async (now, branch) => {
      asked.push(branch);
      return overview(now, branch);
    };
    const all = await must('GET', '/overview');
    await must('GET', '/overview?branch=hill');
    const ghost = await call('GET', '/overview?branch=ghost');
    expect([Object.keys(all).sort(), asked, ghost.status]).toEqual([
      ['blocks', 'branches', 'outcomes', 'share', 'spend', 'state', 'total', 'working'],
      [undefined, 'hill'],
      404,
    ]);
  });
});

describe('The kill switch', () => {
  it('reads, is thrown and released', async () => {
    const read = await must('GET', '/kill-switch');
    const on = await must('PUT', '/kill-switch', { on: true });
    const off = await must('PUT', '/kill-switch', { on: false });
    const word = await call('PUT', '/kill-switch', { on: 'yes' });
    expect([read, on, off, word.status]).toEqual([{ on: false }, { on: true }, { on: false }, 400]);
  });

  it('on release lets what waited for it be looked at at once', async () => {
    const [row] = await stores.outbox.plan(
      [{ key: 'k1', kind: 'scenario', scenario: 'details', patient: 'jane', branch: 'hill', dueAt: clock.now() }],
      clock.now(),
    );
    if (row === undefined) throw new Error('not planned');
    const later = new Date('2026-11-23T09:00:00Z');
    await stores.outbox.save(row, { ...row, waiting: 'killSwitch', lookAt: later });
    await must('PUT', '/kill-switch', { on: true });
    const held = await stores.outbox.nextLookAt(['scenario']);
    await must('PUT', '/kill-switch', { on: false });
    const released = await stores.outbox.nextLookAt(['scenario']);
    expect([held, released]).toEqual([later, clock.now()]);
  });
});

describe('GET /preview', () => {
  it('lists who would get what, in the offset of the branch', async () => {
    const asked: unknown[] = [];
    ports.previewer.preview = async (query) => {
      asked.push(query);
      const at = new Date('2026-11-25T08:00:00Z');
      const row = {
        scenario: 'confirmation',
        subject: { appointment: 'v1' },
        patient: 'jane',
        branch: 'hill',
        at,
      } as const;
      return {
        items: [
          { ...row, decision: 'send', channel: 'whatsapp', text: 'Coming?' },
          { ...row, decision: 'skip', reason: 'noMobile' },
        ],
        next: null,
      };
    };
    const { items } = await must('GET', '/preview?branch=hill&days=3');
    await must('GET', '/preview');
    const row = {
      scenario: 'confirmation',
      subject: { appointment: 'v1' },
      patient: 'jane',
      at: '2026-11-25T12:00:00+04:00',
    };
    expect(items).toEqual([
      { ...row, decision: 'send', channel: 'whatsapp', text: 'Coming?' },
      { ...row, decision: 'skip', reason: 'noMobile', channel: null, text: null },
    ]);
    expect(asked).toEqual([{ days: 3, branch: 'hill' }, { days: 7 }]);
  });

  it('refuses days out of range and an unknown branch', async () => {
    const statuses = await Promise.all(
      ['days=0', 'days=91', 'days=x', 'branch=ghost'].map(
        async (query) => (await call('GET', `/preview?${query}`)).status,
      ),
    );
    expect(statuses).toEqual([400, 400, 400, 404]);
  });
});

describe('GET /why', () => {
  it('tells a row for each scenario and subject', async () => {
    ports.why.ofAppointment = async (id) =>
      id === 'v1'
        ? [
            {
              scenario: 'greeting',
              subject: { appointment: 'v1' },
              decision: 'skip',
              reason: 'scenarioOff',
              rule: 'scenarioOff',
              at: new Date('2026-11-23T05:00:00Z'),
              channelsTried: [{ channel: 'whatsapp', used: false, reason: 'notConnected' }],
              messages: [],
              branch: 'hill',
            },
          ]
        : null;
    const { items } = await must('GET', '/why?appointment=v1');
    expect(items).toEqual([
      {
        scenario: 'greeting',
        subject: { appointment: 'v1' },
        decision: 'skip',
        reason: 'scenarioOff',
        rule: 'scenarioOff',
        at: '2026-11-23T09:00:00+04:00',
        channelsTried: [{ channel: 'whatsapp', used: false, reason: 'notConnected' }],
        messages: [],
      },
    ]);
  });

  it('is asked of one patient or one appointment that exists', async () => {
    const statuses = await Promise.all(
      ['', '?patient=jane&appointment=v1', '?patient=ghost', '?appointment=ghost'].map(
        async (query) => (await call('GET', `/why${query}`)).status,
      ),
    );
    expect(statuses).toEqual([400, 400, 404, 404]);
  });
});
