import { beforeEach, describe, expect, it } from '@jest/globals';
import { openTalkingClinic, surveyOpening, type TalkingClinic } from '../support/talking-clinic.ts';

describe('A survey in a chat', () => {
  let clinic: TalkingClinic;
  beforeEach(async () => {
    clinic = await openTalkingClinic('2026-11-24T11:00:00Z');
    await clinic.visit('visit', { status: 'completed' });
    await clinic.sent('survey', 'visit', surveyOpening('visit'));
  });
  const surveys = async () => (await clinic.stores.surveys.list({}, { limit: 10 })).items;
  const alerts = async () => (await clinic.stores.outbox.list({ kind: 'alert' }, { limit: 20 })).items;

  it('stores the score at once and thanks for a high one with the links', async () => {
    expect(await clinic.says('5')).toEqual(['survey.thanked']);
    expect(await surveys()).toMatchObject([
      {
        patient: 'maria',
        appointment: 'visit',
        doctor: 'lebedeva',
        branch: 'north',
        score: 5,
        contactRequested: false,
      },
    ]);
    expect(await alerts()).toEqual([]);
    expect(await clinic.conversation('survey.visit.0')).toMatchObject({ status: 'closed', outcome: 'scored' });
  });

  it('alerts the head by e-mail and Telegram at once, even if no comment follows', async () => {
    expect(await clinic.says('2')).toEqual(['survey.whatWentWrong', 'alert.score', 'alert.score'].sort());
    const sent = await alerts();
    expect(sent.map(({ channel, to }) => `${channel} ${to}`).sort()).toEqual([
      'email head@clinic.example',
      'telegram 77',
    ]);
    const [survey] = await surveys();
    expect(sent[0]?.content?.choices).toEqual([{ id: `care.${survey?.id}`, key: 'conversations.alert.takenCareOf' }]);
    expect(JSON.stringify(sent[0]?.content)).not.toContain('79161234567');
  });

  it('adds the comment and the wish to be called to the same alerts, and gives links with the comment of a low score', async () => {
    await clinic.says('1');
    const asked = await clinic.says('Ждали 40 минут, врач грубил');
    expect(asked.filter((key) => key.startsWith('survey'))).toEqual(['survey.commentThanked']);
    await clinic.said();
    expect((await clinic.taps('contactMe')).filter((key) => key.startsWith('survey'))).toEqual(['survey.willCall']);
    const [survey] = await surveys();
    expect(survey).toMatchObject({ score: 1, comment: 'Ждали 40 минут, врач грубил', contactRequested: true });
    const keys = (await alerts()).map((row) => row.key);
    expect(keys).toHaveLength(6);
    expect(keys.every((key) => key.startsWith(`alert:${survey?.id}:`))).toBe(true);
    expect((await clinic.stores.tasks.list({}, { limit: 10 })).items).toMatchObject([{ kind: 'contactRequested' }]);
    expect(await clinic.conversation('survey.visit.0')).toMatchObject({
      status: 'closed',
      outcome: 'scoredWithComment',
    });
  });

  it('gives links with the refusal of a comment too, unless only high scores are asked for them', async () => {
    await clinic.says('2');
    await clinic.said();
    await clinic.taps('noContact');
    const [row] = (await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 1 })).items;
    expect(row?.content).toMatchObject({ key: 'conversations.survey.refused' });
    expect(row?.content?.parts).toHaveLength(2);
  });

  it('takes words after a 4 or 5 as its comment', async () => {
    await clinic.says('4');
    expect(await clinic.says('Только музыка громкая')).toEqual(['survey.wordsThanked']);
    expect(await clinic.says('и холодно')).toEqual([]);
    expect(await surveys()).toMatchObject([{ score: 4, comment: 'Только музыка громкая\nи холодно' }]);
    expect(await clinic.says('спасибо')).toEqual([]);
  });

  it('keeps praise that comes with the score as its comment', async () => {
    expect(await clinic.says('4, доктор супер')).toEqual(['survey.thanked']);
    expect(await surveys()).toMatchObject([{ score: 4, comment: '4, доктор супер' }]);
  });

  it.each(['5', 'да, 5', '5, спасибо', '5 звёзд', '5 супер'])('takes no comment from %s', async (words) => {
    await clinic.says(words);
    const [survey] = await surveys();
    expect([survey?.score, survey?.comment]).toEqual([5, undefined]);
  });

  it('takes praise after a 5 as its comment, not as a yes to a visit that is over or was told of before', async () => {
    await clinic.visit('next', { start: new Date('2026-11-30T07:00:00Z'), end: new Date('2026-11-30T07:30:00Z') });
    await clinic.sent('details', 'visit');
    await clinic.sent('details', 'next');
    clinic.clock.set('2026-11-24T11:01:00Z');
    await clinic.says('5');
    expect(await clinic.says('Great doctor')).toEqual(['survey.wordsThanked']);
    expect(await clinic.says('Всё хорошо, спасибо')).toEqual([]);
    expect(await surveys()).toMatchObject([{ score: 5, comment: 'Great doctor' }]);
    expect(await clinic.stores.appointments.get('next')).toMatchObject({ status: 'unconfirmed' });
  });

  it('does not take ten out of ten for a day to move a visit to that is over', async () => {
    await clinic.sent('details', 'visit');
    expect(await clinic.says('10/10')).toEqual(['clarify.score']);
  });

  it('keeps the first score and thanks for a later one, which goes into the alert thread', async () => {
    await clinic.says('5');
    expect((await clinic.says('1')).filter((key) => key.startsWith('survey'))).toEqual(['survey.laterScore']);
    expect(await surveys()).toMatchObject([{ score: 5 }]);
    expect((await alerts())[0]?.content).toMatchObject({ key: 'conversations.alert.laterScore', values: { score: 1 } });
  });

  it('closes when its time is over and says so to a late score', async () => {
    clinic.clock.set('2026-11-25T11:00:00Z');
    await clinic.engine.work.run(clinic.clock.now());
    expect(await clinic.conversation('survey.visit.0')).toMatchObject({ status: 'closed', outcome: 'expired' });
    expect(await clinic.taps('5')).toEqual(['survey.closed']);
    expect(await surveys()).toEqual([]);
  });

  it('hands a voice note over politely', async () => {
    await clinic.says('2');
    await clinic.said();
    expect(await clinic.hears({ kind: 'media', media: 'voice' })).toEqual(['survey.voiceHandedOver']);
    expect(await clinic.talk('inbox')).toMatchObject({ status: 'handedOver' });
  });

  it('is taken care of by a tap in the chat of the head, and by nobody else', async () => {
    await clinic.says('2');
    const [survey] = await surveys();
    const care = `care.${survey?.id}`;
    expect(await clinic.taps(care, undefined, { channel: 'telegram', address: '88' })).toEqual([]);
    expect(await surveys()).not.toMatchObject([{ takenCareOf: expect.anything() }]);
    const head = { channel: 'telegram', address: '77' } as const;
    expect(await clinic.taps(care, undefined, head)).toEqual(['alert.takenCare', 'alert.takenCare']);
    expect(await surveys()).toMatchObject([{ takenCareOf: { by: 'Пётр', at: clinic.clock.now() } }]);
    expect(await clinic.taps('care.survey.ghost.0', undefined, head)).toEqual([]);
  });

  it('is taken care of once: the whole alert thread hears who it was, and a later tap is told so', async () => {
    const head = { channel: 'telegram', address: '77' } as const;
    await clinic.says('2');
    await clinic.says('Грубо');
    const care = `care.${(await surveys())[0]?.id}`;
    await clinic.said();
    await clinic.hears({ kind: 'choice', choice: care }, head, 'tap-1');
    const told = (await alerts()).filter(({ content }) => content?.key === 'conversations.alert.takenCare');
    expect(told.map(({ channel, to }) => `${channel} ${to}`).sort()).toEqual([
      'email head@clinic.example',
      'telegram 77',
    ]);
    expect(told[0]?.content?.values).toMatchObject({ name: 'Пётр', day: 'вт, 24 ноября', time: '14:00' });
    expect(await clinic.hears({ kind: 'choice', choice: care }, head, 'tap-1')).toEqual([]);
    clinic.clock.advance(3_600_000);
    expect(await clinic.hears({ kind: 'choice', choice: care }, head, 'tap-2')).toEqual(['alert.alreadyTaken']);
    expect((await clinic.stores.outbox.list({ kind: 'staff' }, { limit: 5 })).items[0]?.content?.values).toEqual({
      name: 'Пётр',
      day: 'вт, 24 ноября',
      time: '14:00',
    });
  });

  it('taken care of in the console is told to the alert thread too', async () => {
    await clinic.says('2');
    const id = (await surveys())[0]?.id ?? '';
    await clinic.said();
    await clinic.engine.takeCare(id, 'Ольга');
    await clinic.engine.takeCare(id, 'Иван');
    expect((await clinic.said()).map(({ content }) => content?.values['name'])).toEqual(['Ольга', 'Ольга']);
    expect(await clinic.engine.takeCare('survey.ghost.0', 'Ольга')).toBeNull();
  });

  it('shows the phone in an alert only where the clinic allows it', async () => {
    await clinic.visit('second', { status: 'completed' });
    await clinic.sent(
      'survey',
      'second',
      surveyOpening('second', { showPhone: true, alertTo: { email: 'a@b.example' } }),
    );
    await clinic.taps('3', (await clinic.conversation('survey.second.0')).messages[0]);
    const [row] = await alerts();
    expect(JSON.stringify(row?.content)).toContain('+79161234567');
  });
});
