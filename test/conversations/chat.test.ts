import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  confirmationOpening,
  freeSlots,
  MARIA,
  openTalkingClinic,
  surveyOpening,
  type TalkingClinic,
} from '../support/talking-clinic.ts';

describe('A chat', () => {
  let clinic: TalkingClinic;
  beforeEach(async () => {
    clinic = await openTalkingClinic();
  });
  const changes = async () => (await clinic.stores.changes.list(null, { limit: 20 })).items.map(({ change }) => change);

  it('stops before anything else, tells the clinic, and acknowledges once', async () => {
    await clinic.visit('visit', {
      status: 'completed',
      start: new Date('2026-11-22T07:00:00Z'),
      end: new Date('2026-11-22T07:30:00Z'),
    });
    await clinic.sent('survey', 'visit', surveyOpening('visit'));
    expect(await clinic.hears({ kind: 'text', text: 'СТОП!' }, MARIA, 'stop-1')).toEqual(['inbox.stopped']);
    expect(await clinic.hears({ kind: 'text', text: 'СТОП!' }, MARIA, 'stop-1')).toEqual([]);
    expect(await clinic.stores.refusals.stopped([MARIA.address])).toEqual(new Set([MARIA.address]));
    expect(await clinic.conversation('survey.visit.0')).toMatchObject({ outcome: 'optedOut', status: 'closed' });
    expect(await changes()).toEqual(['stopped']);
    expect(await clinic.says('старт')).toEqual(['inbox.started']);
    expect(await clinic.stores.refusals.stopped([MARIA.address])).toEqual(new Set());
    expect(await changes()).toEqual(['stopped', 'started']);
  });

  it('stops a mailbox at each click on the link of a mail, and acknowledges the first since it was open', async () => {
    const mailbox = { channel: 'email', address: 'maria@example.org' } as const;
    const key = 'email:maria@example.org';
    const says = (text: string, id: string) => clinic.hears({ kind: 'text', text }, mailbox, id);
    expect(await says('stop', 'unsubscribe:1')).toEqual(['inbox.stopped']);
    expect(await says('stop', 'unsubscribe:2')).toEqual([]);
    expect(await says('start', 'start')).toEqual(['inbox.started']);
    expect(await clinic.stores.refusals.stopped([key])).toEqual(new Set());
    expect(await says('stop', 'unsubscribe:3')).toEqual(['inbox.stopped']);
    expect(await clinic.stores.refusals.stopped([key])).toEqual(new Set([key]));
  });

  it('understands the stop of every language and never takes «отмена» for one', async () => {
    expect(await clinic.says('unsubscribe')).toEqual(['inbox.stopped']);
    await clinic.says('start');
    await clinic.says('отмена');
    expect(await clinic.stores.refusals.stopped([MARIA.address])).toEqual(new Set());
  });

  it('shows the menu once to words that answer nothing, then calls a person and falls silent', async () => {
    expect(await clinic.says('у вас есть бассейн')).toEqual(['inbox.menu']);
    expect(await clinic.says('ну так что насчёт бассейна')).toEqual(['handedOver']);
    expect(await clinic.says('ау')).toEqual([]);
    expect(await clinic.says('СТОП')).toEqual(['inbox.stopped']);
  });

  it('takes a line of the menu by its number, by its title and by any of its words', async () => {
    const sms = { ...MARIA, channel: 'sms' as const };
    await clinic.visit('visit');
    for (const words of ['1', 'Мои визиты', 'my visits']) {
      expect(await clinic.says('помощь', sms)).toEqual(['inbox.help']);
      expect(await clinic.says(words, sms)).toEqual(['visits.chooseAction']);
    }
    expect(await clinic.says('помощь', sms)).toEqual(['inbox.help']);
    expect(await clinic.says('2', sms)).toEqual(['inbox.book']);
  });

  it('comes back to the bot 12 hours after the last word of staff', async () => {
    await clinic.says('оператор');
    const talk = await clinic.talk('inbox');
    expect(talk).toMatchObject({ status: 'handedOver', wakeAt: new Date('2026-11-23T18:00:01Z') });
    clinic.clock.set('2026-11-23T10:00:00Z');
    await clinic.engine.inbox.answer(talk.id, 'Добрый день! {{text}}', 'owner');
    const [words] = await clinic.said();
    expect(words).toMatchObject({
      kind: 'reply',
      to: MARIA.address,
      content: { values: { text: 'Добрый день! {{text}}' } },
    });
    clinic.clock.set('2026-11-23T18:00:01Z');
    await clinic.engine.work.run(clinic.clock.now());
    expect(await clinic.says('ау')).toEqual([]);
    clinic.clock.set('2026-11-23T22:00:00Z');
    await clinic.engine.work.run(clinic.clock.now());
    expect(await clinic.says('помощь')).toEqual(['inbox.help']);
  });

  it('comes back to the bot at once when staff give it back', async () => {
    await clinic.says('оператор');
    const talk = await clinic.talk('inbox');
    expect(await clinic.engine.inbox.returnToBot(talk.id)).toMatchObject({ status: 'closed', outcome: 'backToBot' });
    expect(await clinic.says('помощь')).toEqual(['inbox.help']);
    expect(await clinic.engine.inbox.answer('nobody', 'words', 'owner')).toBeNull();
  });

  it('hands a question over to staff who answer in it', async () => {
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.engine.inbox.answer('confirmation.visit.0', 'Здравствуйте', 'owner')).toMatchObject({
      machine: 'inbox',
      status: 'handedOver',
    });
    await clinic.said();
    expect(await clinic.says('что?')).toEqual([]);
    // A tap on our own question still counts, but only staff speak.
    expect(await clinic.taps('confirm')).toEqual([]);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
  });

  it('writes in the language that was chosen, and keeps it', async () => {
    expect(await clinic.says('language')).toEqual(['inbox.chooseLanguage']);
    expect(await clinic.says('Italiano')).toEqual(['inbox.languageSet']);
    expect(await clinic.stores.patients.get('maria')).toMatchObject({ chosenLocale: 'it' });
    const [row] = (await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 1 })).items;
    expect(row).toMatchObject({ locale: 'it' });
  });

  it('lists future visits and lets one be confirmed, moved or cancelled', async () => {
    await clinic.visit('visit');
    await clinic.visit('later', { start: new Date('2026-11-25T09:00:00Z'), end: new Date('2026-11-25T09:30:00Z') });
    await clinic.visit('past', { start: new Date('2026-11-20T09:00:00Z'), end: new Date('2026-11-20T09:30:00Z') });
    expect(await clinic.says('мои записи')).toEqual(['visits.list']);
    expect((await clinic.talk('visits')).appointments).toEqual(['visit', 'later']);
    expect(await clinic.says('2')).toEqual(['visits.chooseAction']);
    expect(await clinic.taps('confirm')).toEqual(['confirmation.confirmed']);
    expect(await clinic.stores.appointments.get('later')).toMatchObject({ status: 'confirmed' });
    expect(await clinic.talk('visits')).toMatchObject({ status: 'closed', outcome: 'confirmed' });
    expect(await clinic.says('мои визиты')).toEqual(['visits.list']);
    await clinic.taps('visit:0');
    expect(await clinic.taps('calendar')).toEqual(['visits.calendarLink']);
    const [row] = (await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 1 })).items;
    expect(String(row?.content?.values['url'])).toContain('dates=20261124T070000Z%2F20261124T073000Z');
  });

  it('asks which visit is meant, once, when two equal questions are open', async () => {
    await clinic.visit('visit');
    await clinic.visit('later', { start: new Date('2026-11-25T09:00:00Z'), end: new Date('2026-11-25T09:30:00Z') });
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await clinic.sent('confirmation', 'later', confirmationOpening('later'));
    expect(await clinic.says('да')).toEqual(['inbox.whichQuestion']);
    expect(await clinic.says('2')).toEqual(['confirmation.confirmed']);
    const statuses = await Promise.all(
      ['visit', 'later'].map(async (id) => (await clinic.stores.appointments.get(id))?.status),
    );
    expect(statuses.sort()).toEqual(['confirmed', 'unconfirmed']);
  });

  it('gives digits to a survey and words to a confirmation when both are open', async () => {
    await clinic.visit('past', {
      status: 'completed',
      start: new Date('2026-11-22T07:00:00Z'),
      end: new Date('2026-11-22T07:30:00Z'),
    });
    await clinic.visit('visit');
    await clinic.sent('survey', 'past', surveyOpening('past'));
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.says('5')).toEqual(['survey.thanked']);
    expect(await clinic.says('да')).toEqual(['confirmation.confirmed']);
  });

  it('gives a quoted answer to the question of the quoted message', async () => {
    await clinic.visit('visit');
    await clinic.visit('later', { start: new Date('2026-11-25T09:00:00Z'), end: new Date('2026-11-25T09:30:00Z') });
    const first = await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await clinic.sent('confirmation', 'later', confirmationOpening('later'));
    expect(await clinic.hears({ kind: 'text', text: 'да', quote: first.id })).toEqual(['confirmation.confirmed']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
  });

  it('re-prompts after a voice note, picture or sticker, and never falls over one', async () => {
    expect(await clinic.hears({ kind: 'media', media: 'sticker' })).toEqual([]);
    expect(await clinic.hears({ kind: 'media', media: 'image' })).toEqual(['inbox.media']);
    expect(await clinic.hears({ kind: 'media', media: 'voice' })).toEqual(['handedOver']);
  });

  it('is polite to people whom nobody knows', async () => {
    const stranger = { channel: 'whatsapp', address: '+79990000000' } as const;
    expect(await clinic.says('Добрый день, сколько стоит приём?', stranger)).toEqual(['inbox.menu']);
    expect(await clinic.says('алло', stranger)).toEqual(['handedOver']);
    expect(await clinic.talk('inbox', stranger)).toMatchObject({ patient: null, status: 'handedOver', locale: 'ru' });
  });

  it('calls reception when there is no free slot, or gives the link of the branch', async () => {
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.taps('reschedule')).toEqual(['rebooking.noSlots']);
    expect(await clinic.talk('rebooking')).toMatchObject({ status: 'closed', outcome: 'callMe' });
    expect((await clinic.stores.tasks.list({}, { limit: 10 })).items).toMatchObject([
      { kind: 'callMe', appointment: 'visit' },
    ]);
  });

  it('offers new times when somebody was faster', async () => {
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await freeSlots(clinic, ['2026-11-25T07:00:00Z', '2026-11-25T08:00:00Z']);
    await clinic.taps('reschedule');
    await clinic.taps('day:2026-11-25');
    await clinic.says('10:00');
    const [slot] = await clinic.stores.slots.free('north', {
      from: clinic.clock.now(),
      to: new Date('2026-11-26T00:00:00Z'),
    });
    await clinic.stores.slots.take(slot?.id ?? '', 'somebody');
    expect(await clinic.says('да')).toEqual(['rebooking.slotTaken']);
    expect(await clinic.says('11:00')).toEqual(['rebooking.moveTo']);
    expect(await clinic.says('да')).toEqual(['rebooking.moved']);
  });
});
