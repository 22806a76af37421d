import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BotApiServer, type BotMessage, startBotApiServer } from '../support/bot-api-server.ts';
import { type DayPhone, openClinicDay, PHONES } from '../support/clinic-day.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { until } from '../support/until.ts';

const GROUP = -1_001_234_567_890;
const PLAIN_GROUP = -200_500;
const [HEAD, NINO, DOCTOR, STRANGER] = [900, 501, 502, 666];

let telegram: BotApiServer;
let service: RunningService;
let anna: DayPhone;
let boris: DayPhone;
let at: (day: number, time: string) => string;

/** Patients write in simulated WhatsApp, staff in Telegram through the real grammY. */
beforeAll(async () => {
  telegram = await startBotApiServer();
  telegram.chats.groups.set(GROUP, { forum: true, mayOpenTopics: true, topics: new Map() });
  telegram.chats.groups.set(PLAIN_GROUP, { forum: false, mayOpenTopics: false, topics: new Map() });
  for (const user of [HEAD, DOCTOR, STRANGER]) telegram.users.meet(user);
  service = await createRunningService({
    DEMO_DATA: 'none',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
  });
  await service.start();
  anna = simulatedPhone(service, 'whatsapp', PHONES.anna);
  boris = simulatedPhone(service, 'whatsapp', PHONES.boris);
  at = await openClinicDay({
    service,
    channel: 'whatsapp',
    anna,
    boris,
    head: { telegram: String(HEAD) },
    alerts: async () => [],
  });
  await putBranch(GROUP);
}, 90_000);

afterAll(async () => {
  await service.remove();
  await telegram.close();
}, 30_000);

async function putBranch(staffChat: number): Promise<void> {
  await service.must('PUT', '/branches/hill', {
    name: 'Clinic on the Hill',
    timezone: 'Asia/Tbilisi',
    country: 'GE',
    currency: 'GEL',
    locale: 'en',
    channels: ['whatsapp'],
    head: { name: 'Nino Beridze', telegram: String(HEAD) },
    staffChat: String(staffChat),
  });
}

const sentTo = (chat: number, words: string): Promise<BotMessage> =>
  telegram.sent((message) => message.chat === chat && message.text.includes(words));
const textsTo = (chat: number): readonly string[] =>
  telegram.messages.filter((message) => message.chat === chat).map(({ text }) => text);
const seenByAnna = (words: string) =>
  until(async () => (await anna.seen()).some(({ text }) => text === words), { what: `Anna sees “${words}”` });
const topics = () => [...(telegram.chats.groups.get(GROUP)?.topics ?? [])];

describe('A dialogue in the staff group', () => {
  it('goes both ways through a topic of the patient, over a kill -9, and back to the bot', async () => {
    await anna.say('Can I bring my dog?');
    await anna.say('person');
    const header = await sentTo(GROUP, 'Anna Lomidze');
    const [[thread, name] = [0, '']] = topics();
    expect(name).toBe('Anna Lomidze');
    expect(header.text).toContain('Asks for a person (WhatsApp).');
    expect(header.text).toContain('Can I bring my dog?\nperson');
    expect(header.text).not.toContain(PHONES.anna);

    await telegram.users.say(NINO, 'Small dogs are welcome', { group: GROUP, thread });
    await seenByAnna('Small dogs are welcome');

    await service.kill();
    await service.start();
    await anna.say('He is 40 kg');
    const passedOn = await sentTo(GROUP, 'He is 40 kg');
    expect([passedOn.text, passedOn.message.message_thread_id]).toEqual(['Anna Lomidze: He is 40 kg', thread]);

    const update = {
      message: {
        message_id: 77_001,
        date: 1,
        chat: { id: GROUP, type: 'supergroup', is_forum: true },
        from: { id: NINO, is_bot: false, first_name: 'Nino' },
        message_thread_id: thread,
        is_topic_message: true,
        text: 'Then better not',
      },
    };
    await telegram.users.push(update, 90_000_001);
    await telegram.users.push(update, 90_000_001);
    await seenByAnna('Then better not');

    await telegram.users.tap(NINO, header.message, 'Return to the bot');
    await sentTo(GROUP, 'The bot has this dialogue again.');
    await telegram.users.say(NINO, 'Are you there?', { group: GROUP, thread });
    await sentTo(GROUP, 'your message was not sent');
    await anna.say('help');
    const heard = (await anna.seen()).map(({ text }) => text);
    expect(heard.filter((text) => text === 'Then better not')).toHaveLength(1);
    expect(heard).not.toContain('Are you there?');
    expect(heard.at(-1)).toMatch(/^I can show your visits/);
    expect(topics()).toHaveLength(1);
  }, 90_000);

  it('shows in the inbox who of the staff answered', async () => {
    const { items } = await service.must<{ items: { id: string; machine: string; status: string }[] }>(
      'GET',
      '/conversations?patient=anna',
    );
    const talk = items.find(({ machine, status }) => machine === 'inbox' && status === 'closed');
    const { messages } = await service.must<{ messages: { by?: string; text: string }[] }>(
      'GET',
      `/conversations/${talk?.id}`,
    );
    expect(messages.filter(({ by }) => by !== undefined).map(({ by, text }) => [by, text])).toEqual([
      [`telegram:${NINO}`, 'Small dogs are welcome'],
      [`telegram:${NINO}`, 'Then better not'],
    ]);
  });
});

describe('A staff group without topics', () => {
  it('answers by replying to what the bot brought; other talk of the group goes nowhere', async () => {
    await putBranch(PLAIN_GROUP);
    await boris.say('person');
    const header = await sentTo(PLAIN_GROUP, 'Boris Lomidze');
    await boris.say('Is it far from the station?');
    const passedOn = await sentTo(PLAIN_GROUP, 'Boris Lomidze: Is it far from the station?');
    await telegram.users.say(NINO, 'Lunch?', { group: PLAIN_GROUP });
    await telegram.users.reply(NINO, passedOn.message, 'Five minutes on foot', { group: PLAIN_GROUP });
    await until(async () => (await boris.seen()).at(-1)?.text === 'Five minutes on foot', { what: 'the answer' });
    await telegram.users.reply(NINO, header.message, '/return', { group: PLAIN_GROUP });
    await sentTo(PLAIN_GROUP, 'The bot has this dialogue again.');
    expect((await boris.seen()).map(({ text }) => text)).not.toContain('Lunch?');
    await putBranch(GROUP);
  }, 60_000);
});

describe('A linked doctor', () => {
  it('is greeted, asks for the day, and is told of a new visit in a minute', async () => {
    const doctor = { name: 'Gela', role: 'doctor', doctor: 'gela', branches: ['hill'] };
    const { token } = await service.must<{ token: string }>('POST', '/staff', doctor);
    await telegram.users.say(DOCTOR, `/start ${token}`);
    await sentTo(DOCTOR, 'Hello, Gela. This chat is linked');
    const visit = { patient: 'anna', branch: 'hill', doctor: 'gela', services: ['clean'], status: 'unconfirmed' };
    await service.must('PUT', '/appointments/a1', { ...visit, start: at(1, '12:00'), end: at(1, '12:30') });
    await telegram.users.say(DOCTOR, '/tomorrow');
    await sentTo(DOCTOR, '12:00–12:30 Anna Lomidze, Teeth cleaning – unconfirmed');
    expect(textsTo(DOCTOR).join('\n')).not.toContain('Your schedule has changed');
    await service.must('POST', '/demo/clock', { advance: 'PT1M' });
    const note = await sentTo(DOCTOR, 'Your schedule has changed');
    expect(note.text).toMatch(/^Your schedule has changed\n\nNew: .+, 12:00 – Anna Lomidze, Teeth cleaning \(/);
    expect(textsTo(DOCTOR).join('\n')).not.toContain(PHONES.anna);
  }, 60_000);
});

describe('An alert of a low score', () => {
  it('is taken care of by a tap of the head, once, and by nobody else’s', async () => {
    const visit = { patient: 'anna', branch: 'hill', doctor: 'gela', services: ['clean'] };
    await service.must('POST', '/demo/clock', { to: at(1, '12:35') });
    const over = { ...visit, start: at(1, '12:00'), end: at(1, '12:30'), status: 'completed' };
    await service.must('PUT', '/appointments/a1', over);
    await service.must('POST', '/demo/clock', { to: at(1, '15:31') });
    await until(async () => (await anna.seen()).some(({ choices }) => choices.length === 5), { what: 'the survey' });
    await anna.say('2');
    const alert = await sentTo(HEAD, 'Low score: 2 of 5');
    const survey = async () =>
      (await service.must<{ items: { takenCareOf?: { by: string; at: string } }[] }>('GET', '/surveys')).items[0];

    const stolen = JSON.stringify(alert.params['reply_markup']);
    const data = /"callback_data\\?":\\?"([^"\\]+)/.exec(stolen)?.[1];
    const [from, chat] = [
      { id: STRANGER, is_bot: false, first_name: 'Eve' },
      { id: STRANGER, type: 'private', first_name: 'Eve' },
    ];
    const message = { message_id: 4, date: 1, chat, text: 'x' };
    await telegram.users.push({ callback_query: { id: '1', from, message, chat_instance: '1', data } });
    expect((await survey())?.takenCareOf).toBeUndefined();

    await telegram.users.tap(HEAD, alert.message, 'Taken care of');
    const said = await sentTo(HEAD, 'Taken care of by Nino Beridze');
    expect(said.text).toMatch(/^Taken care of by Nino Beridze on .+ at 15:31\.$/);
    await telegram.users.tap(HEAD, alert.message, 'Taken care of');
    await sentTo(HEAD, 'Nino Beridze took care of it already');
    expect((await survey())?.takenCareOf).toEqual({ by: 'Nino Beridze', at: at(1, '15:31') });
    expect(textsTo(HEAD).filter((text) => text.startsWith('Taken care of by'))).toHaveLength(1);
  }, 60_000);
});
