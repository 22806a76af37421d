import type { Appointment } from '../core/appointment.ts';
import { type Message, type Subject, subjectKey } from '../core/message.ts';
import type { ScenarioKey } from '../core/scenario.ts';
import { traitsOf } from './catalogue.ts';

/** The outbox key of a scenario message; the same one is never planned twice (spec: architecture.md, principle 3). */
export function rowKey(scenario: ScenarioKey, subject: Subject, step: number, version: number): string {
  return [scenario, subjectKey(subject), step, version].join('|');
}

/** The version in a key: the count of moves; details and greeting keep the plan of their booking. */
export function versionFor(
  scenario: ScenarioKey,
  { version, firstVersion = 0 }: Pick<Appointment, 'version' | 'firstVersion'>,
): number {
  return traitsOf(scenario).keepsPlan ? firstVersion : version;
}

/** Whether a message was handed to a channel, or may have been. */
export function wentOut({ state }: Message): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read' || state === 'unknown';
}

/** Whether a row may still be taken back. */
export function isUnsent({ state }: Message): boolean {
  return state === 'planned' || state === 'claimed';
}
