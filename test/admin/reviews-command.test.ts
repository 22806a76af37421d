import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createStaffCommands } from '../../src/admin/commands/staff-commands.ts';
import type { InboundBody } from '../../src/core/inbound.ts';
import type { Message, NewMessage } from '../../src/core/message.ts';
import type { Role } from '../../src/core/staff.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { adminPorts } from '../support/admin-ports.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { buildBranch, buildDoctor, buildPatient } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const clock = fakeClock('2026-11-23T05:00:00Z');
const { stores } = await openTestStores({ clock });
const render = await createRender(loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url))));
const { cards, why } = adminPorts();
const sent: NewMessage[] = [];
const command = createStaffCommands({
  stores,
  cards,
  why,
  render,
  hashToken: (token) => createHash('sha256').update(token).digest('hex'),
  takeCare: (survey, by) => stores.surveys.takeCare(survey, by, clock.now()),
  sender: { enqueue: async (rows) => void sent.push(...rows) },
  clock,
});
const now = clock.now();

async function member(id: string, role: Role, branches: readonly string[]): Promise<void> {
  await stores.staff.add({ id, name: id, role, branches, createdAt: now });
  await stores.staff.link(id, { channel: 'telegram', address: id }, now);
}

async function score(id: string, value: number, at: string, branch = 'north'): Promise<void> {
  await stores.surveys.score({
    id,
    patient: 'maria',
    appointment: `visit-${id}`,
    doctor: 'lebedeva',
    branch,
    services: [],
    score: value,
    answeredAt: new Date(at),
    conversation: `talk-${id}`,
  });
}

beforeAll(async () => {
  await stores.branches.put('north', buildBranch({ name: 'North', locale: 'en' }), now, 'clinic');
  await stores.branches.put('south', buildBranch({ name: 'South', locale: 'en' }), now, 'clinic');
  await stores.doctors.put('lebedeva', buildDoctor({ name: 'Dr Lebedeva' }), now, 'clinic');
  await stores.patients.put('maria', buildPatient({ firstName: 'Maria', lastName: 'Orlova' }), now, 'clinic');
  await member('owner', 'owner', []);
  await member('reception', 'reception', ['north']);
  await member('viewer', 'viewer', ['north']);
  await member('elsewhere', 'manager', ['south']);
  await score('old', 1, '2026-10-01T10:00:00Z');
  await score('bad', 2, '2026-11-20T10:00:00Z');
  await score('good', 5, '2026-11-21T10:00:00Z');
  await score('fine', 4, '2026-11-22T10:00:00Z');
  await stores.surveys.comment('bad', 'Ждали 40 минут');
  await stores.surveys.requestContact('bad');
});

let count = 0;

async function ask(who: string, what: string | InboundBody) {
  count += 1;
  sent.length = 0;
  const body: InboundBody = typeof what === 'string' ? { kind: 'text', text: what } : what;
  const taken = await command({ id: `in${count}`, from: { channel: 'telegram', address: who }, at: now, body });
  const [row] = sent;
  if (!taken || row?.content === undefined || row.locale === undefined) return null;
  return { ...render(row.content, row.locale), row };
}

/** The answer as it is in the outbox, so that its buttons can be tapped. */
async function stored(answer: Awaited<ReturnType<typeof ask>>): Promise<Message> {
  const [row] = answer === null ? [] : await stores.outbox.plan([answer.row], now);
  if (row === undefined) throw new Error('not stored');
  return row;
}

describe('/reviews', () => {
  it('tells the last 30 days of each branch, and asks which one by buttons', async () => {
    const answer = await ask('owner', '/reviews');
    expect(answer?.text).toBe(
      'Scores of the last 30 days\nNorth: 3.67 on average of 3 answers (5 × 1, 4 × 1, 3 × 0, 2 × 1, 1 × 0)\nSouth: none',
    );
    expect(answer?.choices.map(({ title }) => title)).toEqual(['North', 'South']);
    const south = await ask('owner', { kind: 'choice', choice: answer?.choices[1]?.id ?? '' });
    expect(south?.text).toBe('Scores of the last 30 days\nSouth: none\n\nNo low scores.');
  });

  it('tells the newest low scores of a branch with a button each, and is erased with the patients it names', async () => {
    const answer = await ask('reception', '/reviews');
    expect(answer?.text.split('\n').slice(3)).toEqual([
      'Newest low scores',
      '1. 20.11: 2 of 5 – Dr Lebedeva, Maria Orlova',
      '“Ждали 40 минут”',
      'Asks to be contacted.',
      '2. 01.10: 1 of 5 – Dr Lebedeva, Maria Orlova',
    ]);
    expect(answer?.choices).toEqual([
      { id: 'care.bad', title: '1: taken care of' },
      { id: 'care.old', title: '2: taken care of' },
    ]);
    expect(answer?.row.named).toEqual(['maria', 'maria']);
  });

  it('shows a viewer no buttons', async () => {
    expect((await ask('viewer', '/reviews'))?.choices).toEqual([]);
  });

  it('fits one message with eight long comments', async () => {
    for (let index = 0; index < 9; index += 1) {
      await score(`long-${index}`, 1, `2026-11-22T1${index}:00:00Z`, 'south');
      await stores.surveys.comment(`long-${index}`, '👩‍⚕️ грубо '.repeat(300));
    }
    const answer = await ask('elsewhere', '/reviews');
    expect(answer?.text.length).toBeLessThanOrEqual(4096);
    expect(answer?.choices).toHaveLength(8);
  });
});

describe('“Taken care of” under /reviews', () => {
  it('keeps who and when; the first stands', async () => {
    const { id } = await stored(await ask('reception', '/reviews'));
    const tap: InboundBody = { kind: 'choice', choice: 'care.bad', message: id };
    expect((await ask('reception', tap))?.text).toBe('Taken care of by reception, 23.11 08:00.');
    expect((await ask('owner', tap))?.text).toBe('Taken care of by reception, 23.11 08:00.');
    expect(await stores.surveys.get('bad')).toMatchObject({ takenCareOf: { by: 'reception', at: now } });
    const after = await ask('reception', '/reviews');
    expect(after?.text).toContain('Taken care of by reception, 23.11 08:00.');
    expect(after?.choices.map(({ id: choice }) => choice)).toEqual(['care.old']);
  });

  it('is not for a viewer, for another branch, for an unknown survey, or under no answer of ours', async () => {
    const { id } = await stored(await ask('reception', '/reviews'));
    for (const who of ['viewer', 'elsewhere', 'stranger'])
      expect(await ask(who, { kind: 'choice', choice: 'care.old', message: id })).toBeNull();
    expect(await ask('reception', { kind: 'choice', choice: 'care.ghost', message: id })).toBeNull();
    expect(await ask('reception', { kind: 'choice', choice: 'care.old' })).toBeNull();
    expect((await stores.surveys.get('old'))?.takenCareOf).toBeUndefined();
  });
});
