import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createStaffCommands } from '../../src/admin/commands/staff-commands.ts';
import { AppError } from '../../src/core/errors.ts';
import type { InboundBody } from '../../src/core/inbound.ts';
import type { NewMessage } from '../../src/core/message.ts';
import type { Role } from '../../src/core/staff.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { adminPorts, buildCard } from '../support/admin-ports.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const clock = fakeClock('2026-11-23T05:00:00Z');
const render = await createRender(loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url))));
const ports = adminPorts();
const sent: NewMessage[] = [];
const command = createStaffCommands({
  stores,
  cards: ports.cards,
  why: ports.why,
  render,
  hashToken: (token) => createHash('sha256').update(token).digest('hex'),
  takeCare: (survey, by) => stores.surveys.takeCare(survey, by, clock.now()),
  sender: { enqueue: async (rows) => void sent.push(...rows) },
  clock,
});

const now = clock.now();
const hill = {
  name: 'Hill',
  timezone: 'Asia/Tbilisi',
  country: 'GE',
  currency: 'GEL',
  locale: 'en' as const,
  reviewSites: [],
  channels: ['whatsapp' as const],
  consentRequired: false,
};

beforeAll(async () => {
  await stores.branches.put('hill', hill, now, 'clinic');
  await stores.branches.put('roma', { ...hill, name: 'Roma', locale: 'it', currency: 'EUR' }, now, 'clinic');
  await member('owner', 'owner', []);
  await member('manager', 'manager', ['hill']);
  await member('roman', 'manager', ['roma']);
  await member('viewer', 'viewer', ['hill']);
  await member('reception', 'reception', ['hill']);
  await member('doctor', 'doctor', ['hill']);
});

async function member(id: string, role: Role, branches: readonly string[]): Promise<void> {
  await stores.staff.add({ id, name: id, role, branches, createdAt: now });
  await stores.staff.link(id, { channel: 'telegram', address: id }, now);
}

let count = 0;

/** What the bot says to that member of staff; null where it leaves the message to the conversations. */
async function ask(who: string, what: string | InboundBody, channel: 'telegram' | 'whatsapp' = 'telegram') {
  count += 1;
  sent.length = 0;
  const body: InboundBody = typeof what === 'string' ? { kind: 'text', text: what } : what;
  const taken = await command({ id: `in${count}`, from: { channel, address: who }, at: now, body });
  const [message] = sent;
  if (!taken || message?.content === undefined || message.locale === undefined) return null;
  const { text, choices } = render(message.content, message.locale);
  return { text, choices, message };
}

const words = async (who: string, what: string | InboundBody) => (await ask(who, what))?.text;

describe('Bot commands', () => {
  it('are for linked staff in Telegram only', async () => {
    expect(await ask('stranger', '/help')).toBeNull();
    expect(await ask('owner', '/help', 'whatsapp')).toBeNull();
  });

  it('leave everything else in a staff chat to the conversations', async () => {
    expect(await ask('owner', 'hello')).toBeNull();
    expect(await ask('owner', '/start token')).toBeNull();
    expect(await ask('owner', { kind: 'choice', choice: 'confirm' })).toBeNull();
    expect(await ask('owner', { kind: 'media', media: 'voice' })).toBeNull();
  });

  it('are answered once for each message, in the language of the branch', async () => {
    const answer = await ask('roman', '/balance');
    expect(answer?.message).toMatchObject({
      key: `staff:telegram:in${count}`,
      kind: 'staff',
      channel: 'telegram',
      to: 'roman',
      locale: 'it',
      dueAt: now,
    });
  });

  it('are listed by /help as far as the role may give them', async () => {
    const named = async (who: string) =>
      [...((await words(who, '/help')) ?? '').matchAll(/^\/(\w+)/gm)].map(([, name]) => name);
    expect(await named('owner')).toEqual([
      'today',
      'tomorrow',
      'day',
      'week',
      'reviews',
      'scenarios',
      'on',
      'off',
      'spend',
      'balance',
      'why',
      'pause',
      'resume',
      'help',
    ]);
    expect(await named('viewer')).toEqual(['reviews', 'scenarios', 'spend', 'balance', 'why', 'help']);
    expect(await named('reception')).toEqual([
      'today',
      'tomorrow',
      'day',
      'week',
      'reviews',
      'scenarios',
      'why',
      'help',
    ]);
    expect(await named('doctor')).toEqual(['today', 'tomorrow', 'day', 'week', 'help']);
  });

  it.each([
    ['reception', '/balance'],
    ['reception', '/spend'],
    ['viewer', '/on details'],
    ['viewer', '/pause'],
    ['doctor', '/why +995555123456'],
    ['doctor', '/reviews'],
    ['viewer', '/today'],
    ['manager', '/pause'],
    ['manager', '/on birthday'],
  ])('are refused to a %s: %s', async (who, what) => {
    expect(await words(who, what)).toBe('Your role does not allow this command. /help shows what it does allow.');
  });
});

describe('The branch of a command', () => {
  it('is asked for by buttons where there are several, and a tap answers', async () => {
    const question = await ask('owner', '/balance');
    const [first, second] = question?.choices ?? [];
    const answer = await words('owner', { kind: 'choice', choice: second?.id ?? '' });
    expect([question?.text, first?.title, second?.title]).toEqual(['Which branch?', 'Hill', 'Roma']);
    expect(answer).toMatch(/^Roma: €0\.00 left/);
  });

  it('is the only one of somebody who has one', async () => {
    expect(await words('manager', '/balance')).toMatch(/^Hill: GEL\s0\.00 left, of which GEL\s0\.00 is held/);
  });

  it('is found by name or key, among one’s own only', async () => {
    expect(await words('owner', '/balance ROMA')).toMatch(/^Roma:/);
    expect(await words('manager', '/balance roma')).toBe('I know no such branch among yours.');
  });

  it('of a button is checked again: a tap on another’s branch does nothing', async () => {
    const question = await ask('owner', '/balance');
    const roma = question?.choices.find(({ title }) => title === 'Roma');
    expect(await words('manager', { kind: 'choice', choice: roma?.id ?? '' })).toBe(
      'I know no such branch among yours.',
    );
  });
});

describe('/scenarios', () => {
  it('lists all ten with their keys and states', async () => {
    const lines = (await words('manager', '/scenarios'))?.split('\n') ?? [];
    expect([lines[0], lines.length]).toEqual(['Hill', 12]);
    expect(lines[2]).toMatch(/\(details\): Off$/);
    expect(lines[11]).toMatch(/\(birthday\): Off$/);
  });
});

describe('/on and /off', () => {
  it('switch a scenario of a branch', async () => {
    const asked: unknown[] = [];
    ports.cards.change = async (branch, key, change) => {
      asked.push([branch, key, change]);
      return buildCard(branch, key, { enabled: change.enabled === true });
    };
    expect(await words('manager', '/on details')).toMatch(/^Switched on: .+ – Hill\.$/);
    expect(await words('manager', '/off Details')).toMatch(/^Switched off: .+ – Hill\.$/);
    expect(await words('owner', '/on birthday')).toMatch(/– the whole clinic\.$/);
    expect(asked).toEqual([
      ['hill', 'details', { enabled: true }],
      ['hill', 'details', { enabled: false }],
      [null, 'birthday', { enabled: true }],
    ]);
  });

  it('say everything that is missing', async () => {
    ports.cards.change = async () => {
      throw new AppError('preconditions', 'not yet', {
        problems: ['noBalance', 'noHead'],
        fixes: [
          { problem: 'noBalance', key: 'admin.commands.noBranch', path: '/x' },
          { problem: 'noHead', key: 'admin.commands.whichBranch', path: '/y' },
        ],
      });
    };
    expect(await words('manager', '/on greeting')).toMatch(
      / – Hill cannot be switched on yet:\nI know no such branch among yours\.\nWhich branch\?$/,
    );
  });

  it('ask for the key where it is missing or unknown', async () => {
    expect(await words('manager', '/on horoscope')).toMatch(/^Which scenario\? Write \/on and its key/);
  });
});

describe('/spend and /balance', () => {
  it('tell the ledger’s figures of the period', async () => {
    await stores.ledger.topUp('hill', 100_000, 'k', now);
    const charge = async (message: string, amount: number, at: string) => {
      const of = { message, attempt: 'a1', branch: 'hill', scenario: 'details', channel: 'whatsapp' } as const;
      await stores.ledger.hold(of, amount);
      await stores.ledger.charge(of, amount, new Date(at), at.slice(0, 10));
    };
    await charge('m1', 100, '2026-10-20T10:00:00Z');
    await charge('m2', 100, '2026-11-02T10:00:00Z');
    await charge('m3', 400, '2026-11-23T04:00:00Z');
    const total = async (what: string) =>
      /: (.+)$/m.exec((await words('manager', what)) ?? '')?.[1]?.replace(/\s/g, ' ');
    expect([await total('/spend today'), await total('/spend'), await total('/spend all')]).toEqual([
      'GEL 4.00',
      'GEL 5.00',
      'GEL 6.00',
    ]);
    expect((await words('manager', '/balance'))?.replace(/\s/g, ' ')).toMatch(/^Hill: GEL 994\.00 left/);
    expect(await words('roman', '/spend')).toBe('Roma, questo mese: nessuna spesa.');
  });
});

describe('/why', () => {
  it('tells the newest decisions about whoever has the number, in one’s own branches', async () => {
    const body = { lastName: 'Smith', firstName: 'Jane', phones: ['+995555123456'], tags: [] };
    await stores.patients.put('jane', body, now, 'clinic');
    const row = (branch: string, hour: string) =>
      ({
        scenario: 'confirmation',
        subject: { appointment: 'v1' },
        decision: 'skip',
        reason: 'tooLate',
        rule: 'tooLate',
        at: new Date(`2026-11-23T${hour}:00:00Z`),
        channelsTried: [],
        messages: [],
        branch,
      }) as const;
    ports.why.ofPatient = async () => [row('hill', '06'), row('hill', '08'), row('roma', '09')];
    const lines = (await words('manager', '/why 555 12 34 56'))?.split('\n') ?? [];
    expect([lines[0], lines.length]).toEqual(['Patient jane', 3]);
    expect(lines[1]).toMatch(/^23\.11 12:00 .+ – not sent: .+/);
    expect(lines[2]).toMatch(/^23\.11 10:00 /);
  });

  it('says of what went out only that', async () => {
    ports.why.ofPatient = async () => [
      {
        scenario: 'reminder',
        subject: { appointment: 'a1' },
        branch: 'hill',
        decision: 'send',
        rule: 'sent',
        at: new Date('2026-11-23T06:00:00Z'),
        channelsTried: [],
        messages: ['m1'],
      },
    ];
    expect(await words('manager', '/why 555 12 34 56')).toMatch(/Reminder – Already sent\.$/);
  });

  it('says so where the number is none, or nobody’s', async () => {
    expect(await words('manager', '/why hello')).toMatch(/^I cannot read this as a phone number/);
    expect(await words('manager', '/why')).toMatch(/^Write \/why and a phone number/);
    expect(await words('manager', '/why +995555999999')).toMatch(/^I know nobody with this number/);
  });
});

describe('/pause and /resume', () => {
  it('throw the kill switch and release it', async () => {
    const paused = await words('owner', '/pause');
    const on = await stores.killSwitch.isOn();
    const resumed = await words('owner', '/resume');
    const off = await stores.killSwitch.isOn();
    expect([paused?.slice(0, 6), on, resumed?.slice(0, 8), off]).toEqual(['Paused', true, 'Going on', false]);
  });
});
