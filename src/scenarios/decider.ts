import type { ChannelsHealth } from '../core/channel.ts';
import type { Render } from '../core/content.ts';
import type { Log } from '../core/log.ts';
import type { Decider, Message, Verdict } from '../core/message.ts';
import type { LookAtPlanned } from '../core/message-desk.ts';
import type { Reason } from '../core/reason.ts';
import type { Stores } from '../core/stores.ts';
import { followSending } from './after-sending.ts';
import { BIRTHDAY, isVisitScenario, VISIT_SCENARIOS } from './catalogue.ts';
import { correctionNow, corrections } from './correction.ts';
import { type Deciding, type Decision, decide } from './decide.ts';
import type { Facts } from './facts.ts';
import { findGroup } from './group.ts';
import { createFactsReader, type FactsReading, type FactsStores } from './load-facts.ts';
import { asIfTakenPlace } from './preview-facts.ts';
import { versionFor } from './row-key.ts';
import { recordSkip } from './skip-record.ts';

export interface DeciderDeps {
  readonly stores: FactsStores & Pick<Stores, 'skips'>;
  /** The channels' present states. */
  readonly health: () => ChannelsHealth;
  readonly render: Render;
  readonly log: Log;
}

/** The second decision on fresh facts, the only one that sends; and what a planned row would be now. */
export function createDecider({
  stores,
  health,
  render,
  log,
}: DeciderDeps): Decider & { readonly lookAtPlanned: LookAtPlanned } {
  const read = createFactsReader(stores, health);

  return {
    async decide(message, now) {
      const verdict = await judge(message, now);
      if (verdict.do === 'skip') await recordSkip(stores.skips, message, verdict.reason, now);
      return verdict;
    },
    async sent(message, now) {
      await followSending(stores, read(), message, now, log);
    },
    corrections: (message, now) => corrections(stores, read(), message, now),
    correction: (row, now) => correctionNow(stores, read(), row, now),
    async lookAtPlanned(message, now) {
      const looked = await look(message, now, read(), lookingAhead(message, now), asIfFree);
      if (looked?.decision.kind !== 'send') return null;
      const { text, channel, to, price } = looked.decision;
      return { text, channel, to, price };
    },
  };

  async function judge(message: Message, now: Date): Promise<Verdict> {
    const reading = read();
    const looked = await look(message, now, reading, now);
    // A patient without a visit has no branch; an appointment that is gone has no status.
    if (looked === null) return skip(message.scenario === 'birthday' ? 'noWarmup' : 'status');
    if (looked.moved) return skip('moved');
    return verdictOf(looked.decision, looked.facts, message, looked.also);
  }

  /** Null when the subject is gone. */
  async function look(
    message: Message,
    now: Date,
    reading: FactsReading,
    at: Date,
    seen: <F extends Facts>(facts: F, at: Date) => F = (facts) => facts,
  ): Promise<{ decision: Decision; facts: Facts; moved: boolean; also: readonly string[] } | null> {
    const { scenario, subject, step } = message;
    if (scenario === null || subject === null) throw new Error('Only scenario messages are decided here.');
    const about = {
      scenarios: [scenario],
      now,
      step,
      waiting: message.waiting ?? null,
      refusedOn: message.refusedOn,
    };
    const planned = message.latestAt === null ? undefined : { at: message.dueAt, latestAt: message.latestAt };
    const deciding: Deciding = { now: at, render, planned };
    if ('patient' in subject) {
      const patient = await stores.patients.get(subject.patient);
      const fresh = patient === null ? null : await reading.ofPatient(patient, message.version, about);
      if (fresh === null) return null;
      const facts = seen(fresh, at);
      return { decision: decide(BIRTHDAY, facts, deciding), facts, moved: false, also: [] };
    }
    if (!isVisitScenario(scenario)) throw new Error(`${scenario} is not about an appointment.`);
    const appointment = await stores.appointments.get(subject.appointment);
    const fresh = appointment === null ? null : await reading.ofVisit(appointment, about);
    if (appointment === null || fresh === null) return null;
    const facts = seen(fresh, at);
    const definition = VISIT_SCENARIOS[scenario];
    const moved = versionFor(scenario, appointment) !== message.version;
    const alone = decide(definition, facts, deciding);
    if (!definition.grouped || moved || alone.kind !== 'send') return { decision: alone, facts, moved, also: [] };

    const group = await findGroup(stores, reading, definition, { message, facts }, at);
    switch (group.kind) {
      case 'leads': {
        const also = group.also.map((other) => other.visit.appointment.id);
        const decision = also.length === 0 ? alone : decide(definition, facts, { ...deciding, also: group.also });
        return { decision, facts, moved, also };
      }
      case 'spokenFor': {
        const decision: Grouped = { kind: 'skip', rule: 'grouped', reason: 'grouped', tried: [], by: group.by };
        return { decision, facts, moved, also: [] };
      }
      case 'follows': {
        const until = group.until < alone.latestAt ? group.until : alone.latestAt;
        return { decision: { kind: 'wait', rule: 'grouped', until, tried: [] }, facts, moved, also: [] };
      }
      default:
        return group satisfies never;
    }
  }
}

type Grouped = Extract<Decision, { kind: 'skip' }> & { readonly by: string };

/** What a planned row is held up by is said beside it: it is shown as if nothing did and its visit had taken place. */
function asIfFree<F extends Facts>(facts: F, at: Date): F {
  return { ...asIfTakenPlace(facts, at), killSwitch: false, available: Number.POSITIVE_INFINITY };
}

/** A planned row is shown as it would be at its moment. */
function lookingAhead({ dueAt }: Message, now: Date): Date {
  return dueAt > now ? dueAt : now;
}

function skip(reason: Reason): Verdict {
  return { do: 'skip', reason, tried: [] };
}

function verdictOf(decision: Decision, facts: Facts, message: Message, also: readonly string[]): Verdict {
  const { tried } = decision;
  switch (decision.kind) {
    case 'skip':
      return {
        do: 'skip',
        reason: decision.reason,
        tried,
        ...('by' in decision && typeof decision.by === 'string' && { groupedIn: decision.by }),
      };
    case 'wait':
      return { do: 'wait', until: decision.until, tried, ...(decision.reason && { reason: decision.reason }) };
    case 'fail':
      return { do: 'fail', tried };
    case 'send': {
      const { channel, to, price, locale, content, opening, latestAt } = decision;
      return {
        do: 'send',
        channel,
        to,
        price,
        currency: facts.branch.currency,
        locale,
        content,
        also,
        patient: facts.patient.id,
        branch: message.branch ?? facts.branch.id,
        opening,
        tried,
        latestAt,
      };
    }
    default:
      return decision satisfies never;
  }
}
