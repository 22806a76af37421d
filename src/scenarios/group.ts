import { MINUTE_MS } from '../core/clock.ts';
import { localDay } from '../core/day-choices.ts';
import type { Message } from '../core/message.ts';
import type { Stores } from '../core/stores.ts';
import { contactKey } from './addressee.ts';
import { applyRules, momentNow } from './decide.ts';
import type { ScenarioDefinition } from './definition.ts';
import type { VisitFacts } from './facts.ts';
import type { FactsReading } from './load-facts.ts';
import { atLocal, endOfDay } from './windows.ts';

/**
 * What the visits of one contact, branch and day mean for one message of a confirmation or reminder (spec: scenarios.md, One
 * phone, one day): it speaks for others too, was spoken for, or waits for the earliest, which is on its way.
 */
export type Group =
  | { readonly kind: 'leads'; readonly also: readonly VisitFacts[] }
  | { readonly kind: 'spokenFor'; readonly by: string }
  | { readonly kind: 'follows'; readonly until: Date };

/** Finds the group of a message that the rules let go now. */
export async function findGroup(
  stores: Pick<Stores, 'appointments' | 'outbox' | 'patients'>,
  reading: FactsReading,
  definition: ScenarioDefinition<VisitFacts>,
  own: { readonly message: Message; readonly facts: VisitFacts },
  now: Date,
): Promise<Group> {
  const others = await visitsOfDay(stores, reading, definition, own, now);
  if (others.length === 0) return { kind: 'leads', also: [] };
  const ids = [own.facts, ...others].map((one) => one.visit.appointment.id);
  const rows = (await stores.outbox.ofAppointments(definition.key, ids)).filter(
    (row) => row.step === own.message.step && row.id !== own.message.id,
  );
  const asker = rows.find((row) => speaksFor(row, own.facts));
  if (asker?.state === 'sending') return { kind: 'follows', until: inAMinute(now) };
  if (asker !== undefined) return { kind: 'spokenFor', by: asker.id };

  const waiting = others.flatMap((facts) => {
    const { id, version } = facts.visit.appointment;
    const row = rows.find(
      (one) =>
        (one.state === 'planned' || one.state === 'claimed') &&
        one.version === version &&
        one.subject !== null &&
        'appointment' in one.subject &&
        one.subject.appointment === id,
    );
    return row !== undefined && isAccepted(definition, facts, row, now) ? [{ facts, row }] : [];
  });
  const all = [{ facts: own.facts, row: own.message }, ...waiting].sort(byMoment);
  const first = all[0];
  if (first === undefined || first.row.id === own.message.id) {
    return { kind: 'leads', also: all.slice(1).map(({ facts }) => facts) };
  }
  const look = first.row.lookAt ?? now;
  return { kind: 'follows', until: look > inAMinute(now) ? look : inAMinute(now) };
}

function inAMinute(now: Date): Date {
  return new Date(now.getTime() + MINUTE_MS);
}

interface Member {
  readonly facts: VisitFacts;
  readonly row: Message;
}

/** The earliest by moment, then start, then id. */
function byMoment(a: Member, b: Member): number {
  const [one, two] = [a.facts.visit.appointment, b.facts.visit.appointment];
  return (
    a.row.dueAt.getTime() - b.row.dueAt.getTime() ||
    one.start.getTime() - two.start.getTime() ||
    (one.id < two.id ? -1 : 1)
  );
}

/** All rules but its own moment, which the earliest of the group stands for. */
function isAccepted(definition: ScenarioDefinition<VisitFacts>, facts: VisitFacts, row: Message, now: Date): boolean {
  const planned = row.latestAt === null ? undefined : { at: row.dueAt, latestAt: row.latestAt };
  const moment = momentNow(definition, facts, planned, now);
  const finding = applyRules({ definition, facts, now, moment });
  return finding === null || (finding.kind === 'wait' && finding.reason === undefined);
}

/** Whether a message that went out, or is going out, spoke for this visit at its present time. */
function speaksFor(row: Message, { visit: { appointment } }: VisitFacts): boolean {
  if (!row.also.includes(appointment.id)) return false;
  if (!['sending', 'sent', 'delivered', 'read', 'unknown'].includes(row.state)) return false;
  const spokeAt = row.sentAt ?? row.attempts.at(-1)?.at;
  return spokeAt !== undefined && (appointment.movedAt === undefined || appointment.movedAt <= spokeAt);
}

/** The other visits of the day that reach the same contact. */
async function visitsOfDay(
  stores: Pick<Stores, 'appointments' | 'patients'>,
  reading: FactsReading,
  definition: ScenarioDefinition<VisitFacts>,
  { message, facts }: { readonly message: Message; readonly facts: VisitFacts },
  now: Date,
): Promise<readonly VisitFacts[]> {
  const { addressee, branch, visit } = facts;
  const contact = contactKey(addressee);
  const day = localDay(visit.appointment.start, branch.timezone);
  const from = atLocal(day, '00:00', branch.timezone);
  const to = endOfDay(day, branch.timezone);
  const phone = addressee.mobiles[0]?.e164;
  const [known, appointments] = await Promise.all([
    phone === undefined ? [] : stores.patients.byPhone(phone),
    stores.appointments.between(branch.id, from, to),
  ]);
  const patients = new Set([visit.appointment.patient, ...known.map((patient) => patient.id)]);
  const candidates = appointments.filter(
    (other) =>
      other.id !== visit.appointment.id &&
      (patients.has(other.patient) || (phone !== undefined && other.phone === phone)),
  );
  const about = { scenarios: [definition.key], now, step: message.step };
  const loaded = await Promise.all(candidates.map((other) => reading.ofVisit(other, about)));
  return loaded.filter((other) => other !== null && contactKey(other.addressee) === contact) as readonly VisitFacts[];
}
