import type { ChannelName } from '../../src/core/channel-name.ts';
import type { RunningService } from './running-service.ts';
import { until } from './until.ts';

/** What somebody sees of one message: its text, and the titles to choose from (buttons, rows or numbered lines). */
interface Seen {
  readonly text: string;
  readonly choices: readonly string[];
}

/** A patient's end of a channel. */
export interface DayPhone {
  /** What has arrived, oldest first. */
  seen(): Promise<readonly Seen[]>;
  say(text: string): Promise<void>;
  /** Taps that button, or answers with the number of the line, of the newest message that offers it. */
  choose(title: string): Promise<void>;
}

export interface DayWorld {
  readonly service: Pick<RunningService, 'must'>;
  readonly channel: ChannelName;
  readonly anna: DayPhone;
  readonly boris: DayPhone;
  /** Where the head is told of a low score, and what has arrived there. */
  readonly head: { readonly email?: string; readonly telegram?: string };
  alerts(): Promise<readonly string[]>;
  /** Lets patients be reached, where that takes more than their number: links their chats. */
  join?(patient: 'anna' | 'boris'): Promise<void>;
}

export const PHONES = { anna: '+995555000001', boris: '+995555000002' } as const;
const MAILS = { anna: 'anna@patients.example', boris: 'boris@patients.example' } as const;

const CONFIRM = 'I will come';
const ON = ['details', 'confirmation', 'reminder', 'survey'] as const;
const MINUTE_MS = 60_000;
const ZONE_HOURS = 4;

interface Card {
  readonly state: string;
}
interface Row {
  readonly scenario: string;
  readonly channel: string;
  readonly status: string;
  readonly patient: string;
  readonly price: number;
}

/**
 * The clinic as a service in demo mode sees it on the Monday at 08:00 after today: one branch that writes over one channel,
 * Anna at Tuesday noon and Boris at two. Gives the moments of that week.
 */
export async function openClinicDay({
  service,
  channel,
  head,
  join,
}: DayWorld): Promise<(day: number, time: string) => string> {
  const { now } = await service.must<{ now: string }>('GET', '/demo/clock');
  const local = new Date(Date.parse(now) + ZONE_HOURS * 60 * MINUTE_MS);
  const monday = new Date(
    Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + ((8 - local.getUTCDay()) % 7 || 7)),
  );
  const at = (day: number, time: string): string =>
    `${new Date(monday.getTime() + day * 24 * 60 * MINUTE_MS).toISOString().slice(0, 10)}T${time}:00+04:00`;
  await service.must('POST', '/demo/clock', { to: at(0, '08:00') });
  await service.must('PUT', '/branches/hill', {
    name: 'Clinic on the Hill',
    timezone: 'Asia/Tbilisi',
    country: 'GE',
    currency: 'GEL',
    locale: 'en',
    channels: [channel],
    head: { name: 'Nino Beridze', ...head },
    reviewSites: [{ site: 'maps', url: 'https://maps.example/hill' }],
  });
  await service.must('PUT', '/doctors/gela', { name: 'Dr. Gelashvili', branches: ['hill'] });
  await service.must('PUT', '/services/clean', { name: 'Teeth cleaning', durationMinutes: 30 });
  for (const patient of ['anna', 'boris'] as const) {
    await service.must('PUT', `/patients/${patient}`, {
      lastName: 'Lomidze',
      firstName: patient === 'anna' ? 'Anna' : 'Boris',
      phones: [PHONES[patient]],
      email: MAILS[patient],
    });
    await join?.(patient);
  }
  const slots = [2, 3, 4].flatMap((day) =>
    ['10:00', '11:00'].map((time) => ({
      doctor: 'gela',
      start: at(day, time),
      end: at(day, time.replace(':00', ':30')),
    })),
  );
  await service.must(
    'PUT',
    `/branches/hill/slots?from=${at(0, '00:00').replace('+', '%2B')}&to=${at(6, '00:00').replace('+', '%2B')}`,
    slots,
  );
  await service.must('POST', '/branches/hill/balance/top-ups', { amount: 100_000 }, { 'idempotency-key': 'first' });
  for (const key of ON) {
    const settings = { channels: [channel], ...(key === 'survey' && { sites: ['maps'] }) };
    const card = await service.must<Card>('PATCH', `/branches/hill/scenarios/${key}`, { enabled: true, settings });
    if (card.state !== 'working') throw new Error(`${key} is ${card.state}`);
  }
  return at;
}

const contains = async (phone: DayPhone, words: string): Promise<void> =>
  until(async () => (await phone.seen()).some(({ text }) => text.includes(words)), {
    what: `a message with "${words}"`,
    withinMs: 20_000,
  });

const newest = async (phone: DayPhone): Promise<Seen> => {
  const seen = await phone.seen();
  const last = seen.findLast(({ choices }) => choices.length > 0);
  if (last === undefined) throw new Error(`Nothing to choose from in ${JSON.stringify(seen)}`);
  return last;
};

/** Books, confirms by button and by words, reminds, cancels and books again, scores low, alerts; every step is seen at the other end. */
export async function playClinicDay(world: DayWorld): Promise<void> {
  const { service, channel, anna, boris } = world;
  const at = await openClinicDay(world);
  const to = (moment: string) => service.must('POST', '/demo/clock', { to: moment });
  const status = async (appointment: string) =>
    (await service.must<{ status: string }>('GET', `/appointments/${appointment}`)).status;
  const visit = (patient: string, time: string, end: string, state = 'unconfirmed') => ({
    patient,
    branch: 'hill',
    doctor: 'gela',
    services: ['clean'],
    start: at(1, time),
    end: at(1, end),
    status: state,
  });

  await service.must('PUT', '/appointments/a1', visit('anna', '12:00', '12:30'));
  await service.must('PUT', '/appointments/b1', visit('boris', '14:00', '14:30'));
  await to(at(0, '08:05'));
  await contains(anna, 'Dr. Gelashvili');
  await contains(boris, 'Dr. Gelashvili');

  await to(at(0, '12:01'));
  await until(async () => (await anna.seen()).some(({ choices }) => choices.includes(CONFIRM)), {
    what: 'Anna’s question',
  });
  await anna.choose(CONFIRM);
  await contains(anna, 'you are confirmed');
  if ((await status('a1')) !== 'confirmed') throw new Error('a1 is not confirmed');

  await to(at(0, '14:01'));
  await until(async () => (await boris.seen()).some(({ choices }) => choices.includes(CONFIRM)), {
    what: 'Boris’s question',
  });
  await boris.say('Yes, I will come!');
  await contains(boris, 'you are confirmed');
  if ((await status('b1')) !== 'confirmed') throw new Error('b1 is not confirmed');

  await to(at(1, '09:00'));
  await boris.say('sorry, please cancel my visit');
  await contains(boris, 'Cancel it?');
  await boris.choose('Yes');
  await contains(boris, 'the visit is cancelled');
  await boris.say('I have fallen ill');
  await contains(boris, 'another time?');
  await boris.choose('Choose a new time');
  await contains(boris, 'Which day suits you?');
  const [day = ''] = (await newest(boris)).choices;
  await boris.choose(day);
  await contains(boris, 'which time?');
  const [slot = ''] = (await newest(boris)).choices;
  await boris.choose(slot);
  await until(async () => (await newest(boris)).choices.includes('Yes'), { what: 'the question whether to book' });
  await boris.choose('Yes');
  await contains(boris, 'See you!');
  const { items } = await service.must<{ items: readonly { status: string; start: string }[] }>(
    'GET',
    '/appointments?patient=boris',
  );
  const live = items.filter((one) => one.status !== 'cancelled').map(({ start }) => start);
  if (live.length !== 1 || live[0] !== at(2, '10:00')) throw new Error(`Boris is booked at ${live.join(', ')}`);

  await to(at(1, '10:01'));
  await until(async () => (await rows(service)).some(({ scenario }) => scenario === 'reminder'), {
    what: 'the reminder',
  });

  await to(at(1, '12:35'));
  await service.must('PUT', '/appointments/a1', visit('anna', '12:00', '12:30', 'completed'));
  await to(at(1, '15:31'));
  await until(async () => (await anna.seen()).some(({ choices }) => choices.length === 5), { what: 'the survey' });
  await anna.choose((await newest(anna)).choices[1] ?? '');
  await contains(anna, 'What went wrong?');
  await until(async () => (await world.alerts()).length >= 1, { what: 'the alert' });
  await anna.say('I waited for an hour');
  await contains(anna, 'Shall we contact you?');
  await until(async () => (await world.alerts()).some((text) => text.includes('I waited for an hour')), {
    what: 'the comment in the alert',
  });
  await checkLog(service, channel);
}

/** Scenario messages that left. */
async function rows(service: DayWorld['service']): Promise<readonly Row[]> {
  const { items } = await service.must<{ items: readonly Row[] }>('GET', '/messages?branch=hill&limit=200');
  return items.filter(({ status }) => ['sent', 'delivered', 'read'].includes(status));
}

/** Each message once, over this channel, nothing failed or unknown, and the spend is the sum of the prices. */
async function checkLog(service: DayWorld['service'], channel: ChannelName): Promise<void> {
  const left = await rows(service);
  const told = left.map(({ scenario, patient, channel: over }) => `${scenario} ${patient} ${over}`).sort();
  // Boris's new visit is more than a day ahead: he is asked about that one, too.
  const wanted = [
    'confirmation anna',
    'confirmation boris',
    'confirmation boris',
    'details anna',
    'details boris',
    'reminder anna',
    'survey anna',
  ];
  if (JSON.stringify(told) !== JSON.stringify(wanted.map((one) => `${one} ${channel}`)))
    throw new Error(`What left is ${told.join(', ')}`);
  const { total } = await service.must<{ total: number }>('GET', '/spend?branch=hill');
  const prices = left.reduce((sum, { price }) => sum + price, 0);
  if (total !== prices) throw new Error(`Spent ${total}, the prices are ${prices}`);
  for (const status of ['failed', 'unknown']) {
    const { items } = await service.must<{ items: readonly unknown[] }>('GET', `/messages?status=${status}&limit=200`);
    if (items.length > 0) throw new Error(`${items.length} messages are ${status}`);
  }
}

/** The titles in a text whose choices are numbered lines. */
export function numberedChoices(text: string): readonly string[] {
  return [...text.matchAll(/^\d+ [–-] (.+)$/gm)].map(([, title = '']) => title);
}
