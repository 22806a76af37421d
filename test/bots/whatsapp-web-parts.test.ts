import { describe, expect, it } from '@jest/globals';
import { createAcks } from '../../src/bots/whatsapp-web/acks.ts';
import { createAttempts } from '../../src/bots/whatsapp-web/attempts.ts';
import { parseMessage, parseVote } from '../../src/bots/whatsapp-web/parse.ts';
import { createPeople } from '../../src/bots/whatsapp-web/people.ts';
import { renderWhatsappWeb } from '../../src/bots/whatsapp-web/render.ts';
import { createRestrictions } from '../../src/bots/whatsapp-web/restrictions.ts';
import type { RenderedText } from '../../src/core/content.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const memory = stores.channelMemory;
const DAY = 86_400_000;
const fresh = () => stores.simulator.reset();

/** A message as `Message.rawData` of whatsapp-web.js has it. */
const raw = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: { fromMe: false, remote: '79161234567@c.us', id: '3A01', _serialized: 'false_79161234567@c.us_3A01' },
  from: { server: 'c.us', user: '79161234567', _serialized: '79161234567@c.us' },
  type: 'chat',
  body: ' да ',
  t: 1_772_442_000,
  ...change,
});

describe('A message of the page', () => {
  it('is the words of one person', () => {
    expect(parseMessage(raw())).toEqual({
      kind: 'said',
      id: '3A01',
      sender: '79161234567@c.us',
      at: new Date('2026-03-02T09:00:00Z'),
      body: { kind: 'text', text: 'да' },
    });
  });

  it('says which message it quotes', () => {
    expect(parseMessage(raw({ quotedStanzaID: '3EB0AA' }))).toMatchObject({ quoted: '3EB0AA' });
  });

  it.each([
    ['ptt', 'voice'],
    ['audio', 'voice'],
    ['image', 'image'],
    ['sticker', 'sticker'],
    ['video', 'other'],
    ['document', 'other'],
    ['location', 'other'],
    ['vcard', 'other'],
    ['poll_creation', 'other'],
  ])('of the type %s is %s', (type, media) => {
    expect(parseMessage(raw({ type }))).toMatchObject({ body: { kind: 'media', media } });
  });

  it.each([
    ['own', { id: { fromMe: true, id: '3EB0', remote: '1@c.us' } }],
    ['notAChat', { from: '123-456@g.us' }],
    ['notAChat', { from: '0@c.us' }],
    ['notAChat', { from: 'status@broadcast' }],
    ['notAChat', { from: '1203@newsletter' }],
    ['notAChat', { broadcast: true }],
    ['notAChat', { isStatusV3: true }],
    ['notAMessage', { type: 'e2e_notification' }],
    ['notAMessage', { type: 'gp2' }],
    ['notAMessage', { type: 'call_log' }],
    ['notAMessage', { type: 'revoked' }],
    ['notAMessage', { type: 'ciphertext' }],
    ['notAMessage', { type: 'invented tomorrow' }],
    ['notAMessage', { body: '   ' }],
    ['shape', { t: Number.NaN }],
    ['shape', { t: -5 }],
    ['shape', { t: 1e15 }],
    ['shape', { from: null }],
    ['shape', { id: null }],
    ['shape', { type: 7 }],
  ])('is ignored as %s: %j', (why, change) => {
    expect(parseMessage(raw(change))).toEqual({ kind: 'ignored', why });
  });

  it.each([null, undefined, 7, 'text', [], {}, { id: {} }])('is ignored whatever its shape: %j', (value) => {
    expect(parseMessage(value)).toEqual({ kind: 'ignored', why: 'shape' });
    expect(parseVote(value)).toEqual({ kind: 'ignored', why: 'shape' });
  });
});

describe('A vote', () => {
  const vote = (change: object = {}): object => ({
    voter: { _serialized: '79161234567@c.us' },
    selectedOptions: [{ name: 'Yes', localId: 0 }],
    interractedAtTs: 1_772_442_000_123,
    parentMsgKey: { id: '3EB0AA' },
    ...change,
  });

  it('is the title chosen, and a change of mind is another one', () => {
    expect(parseVote(vote())).toEqual({
      kind: 'voted',
      id: '3EB0AA.1772442000123',
      poll: '3EB0AA',
      sender: '79161234567@c.us',
      at: new Date(1_772_442_000_123),
      title: 'Yes',
    });
  });

  it('that was withdrawn, or of which the page does not know the poll, is ignored', () => {
    expect(parseVote(vote({ selectedOptions: [] }))).toEqual({ kind: 'ignored', why: 'withdrawn' });
    expect(parseVote(vote({ selectedOptions: [{ localId: 0 }] }))).toEqual({ kind: 'ignored', why: 'shape' });
  });
});

describe('A message to the page', () => {
  const text = (titles: readonly string[], words = 'Will you come?'): RenderedText => ({
    key: 'k',
    locale: 'en',
    text: words,
    choices: titles.map((title, at) => ({ id: `c${at}`, title })),
  });

  it('has its choices as numbered lines', () => {
    expect(renderWhatsappWeb(text(['Yes', 'No']), { polls: false })).toEqual({
      kind: 'text',
      text: 'Will you come?\n\n1 – Yes\n2 – No',
    });
  });

  it('is a poll where that is wanted and fits, and numbered lines where it does not', () => {
    const poll = (titles: readonly string[], words?: string) =>
      renderWhatsappWeb(text(titles, words), { polls: true }).kind;
    expect(renderWhatsappWeb(text(['Yes', 'No']), { polls: true })).toEqual({
      kind: 'poll',
      question: 'Will you come?',
      options: ['Yes', 'No'],
    });
    expect(poll(Array.from({ length: 12 }, (_, at) => `${at}`))).toBe('poll');
    expect(poll(Array.from({ length: 13 }, (_, at) => `${at}`))).toBe('text');
    expect(poll(['only one'])).toBe('text');
    expect(poll(['same', 'same'])).toBe('text');
    expect(poll(['x'.repeat(101), 'y'])).toBe('text');
    expect(poll(['Yes', 'No'], 'x'.repeat(256))).toBe('text');
    expect(poll([])).toBe('text');
  });

  it('is cut between graphemes at WhatsApp’s limit', () => {
    const family = '👨‍👩‍👧';
    const cut = renderWhatsappWeb(text([], family.repeat(10_000)), { polls: false });
    expect(cut.kind === 'text' && cut.text.length <= 65_536 && cut.text.endsWith(`${family}…`)).toBe(true);
  });
});

describe('Acks', () => {
  it('only rise, and a refusal counts while nobody has the message', () => {
    const acks = createAcks();
    expect([0, 1, 1, 2, 1, 3, 2, 4, -1].map((ack) => acks.take('a', ack))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect([acks.take('b', -1), acks.take('b', -1), acks.take('b', 1)]).toEqual([true, false, true]);
  });

  it('are known to a question that comes after them', async () => {
    const acks = createAcks();
    acks.take('a', 1);
    expect(await acks.first('a')).toBe(1);
    const later = acks.first('b');
    acks.take('b', 2);
    expect(await later).toBe(2);
  });
});

describe('Attempts', () => {
  it('outlive a restart, and one that was never called is proven so', async () => {
    await fresh();
    const before = createAttempts({ memory, sessionId: 'one' });
    await before.called('01');
    await before.called('02');
    await before.handed('02', '3EB0BB');
    await before.called('03');
    await before.handed('03', '3EB0CC');
    await before.taken('03');
    await before.called('04');
    await before.dropped('04');
    const after = createAttempts({ memory, sessionId: 'one' });
    expect(await Promise.all(['01', '02', '03', '04', '05'].map((id) => after.of(id)))).toEqual([
      { stage: 'called' },
      { stage: 'handed', id: '3EB0BB' },
      { stage: 'taken', id: '3EB0CC' },
      null,
      null,
    ]);
  });

  it('of another linked phone are known too', async () => {
    await fresh();
    await createAttempts({ memory, sessionId: 'one' }).called('01');
    expect(await createAttempts({ memory, sessionId: 'two' }).of('01')).toEqual({ stage: 'called' });
  });

  it('are kept 200 at a time; of older ones nothing is claimed', async () => {
    await fresh();
    const attempts = createAttempts({ memory, sessionId: 'one' });
    const id = (count: number): string => String(count).padStart(4, '0');
    await Promise.all(Array.from({ length: 201 }, (_, at) => attempts.called(id(at))));
    expect(await Promise.all([id(0), id(1), id(500)].map((one) => attempts.of(one)))).toEqual([
      'forgotten',
      { stage: 'called' },
      null,
    ]);
  });
});

describe('People', () => {
  it('are asked after once a day, and those without WhatsApp once an hour', async () => {
    await fresh();
    const wall = fakeClock('2026-03-02T09:00:00Z');
    const asked: string[] = [];
    const people = createPeople({
      memory,
      wall,
      directory: {
        async numberId(digits) {
          asked.push(digits);
          return digits === '79161234567' ? `${digits}@c.us` : null;
        },
        phoneOf: async () => null,
      },
    });
    const both = () => Promise.all([people.chatOf('+79161234567'), people.chatOf('+79160000000')]);
    expect(await both()).toEqual(['79161234567@c.us', null]);
    await both();
    expect(asked).toEqual(['79161234567', '79160000000']);
    wall.advance(DAY / 24);
    await both();
    expect(asked).toEqual(['79161234567', '79160000000', '79160000000']);
  });

  it('behind a LID are asked after once, also over a restart, and forgotten with their number', async () => {
    await fresh();
    const wall = fakeClock('2026-03-02T09:00:00Z');
    let asked = 0;
    const people = () =>
      createPeople({
        memory,
        wall,
        directory: {
          numberId: async () => null,
          async phoneOf() {
            asked += 1;
            return '79161234567@c.us';
          },
        },
      });
    expect(await people().addressOf('70001@lid')).toBe('+79161234567');
    expect(await people().addressOf('70001@lid')).toBe('+79161234567');
    expect(asked).toBe(1);
    expect(await memory.keysOf('whatsapp', '+79161234567')).toEqual(['lid:70001']);
  });

  it('with an address that is no number are not asked after', async () => {
    const people = createPeople({
      memory,
      wall: fakeClock('2026-03-02T09:00:00Z'),
      directory: { numberId: () => Promise.reject(new Error('asked')), phoneOf: async () => null },
    });
    expect(
      await Promise.all(['', '+', '79161234567', '+7(916)', 'a@b.example'].map((one) => people.chatOf(one))),
    ).toEqual([null, null, null, null, null]);
    expect(await people.chatOf('lid:70001')).toBe('70001@lid');
  });
});

describe('A restriction', () => {
  it('of the account follows three refusals in a row, lasts twice as long each time, and outlives a restart', async () => {
    await fresh();
    const wall = fakeClock('2026-03-02T09:00:00Z');
    const restrictions = createRestrictions({ memory, wall });
    const hours: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      for (let count = 0; count < 3; count += 1) await restrictions.refused(false);
      hours.push(restrictions.allForMs() / 3_600_000);
      wall.advance(restrictions.allForMs());
    }
    expect(hours).toEqual([1, 2, 4, 8, 16, 24, 24]);
    await restrictions.refused(true);
    const after = createRestrictions({ memory, wall });
    await after.load();
    expect([after.coldForMs() / 3_600_000, after.allForMs()]).toEqual([24, 0]);
  });

  it('does not follow refusals between which WhatsApp took a message', async () => {
    await fresh();
    const restrictions = createRestrictions({ memory, wall: fakeClock('2026-03-02T09:00:00Z') });
    for (let count = 0; count < 9; count += 1) {
      await restrictions.refused(false);
      if (count % 2 === 1) restrictions.taken();
    }
    expect(restrictions.allForMs()).toBe(0);
  });
});
