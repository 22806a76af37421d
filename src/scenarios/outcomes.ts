import type { Outcome, OutcomeName } from '../core/card.ts';
import { blockOf, type ScenarioKey } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';

export type OutcomeStores = Pick<Stores, 'appointments' | 'conversations' | 'outbox' | 'services'>;
export type Outcomes = Readonly<Partial<Record<OutcomeName, Outcome>>>;

/** The newest messages that the figures are made of. */
const MOST = 2000;

type Sent = Awaited<ReturnType<Stores['outbox']['sentSubjects']>>[number];
type Ended = ReadonlyMap<string, { readonly outcome: string | null; readonly answered: boolean }>;

/** What came of a scenario's messages since a moment: count, share of the messages, and the prices of the visits' services. */
export async function outcomesOf(
  stores: OutcomeStores,
  key: ScenarioKey,
  branch: string | null,
  since: Date,
): Promise<Outcomes> {
  const names = namesOf(key);
  if (names.length === 0) return {};
  const sent = await stores.outbox.sentSubjects(key, branch, since, MOST);
  const ids = sent.flatMap(({ conversation }) => (conversation === null ? [] : [conversation]));
  const ended: Ended = new Map((await stores.conversations.outcomes([...new Set(ids)])).map((one) => [one.id, one]));
  const entries = await Promise.all(
    names.map(async (name): Promise<[OutcomeName, Outcome]> => {
      const visits = await visitsFor(stores, name, sent, ended);
      const count = visits.length;
      const share = sent.length === 0 ? 0 : count / sent.length;
      return [name, { count, share, revenue: await revenueOf(stores, visits.flat()) }];
    }),
  );
  return Object.fromEntries(entries);
}

function namesOf(key: ScenarioKey): readonly OutcomeName[] {
  if (key === 'confirmation') return ['confirmed', 'rebooked', 'answered'];
  if (key === 'survey') return ['scored', 'answered'];
  if (key === 'birthday') return ['rebooked', 'answered', 'discountUsed'];
  return blockOf(key) === 'growth' ? ['rebooked', 'answered'] : [];
}

/** For each message that had this outcome, the visits that came of it. */
async function visitsFor(
  stores: OutcomeStores,
  name: OutcomeName,
  sent: readonly Sent[],
  ended: Ended,
): Promise<readonly (readonly string[])[]> {
  if (name === 'discountUsed') return visitsWithDiscount(stores, sent);
  const hits = sent.filter((message) => {
    const end = message.conversation === null ? undefined : ended.get(message.conversation);
    return end !== undefined && isHit(name, end);
  });
  switch (name) {
    case 'confirmed':
      return hits.map((message) => message.appointments);
    case 'rebooked':
      return Promise.all(hits.map((message) => visitsBooked(stores, message)));
    case 'answered':
    case 'scored':
      return hits.map(() => []);
    default:
      return name satisfies never;
  }
}

function isHit(
  name: Exclude<OutcomeName, 'discountUsed'>,
  { outcome, answered }: { outcome: string | null; answered: boolean },
): boolean {
  switch (name) {
    case 'answered':
      return answered;
    case 'confirmed':
      return outcome === 'confirmed';
    case 'rebooked':
      return outcome === 'booked' || outcome === 'moved';
    case 'scored':
      return outcome === 'scored' || outcome === 'scoredWithComment';
    default:
      return name satisfies never;
  }
}

/** The visits booked instead, or the moved ones themselves. */
async function visitsBooked(
  stores: OutcomeStores,
  { appointments, patient, sentAt }: Sent,
): Promise<readonly string[]> {
  if (patient === null) return [];
  const visits = await stores.appointments.briefsOfPatient(patient);
  const instead = visits.filter(
    ({ insteadOf, bookedAt }) =>
      bookedAt >= sentAt &&
      (appointments.length === 0 || (insteadOf !== undefined && appointments.includes(insteadOf))),
  );
  return instead.length > 0 ? instead.map(({ id }) => id) : appointments;
}

async function visitsWithDiscount(
  stores: OutcomeStores,
  sent: readonly Sent[],
): Promise<readonly (readonly string[])[]> {
  const found = await Promise.all(
    sent.map(async ({ patient, sentAt }) => {
      if (patient === null) return [];
      const briefs = await stores.appointments.briefsOfPatient(patient);
      const taken = briefs.filter((visit) => visit.status === 'completed' && visit.end >= sentAt);
      const visits = await stores.appointments.getMany(taken.map(({ id }) => id));
      return visits.filter(({ discount }) => discount?.source === 'birthday').map(({ id }) => id);
    }),
  );
  return found.filter((visits) => visits.length > 0);
}

async function revenueOf(stores: OutcomeStores, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const visits = await stores.appointments.getMany([...new Set(ids)]);
  const booked = visits.flatMap(({ services }) => services);
  const prices = new Map(
    (await stores.services.getMany([...new Set(booked)])).map(({ id, price }) => [id, price ?? 0]),
  );
  return booked.reduce((sum, service) => sum + (prices.get(service) ?? 0), 0);
}

/** Sums of several scenarios' or branches' outcomes; `sent` are the messages behind each. */
export function addOutcomes(all: readonly { readonly outcomes: Outcomes; readonly sent: number }[]): Outcomes {
  const names = new Set(all.flatMap(({ outcomes }) => Object.keys(outcomes) as OutcomeName[]));
  const sums = [...names].map((name): [OutcomeName, Outcome] => {
    const having = all.filter(({ outcomes }) => outcomes[name] !== undefined);
    const sent = having.reduce((sum, one) => sum + one.sent, 0);
    const count = having.reduce((sum, { outcomes }) => sum + (outcomes[name]?.count ?? 0), 0);
    const revenue = having.reduce((sum, { outcomes }) => sum + (outcomes[name]?.revenue ?? 0), 0);
    return [name, { count, share: sent === 0 ? 0 : count / sent, revenue }];
  });
  return Object.fromEntries(sums);
}
