import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import type { Conversation, ConversationStatus, MachineName } from '../../core/conversation.ts';
import { type Effect, isEffectType } from '../machines/effects.ts';
import type { CommonContext, Facts, StateMeta } from '../machines/facts.ts';
import { talks } from './talks.ts';

/** An event of a machine without its facts. */
export type EventBody = { readonly type: string } & Readonly<Record<string, unknown>>;

/** The part of a snapshot that is kept; plain JSON. */
interface Kept {
  readonly value: string;
  readonly context: CommonContext & Readonly<Record<string, unknown>>;
}

/** What one step of a machine came to. */
export interface Stepped {
  readonly conversation: Conversation;
  /** False when the machine had nothing to do with the event. */
  readonly changed: boolean;
}

/** The first snapshot of a machine, as it is stored. */
export function firstSnapshot(machine: MachineName, input: unknown): { snapshot: Kept; state: string } {
  const [snapshot] = initialTransition(talks[machine].machine, input as never);
  const kept = keep(snapshot as AnyMachineSnapshot);
  return { snapshot: kept, state: kept.value };
}

/** The context inside a stored snapshot. */
export function contextOf(conversation: Conversation): Readonly<Record<string, unknown>> {
  return isKept(conversation.snapshot) ? conversation.snapshot.context : {};
}

/** True when the stored snapshot can be gone on with by the machine as it is now. */
export function fits(conversation: Conversation): boolean {
  const talk = talks[conversation.machine];
  return (
    conversation.version === talk.version &&
    isKept(conversation.snapshot) &&
    Object.hasOwn(talk.machine.states, conversation.snapshot.value)
  );
}

/**
 * One pure step: the event and its facts in, the conversation as it is to be saved out, its new effects among the pending ones
 * under ids that only this revision has. A snapshot that does not fit is for the caller to start anew (`fits`).
 */
export function stepped(conversation: Conversation, event: EventBody, facts: Facts): Stepped {
  const { machine } = talks[conversation.machine];
  const before = conversation.snapshot as Kept;
  const snapshot = machine.resolveState({ value: before.value, context: before.context });
  const [after, actions] = transition(machine, snapshot, { ...event, facts });
  const kept = keep(after as AnyMachineSnapshot);
  const effects = actions.flatMap((action) => (isEffectType(action.type) ? [asEffect(action)] : []));
  const timeIsOver = event.type === 'timeOver';
  const moved = kept.value !== before.value;
  if (!moved && effects.length === 0 && sameJson(kept.context, before.context) && !timeIsOver) {
    return { conversation, changed: false };
  }
  const meta = metaOf(after as AnyMachineSnapshot);
  const wakeAt = meta.status === 'closed' ? null : kept.context.wakeAt;
  const { outcome: _before, ...rest } = conversation;
  const next: Conversation = {
    ...rest,
    ...(meta.outcome !== undefined && { outcome: meta.outcome }),
    snapshot: kept,
    version: talks[conversation.machine].version,
    state: kept.value,
    status: meta.status,
    choices: offered(effects, moved ? [] : conversation.choices),
    changedAt: new Date(facts.now),
    wakeAt: wakeAt === null || (timeIsOver && wakeAt === before.context.wakeAt) ? null : new Date(wakeAt),
    pending: [
      ...conversation.pending,
      ...effects.map((effect, index) => ({ id: `${conversation.id}:${conversation.rev + 1}:${index}`, effect })),
    ],
  };
  return { conversation: next, changed: true };
}

/** Whether the machine has an ear for the event where it stands, be it to let it pass. */
export function takes(conversation: Conversation, event: EventBody, facts: Facts): boolean {
  const { machine } = talks[conversation.machine];
  const { value, context } = conversation.snapshot as Kept;
  const snapshot = machine.resolveState({ value, context });
  return machine.getTransitionData(snapshot as never, { ...event, facts }).length > 0;
}

/** The status that a state shows to the world. */
export function statusOf(machine: MachineName, state: string): ConversationStatus {
  const node = talks[machine].machine.states[state];
  return (node?.meta as StateMeta | undefined)?.status ?? 'open';
}

function offered(effects: readonly Effect[], kept: readonly Choice[]): readonly Choice[] {
  const said = effects.flatMap((effect): readonly Content[] => (effect.type === 'say' ? [effect.content] : []));
  return said.findLast((content) => (content.choices ?? []).length > 0)?.choices ?? kept;
}

function asEffect(action: { readonly type: string; readonly params?: unknown }): Effect {
  return { type: action.type, ...(action.params as object) } as Effect;
}

function keep(snapshot: AnyMachineSnapshot): Kept {
  return JSON.parse(JSON.stringify({ value: snapshot.value as string, context: snapshot.context as unknown })) as Kept;
}

function metaOf(snapshot: AnyMachineSnapshot): StateMeta {
  const metas = Object.values(snapshot.getMeta() as Record<string, StateMeta>);
  return metas.at(-1) ?? { status: 'open' };
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'value' in value && 'context' in value;
}

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
