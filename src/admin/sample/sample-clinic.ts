import { DateTime } from 'luxon';
import { MOSCOW_PEOPLE, ROME_PEOPLE, type SamplePerson } from './sample-people.ts';

/** A call of the HTTP contract, as a clinic's system would make it; paths are relative to `/api/v1`. */
export interface SampleCall {
  readonly method: 'PUT' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SampleClinic {
  /** Monday 08:00 of the first branch. */
  readonly startsAt: Date;
  readonly calls: readonly SampleCall[];
  /** Telegram chats that are linked from the start. */
  readonly linkedChats: readonly { readonly patient: string; readonly chat: string }[];
}

interface Place {
  readonly branch: string;
  readonly zone: string;
  readonly doctors: readonly string[];
  readonly services: readonly string[];
  readonly people: readonly SamplePerson[];
  readonly prefix: string;
}

const PLACES: readonly Place[] = [
  {
    branch: 'pokrovka',
    zone: 'Europe/Moscow',
    doctors: ['petrov', 'smirnova', 'volkova'],
    services: ['cleaning', 'therapy', 'ultrasound'],
    people: MOSCOW_PEOPLE,
    prefix: 'm',
  },
  {
    branch: 'sanmarco',
    zone: 'Europe/Rome',
    doctors: ['bellini', 'moretti'],
    services: ['cleaning', 'checkup'],
    people: ROME_PEOPLE,
    prefix: 'r',
  },
];

/** The week's first moment: the next Monday 08:00 in the first branch, as seen from `now`. */
export function nextMonday(now: Date): Date {
  const local = DateTime.fromJSDate(now, { zone: PLACES[0]?.zone ?? 'utc' });
  const monday = local
    .startOf('day')
    .plus({ days: (8 - local.weekday) % 7 })
    .set({ hour: 8 });
  return (monday.toMillis() < local.toMillis() ? monday.plus({ weeks: 1 }) : monday).toJSDate();
}

/** Two branches in two zones, 43 patients and a week of 70 visits around `startsAt`, all scenarios on. The same start gives the same clinic. */
export function sampleClinic(startsAt: Date): SampleClinic {
  return {
    startsAt,
    calls: [
      ...frame(),
      ...PLACES.flatMap((place) => patients(place, startsAt)),
      ...PLACES.flatMap((place) => history(place, startsAt)),
      ...money(),
      ...PLACES.flatMap((place) => slots(place, startsAt)),
      ...switches(),
      ...PLACES.flatMap((place) => week(place, startsAt)),
    ],
    linkedChats: [
      { patient: 'm-3', chat: '500003' },
      { patient: 'r-2', chat: '500102' },
    ],
  };
}

const put = (path: string, body: unknown): SampleCall => ({ method: 'PUT', path, body });

function frame(): SampleCall[] {
  const sites = [
    { site: 'google', url: 'https://reviews.example/google' },
    { site: 'prodoctorov', url: 'https://reviews.example/prodoctorov' },
  ];
  return [
    put('/branches/pokrovka', {
      name: 'Клиника на Покровке',
      timezone: 'Europe/Moscow',
      country: 'RU',
      currency: 'RUB',
      locale: 'ru',
      phone: '+74951234567',
      town: 'Москва',
      address: 'ул. Покровка, 12',
      head: { name: 'Анна Сергеевна Орлова', email: 'head@pokrovka.example', telegram: '700001' },
      reviewSites: sites,
      bookingUrl: 'https://pokrovka.example/book',
    }),
    put('/branches/sanmarco', {
      name: 'Ambulatorio San Marco',
      timezone: 'Europe/Rome',
      country: 'IT',
      currency: 'EUR',
      locale: 'it',
      phone: '+390612345678',
      town: 'Roma',
      address: 'Via San Marco 7',
      head: { name: 'Dott.ssa Paola Ricci', email: 'direzione@sanmarco.example' },
      reviewSites: sites.slice(0, 1),
      bookingUrl: 'https://sanmarco.example/prenota',
    }),
    put('/doctors/petrov', { name: 'Петров Игорь Николаевич', branches: ['pokrovka'], specialty: 'стоматолог' }),
    put('/doctors/smirnova', { name: 'Смирнова Ольга Викторовна', branches: ['pokrovka'], specialty: 'терапевт' }),
    put('/doctors/volkova', { name: 'Волкова Елена Андреевна', branches: ['pokrovka'], specialty: 'УЗИ' }),
    put('/doctors/bellini', { name: 'Dott. Carlo Bellini', branches: ['sanmarco'], specialty: 'odontoiatra' }),
    put('/doctors/moretti', { name: 'Dott.ssa Anna Moretti', branches: ['sanmarco'], specialty: 'medico di base' }),
    put('/services/cleaning', {
      name: 'Гигиена полости рта / Igiene orale',
      durationMinutes: 40,
      price: 450_000,
      recommendationsBefore: 'За два часа до приёма не ешьте. · Non mangi nelle due ore prima della visita.',
      recommendationsAfter:
        'Два часа не ешьте и не пейте ничего красящего. · Per due ore eviti cibi e bevande che macchiano.',
    }),
    put('/services/therapy', {
      name: 'Консультация терапевта',
      durationMinutes: 30,
      price: 280_000,
      recommendationsBefore: 'Возьмите с собой список лекарств, которые принимаете.',
      recommendationsAfter: 'Пейте больше воды и напишите нам, если станет хуже.',
    }),
    put('/services/ultrasound', {
      name: 'УЗИ брюшной полости',
      durationMinutes: 30,
      price: 320_000,
      recommendationsBefore: 'Приходите натощак: не ешьте 8 часов.',
    }),
    put('/services/checkup', {
      name: 'Visita generale',
      durationMinutes: 30,
      price: 9000,
      recommendationsAfter: 'Riposi e ci scriva se qualcosa non va.',
    }),
  ];
}

function patients(place: Place, startsAt: Date): SampleCall[] {
  const monday = DateTime.fromJSDate(startsAt, { zone: place.zone });
  return place.people.map((person, index) => {
    const born =
      index % 7 === 1
        ? monday.plus({ days: index % 6 }).set({ year: 1960 + index })
        : DateTime.fromObject(
            { year: 1955 + index, month: (index % 12) + 1, day: (index % 27) + 1 },
            { zone: place.zone },
          );
    const { phone, ...names } = person;
    return put(`/patients/${place.prefix}-${index}`, {
      ...names,
      birthDate: born.toISODate(),
      phones: [phone],
      consent: { messages: true, advertising: index % 5 !== 4 },
      ...(index === 3 && place.prefix === 'm' ? { channel: 'telegram' } : {}),
    });
  });
}

/** Visits of the months before, so that there are regulars and people who come for the first time. */
function history(place: Place, startsAt: Date): SampleCall[] {
  return place.people.flatMap((_person, index) => {
    if (index % 3 === 0) return [];
    const start = DateTime.fromJSDate(startsAt, { zone: place.zone })
      .minus({ days: 40 + index * 4 })
      .set({ hour: 11, minute: 0 });
    const status = index % 8 === 7 ? 'noShow' : 'completed';
    return [
      put(
        `/appointments/past-${place.prefix}-${index}`,
        visitBody(place, index, start, status, start.minus({ days: 6 })),
      ),
    ];
  });
}

function visitBody(place: Place, index: number, start: DateTime, status: string, bookedAt: DateTime): unknown {
  const service = place.services[index % place.services.length];
  return {
    patient: `${place.prefix}-${index % place.people.length}`,
    branch: place.branch,
    doctor: place.doctors[index % place.doctors.length],
    services: [service],
    start: start.toISO({ suppressMilliseconds: true }),
    end: start.plus({ minutes: 30 }).toISO({ suppressMilliseconds: true }),
    status,
    source: index % 6 === 2 ? 'online' : 'desk',
    bookedAt: bookedAt.toISO({ suppressMilliseconds: true }),
  };
}

/** Seven visits a day in Moscow and five in Rome from Monday to Saturday: most booked days ago, every fourth during the week itself. */
function week(place: Place, startsAt: Date): SampleCall[] {
  const perDay = place.prefix === 'm' ? 7 : 5;
  const monday = DateTime.fromJSDate(startsAt, { zone: place.zone }).startOf('day');
  return Array.from({ length: perDay * 6 }, (_unused, index) => {
    const day = Math.floor(index / perDay);
    const start = monday.plus({ days: day }).set({ hour: 9 + ((index * 2) % 10), minute: index % 2 === 0 ? 0 : 30 });
    const late = DateTime.fromJSDate(startsAt, { zone: place.zone }).plus({ minutes: 5 + index * 3 });
    const fresh = index % 4 === 3 && start.diff(late, 'hours').hours > 26;
    const bookedAt = fresh ? late : start.minus({ days: 5 + (index % 4) }).set({ hour: 12 });
    return put(
      `/appointments/sample-${place.prefix}-${index}`,
      visitBody(place, index, start, 'unconfirmed', bookedAt),
    );
  });
}

function slots(place: Place, startsAt: Date): SampleCall[] {
  const monday = DateTime.fromJSDate(startsAt, { zone: place.zone }).startOf('day');
  const free = Array.from({ length: 14 }, (_unused, day) =>
    place.doctors.flatMap((doctor) =>
      [8, 12, 19].map((hour) => {
        const start = monday.plus({ days: day }).set({ hour, minute: 0 });
        return {
          doctor,
          start: start.toISO({ suppressMilliseconds: true }),
          end: start.plus({ minutes: 45 }).toISO({ suppressMilliseconds: true }),
        };
      }),
    ),
  ).flat();
  const range = `from=${encodeURIComponent(monday.toISO() ?? '')}&to=${encodeURIComponent(monday.plus({ days: 14 }).toISO() ?? '')}`;
  return [put(`/branches/${place.branch}/slots?${range}`, free)];
}

function money(): SampleCall[] {
  return PLACES.map((place) => ({
    method: 'POST',
    path: `/branches/${place.branch}/balance/top-ups`,
    body: { amount: 1_000_000, note: 'sample' },
    headers: { 'idempotency-key': `sample-${place.branch}` },
  }));
}

function switches(): SampleCall[] {
  const on = (branch: string, key: string, settings?: unknown): SampleCall => ({
    method: 'PATCH',
    path: `/branches/${branch}/scenarios/${key}`,
    body: { enabled: true, ...(settings === undefined ? {} : { settings }) },
  });
  const general = {
    pokrovka: 'Возьмите паспорт и приходите за 10 минут до приёма.',
    sanmarco: 'Porti la tessera sanitaria e arrivi 10 minuti prima.',
  };
  return [
    ...Object.entries(general).flatMap(([branch, generalText]) => [
      ...['details', 'greeting', 'confirmation', 'reminder'].map((key) => on(branch, key)),
      on(branch, 'recommendationsBefore', { generalText }),
      on(branch, 'recommendationsAfter'),
      on(branch, 'survey', { sites: ['google'] }),
      on(branch, 'returnAfterNoShow'),
      on(branch, 'returnAfterCancellation'),
    ]),
    {
      method: 'PATCH',
      path: '/scenarios/birthday',
      body: { enabled: true, settings: { percent: 10, validDays: 14, services: 'all' } },
    },
  ];
}
