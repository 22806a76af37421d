import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildConversation, buildMessage, buildPatient, buildVisit, MONDAY } from '../support/stored-clinic.ts';
import { storedText } from '../support/stored-text.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, jobsDb } = await openTestStores();
const { patients, appointments, outbox, conversations, inbound, surveys, identities, refusals, simulator } = stores;
const { linkTokens, paces, channelMemory } = stores;

const NOON = new Date('2026-11-23T09:00:00Z');
const PHONE = '+79161234567';
/** Has the number in it, in base64. */
const WAMID = 'wamid.HBgLNzkxNjEyMzQ1NjcVAgA=';
const chat = { channel: 'whatsapp', address: PHONE } as const;
const linked = { channel: 'telegram', address: '7001234567' } as const;

/** Words that are found nowhere once the patient is erased. */
const MARKS = [
  'Метельская',
  'Аделаида',
  '1990-02-28',
  PHONE,
  WAMID,
  'adelaida@',
  'колено',
  'уезжаю',
  'грубо',
  'Здравствуйте',
  'приду',
  linked.address,
  'кто вы',
];

/** The same person, before anybody knew who wrote: a talk, its reply, and what staff were shown of it. */
async function aStranger(): Promise<void> {
  await conversations.open(
    buildConversation({ id: 'stranger', at: linked, patient: null, snapshot: { held: 'кто вы' }, appointments: [] }),
  );
  const content = { key: 'conversations.staffRoom.said', values: { words: 'кто вы' } };
  const of = {
    subject: { patient: 'nobody' },
    patient: null,
    conversation: 'stranger',
    channel: 'telegram',
    content,
  } as const;
  await outbox.plan(
    [
      buildMessage({ key: 'menu', kind: 'reply', to: linked.address, ...of }),
      buildMessage({ key: 'shown', kind: 'staff', to: '-100#stranger', ...of }),
    ],
    MONDAY,
  );
}

async function aPatientsYear(): Promise<void> {
  const body = buildPatient({
    lastName: 'Метельская',
    firstName: 'Аделаида',
    birthDate: '1990-02-28',
    email: 'adelaida@example.org',
    consent: { messages: true, advertising: false },
  });
  await patients.put('maria', body, MONDAY, 'clinic');
  await appointments.put('visit', buildVisit({ phone: PHONE, notes: 'колено' }), {
    at: MONDAY,
    by: 'clinic',
    quiet: false,
  });
  await appointments.step('visit', { kind: 'cancel', reason: 'уезжаю' }, { at: MONDAY, by: 'patient' });
  const [row] = await outbox.plan([buildMessage()], MONDAY);
  if (row === undefined) throw new Error('nothing was planned');
  await outbox.save(row, {
    ...row,
    state: 'delivered',
    channel: 'whatsapp',
    to: PHONE,
    text: 'Здравствуйте, Аделаида!',
    price: 100,
    sentAt: MONDAY,
    attempts: [{ id: 't', channel: 'whatsapp', to: PHONE, price: 100, at: MONDAY, result: 'sent', providerId: WAMID }],
  });
  const content = { key: 'conversations.survey.thanks', values: { name: 'Аделаида' } };
  await outbox.plan([buildMessage({ key: 'reply', kind: 'reply', content, to: PHONE, channel: 'whatsapp' })], MONDAY);
  const day = { key: 'admin.commands.day', values: { lines: 'Метельская Аделаида' } };
  const toDoctor = { kind: 'staff', patient: null, named: ['other', 'maria'], to: '501' } as const;
  await outbox.plan(
    [buildMessage({ key: 'day', content: day, subject: { patient: 'other' }, channel: 'telegram', ...toDoctor })],
    MONDAY,
  );
  await conversations.open(
    buildConversation({
      snapshot: { comment: 'грубо' },
      pending: [{ id: 'e', effect: { type: 'say', words: 'грубо' } }],
    }),
  );
  await inbound.store({ id: 'in-1', from: chat, at: MONDAY, body: { kind: 'text', text: 'приду' } });
  await surveys.score({
    id: 's',
    patient: 'maria',
    appointment: 'visit',
    doctor: 'lebedeva',
    branch: 'north',
    services: [],
    score: 2,
    answeredAt: MONDAY,
    conversation: 'talk',
  });
  await surveys.comment('s', 'грубо');
  await identities.sawInbound(chat, ['maria'], MONDAY);
  await refusals.stop(PHONE, MONDAY);
  await aStranger();
  await linkTokens.add('hash', { kind: 'patient', subject: 'maria', expiresAt: NOON });
  await linkTokens.use('hash', linked, MONDAY);
  await identities.link(linked, 'maria', MONDAY);
  await paces.take('telegram 7001234567', { nowMs: 0, gapMs: 1000, withinMs: 0, urgent: true });
  await channelMemory.set('whatsapp', 'user.RU.1', PHONE);
  await simulator.setReachable(chat, false);
  await simulator.add({
    id: 'l',
    at: chat,
    from: 'patient',
    sentAt: MONDAY,
    text: 'приду',
    choices: [],
    status: 'sent',
  });
}

describe('Erasing a patient', () => {
  beforeEach(async () => {
    await simulator.reset();
    await aPatientsYear();
  });

  it('leaves no name, address or word of the patient in any collection', async () => {
    const before = await storedText(jobsDb());
    expect(MARKS.filter((mark) => !before.includes(mark))).toEqual([]);
    expect(await patients.erase('maria', NOON)).toBe(true);
    const after = await storedText(jobsDb());
    expect(MARKS.filter((mark) => after.includes(mark))).toEqual([]);
  });

  it('keeps keys and figures', async () => {
    await patients.erase('maria', NOON);
    expect(await patients.get('maria')).toMatchObject({ id: 'maria', storedAt: MONDAY, erasedAt: NOON, phones: [] });
    expect(await appointments.get('visit')).toMatchObject({ status: 'cancelled', services: ['cleaning'] });
    expect(await surveys.get('s')).toMatchObject({ score: 2, branch: 'north' });
    expect((await outbox.ofSubject({ appointment: 'visit' })).map(({ price }) => price).toSorted()).toEqual([0, 100]);
  });

  it('keeps refusals: those that the clinic recorded, and STOP without the number that said it', async () => {
    await patients.erase('maria', NOON);
    expect(await patients.get('maria')).toMatchObject({ consent: { messages: true, advertising: false } });
    expect(await refusals.stopped([PHONE, '+79160000000'])).toEqual(new Set([PHONE]));
    await refusals.start(PHONE, NOON);
    expect(await refusals.stopped([PHONE])).toEqual(new Set());
    await refusals.stop(PHONE, NOON);
    expect(await refusals.stopped([PHONE])).toEqual(new Set([PHONE]));
  });

  it('takes away what was said to the guardian and by the guardian of others, too', async () => {
    await patients.put('petya', buildPatient({ firstName: 'Пётр', phones: [], guardian: 'maria' }), MONDAY, 'clinic');
    const told = {
      channel: 'whatsapp',
      to: PHONE,
      text: 'Здравствуйте, Аделаида!',
      price: 100,
      sentAt: MONDAY,
    } as const;
    const attempt = { id: 'p', channel: 'whatsapp', to: PHONE, price: 100, at: MONDAY, result: 'sent' } as const;
    for (const [key, to] of [
      ['petya 1', PHONE],
      ['petya 2', null],
    ] as const) {
      const ofPetya = { key, patient: 'petya', subject: { patient: 'petya' } };
      const [row] = await outbox.plan([buildMessage(ofPetya)], MONDAY);
      if (row === undefined) throw new Error('nothing was planned');
      await outbox.save(row, { ...row, ...told, to, state: 'delivered', attempts: [attempt] });
    }
    await conversations.open(buildConversation({ id: 'about', patient: 'petya', snapshot: { comment: 'грубо' } }));
    const shown = { key: 'conversations.staffRoom.said', values: { words: 'грубо' } };
    const toStaff = {
      key: 'of petya',
      kind: 'staff',
      conversation: 'about',
      content: shown,
      to: '-100#petya',
    } as const;
    await outbox.plan([buildMessage({ ...toStaff, channel: 'telegram', patient: 'petya' })], MONDAY);
    await identities.sawInbound(chat, ['maria', 'petya'], MONDAY);
    await patients.erase('maria', NOON);
    const after = await storedText(jobsDb());
    expect(MARKS.filter((mark) => after.includes(mark))).toEqual([]);
    expect(await patients.get('petya')).toMatchObject({ firstName: 'Пётр' });
  });

  it('takes away the message to another patient of the same number that named a visit of theirs, too', async () => {
    await patients.put('petya', buildPatient({ firstName: 'Пётр' }), MONDAY, 'clinic');
    await appointments.put('hers', buildVisit(), { at: MONDAY, by: 'clinic', quiet: false });
    const [row] = await outbox.plan([buildMessage({ key: 'of both', patient: 'petya' })], MONDAY);
    if (row === undefined) throw new Error('nothing was planned');
    const text = '10:00, Пётр Орлов\n12:00, Аделаида Метельская';
    await outbox.save(row, { ...row, also: ['hers'], text, state: 'sent', sentAt: MONDAY });
    const other = await outbox.plan([buildMessage({ key: 'of him', patient: 'petya' })], MONDAY);
    await patients.erase('maria', NOON);
    const after = await storedText(jobsDb());
    expect(MARKS.filter((mark) => after.includes(mark))).toEqual([PHONE]);
    expect(await outbox.byKeys(['of him'])).toEqual(other);
  });

  it('leaves another patient of the same number their talk, their chats, and the way in which they are known', async () => {
    await patients.put('ivan', buildPatient({ firstName: 'Иван' }), MONDAY, 'clinic');
    await identities.sawInbound(chat, ['maria', 'ivan'], MONDAY);
    await identities.link(linked, 'ivan', MONDAY);
    await conversations.open(buildConversation({ id: 'his', patient: 'ivan' }));
    await patients.erase('maria', NOON);
    expect((await identities.ofPatient('ivan')).map(({ address }) => address)).toEqual([linked.address, PHONE]);
    expect(await conversations.get('his')).toMatchObject({ status: 'open', at: chat });
    expect(await channelMemory.get('whatsapp', 'user.RU.1')).toBe(PHONE);
    await patients.erase('ivan', NOON);
    expect(await channelMemory.get('whatsapp', 'user.RU.1')).toBeNull();
  });

  it('lets nothing out that was decided before: the claim is worth nothing any more', async () => {
    await outbox.plan([buildMessage({ key: 'second', dueAt: MONDAY, lookAt: MONDAY })], MONDAY);
    const query = { now: NOON, wallMs: 0, owner: 'p1', leaseMs: 60_000, limit: 20 };
    const claimed = (await outbox.claim(query)).find(({ key }) => key === 'second');
    if (claimed === undefined) throw new Error('nothing was claimed');
    await patients.erase('maria', NOON);
    const now = await outbox.get(claimed.id);
    expect(now?.fence).toBe(claimed.fence + 1);
    expect(await outbox.save(claimed, { ...claimed, state: 'sending', to: PHONE })).toBeNull();
  });

  it('cancels what was still to be said and ends open questions', async () => {
    await patients.erase('maria', NOON);
    const [reply] = await outbox.byKeys(['reply']);
    expect(reply).toMatchObject({ state: 'cancelled', lookAt: null, content: null });
    expect(await conversations.get('talk')).toMatchObject({ status: 'closed', outcome: 'erased', wakeAt: null });
  });

  it('may be repeated, and the clinic may give the patient again', async () => {
    await patients.erase('maria', NOON);
    expect(await patients.erase('maria', NOON)).toBe(true);
    const again = await patients.put('maria', buildPatient(), NOON, 'clinic');
    expect(again.document).toMatchObject({ firstName: 'Мария', storedAt: MONDAY });
    expect(again.document).not.toHaveProperty('erasedAt');
  });
});
