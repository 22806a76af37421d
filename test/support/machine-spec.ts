import { expect } from '@jest/globals';
import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { type EventBody, firstSnapshot, statusOf, stepped } from '../../src/conversations/engine/step.ts';
import { talks } from '../../src/conversations/engine/talks.ts';
import type { Effect } from '../../src/conversations/machines/effects.ts';
import type { Facts, VisitFact } from '../../src/conversations/machines/facts.ts';
import type { Conversation, MachineName } from '../../src/core/conversation.ts';

/** A visit that can still be confirmed, moved or cancelled. */
export function aVisit(overrides: Partial<VisitFact> = {}): VisitFact {
  return {
    id: 'visit',
    state: 'live',
    confirmed: false,
    version: 0,
    day: 'Tue, 1 December',
    time: '10:30',
    doctor: 'Dr Gelashvili',
    patient: null,
    since: 'Mon, 30 November',
    calendarUrl: 'https://calendar.example/visit',
    ...overrides,
  };
}

/** The facts of a moment with one live visit. */
export function theFacts(overrides: Partial<Facts> = {}): Facts {
  return {
    now: '2026-11-30T09:00:00.000Z',
    freshId: 'fresh',
    visits: [aVisit()],
    choices: [],
    bookingUrl: null,
    ...overrides,
  };
}

/** A machine somewhere on its way. */
export interface Spec {
  /** Lets an event happen; what follows is compared with what became of it. */
  when(event: EventBody, facts?: Partial<Facts>): Spec;
  then(state: string): Spec;
  /** The keys said in the last step, without their room. */
  says(...keys: readonly string[]): Spec;
  /** The other effects of the last step, in order. */
  does(...effects: readonly (Effect['type'] | Partial<Effect>)[]): Spec;
  /** The keys of the further paragraphs of what was said last. */
  adds(...keys: readonly string[]): Spec;
  /** What the conversation came to. */
  ends(outcome: string): Spec;
  /** The ids of what is offered now. */
  offers(...ids: readonly string[]): Spec;
}

/** The transitions of each machine that some spec has taken. */
const taken = new Map<MachineName, Set<AnyTransitionDefinition>>();

/** A machine in a state of its own or, with `state`, in any: as a stored snapshot would bring it back. */
export function given(
  machine: MachineName,
  input: unknown,
  state?: string,
  context: Readonly<Record<string, unknown>> = {},
): Spec {
  const first = firstSnapshot(machine, input);
  const value = state ?? first.state;
  let talk: Conversation = {
    id: 'talk',
    at: { channel: 'whatsapp', address: '+390000000000' },
    patient: 'p',
    branch: 'b',
    locale: 'en',
    machine,
    version: talks[machine].version,
    snapshot: { value, context: { ...first.snapshot.context, ...context } },
    state: value,
    status: statusOf(machine, value),
    appointments: [],
    choices: [],
    messages: [],
    openedAt: new Date('2026-11-30T08:00:00Z'),
    changedAt: new Date('2026-11-30T08:00:00Z'),
    wakeAt: null,
    pending: [],
    heard: [],
    rev: 0,
  };
  let effects: readonly Effect[] = [];
  const spec: Spec = {
    when(event, facts) {
      const before = { ...talk, pending: [], snapshot: throughJson(talk.snapshot) };
      const known = theFacts(facts);
      note(machine, before.snapshot, { ...event, facts: known });
      talk = stepped(before, event, known).conversation;
      effects = talk.pending.map((pending) => pending.effect as Effect);
      return spec;
    },
    then(expected) {
      expect(talk.state).toBe(expected);
      return spec;
    },
    says(...keys) {
      const said = effects.flatMap((effect) => (effect.type === 'say' ? [effect.content.key] : []));
      expect(said).toEqual(keys.map((key) => `conversations.${key}`));
      return spec;
    },
    does(...expected) {
      const others = effects.filter((effect) => effect.type !== 'say');
      expect(others).toMatchObject(expected.map((each) => (typeof each === 'string' ? { type: each } : each)));
      expect(others).toHaveLength(expected.length);
      return spec;
    },
    adds(...keys) {
      const said = effects.flatMap((effect) => (effect.type === 'say' ? [effect.content] : []));
      expect((said.at(-1)?.parts ?? []).map((part) => part.key)).toEqual(keys.map((key) => `conversations.${key}`));
      return spec;
    },
    ends(outcome) {
      expect({ status: talk.status, outcome: talk.outcome, wakeAt: talk.wakeAt }).toEqual({
        status: 'closed',
        outcome,
        wakeAt: null,
      });
      return spec;
    },
    offers(...ids) {
      expect(talk.choices.map((choice) => choice.id)).toEqual(ids);
      return spec;
    },
  };
  return spec;
}

/** Transitions of a machine that no spec of this file has taken yet, as `state: event → target`. */
export function untaken(name: MachineName): readonly string[] {
  const { machine } = talks[name];
  const nodes = [machine.root, ...Object.values(machine.root.states)];
  return nodes.flatMap((node) =>
    [...node.transitions.values()]
      .flat()
      .filter((transition) => !(taken.get(name)?.has(transition) ?? false))
      .map((transition) => {
        const guard = typeof transition.guard === 'string' ? ` if ${transition.guard}` : '';
        const target = transition.target?.[0]?.key ?? 'stays';
        return `${node.key}: ${transition.eventType}${guard} → ${target}`;
      }),
  );
}

/** What a store would bring back. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function note(name: MachineName, snapshot: unknown, event: EventBody & { readonly facts: Facts }): void {
  const machine: AnyStateMachine = talks[name].machine;
  const resolved = machine.resolveState(snapshot as Parameters<AnyStateMachine['resolveState']>[0]);
  const found = taken.get(name) ?? new Set();
  taken.set(name, found);
  for (const transition of machine.getTransitionData(resolved, event)) found.add(transition);
}
