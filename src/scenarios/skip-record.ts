import type { SkipStore } from '../core/decision.ts';
import type { Message } from '../core/message.ts';
import type { Reason } from '../core/reason.ts';

/** Keeps that a look at a row ended in a skip; a later look at the same row takes its place. */
export async function recordSkip(
  skips: Pick<SkipStore, 'record'>,
  row: Pick<Message, 'key' | 'scenario' | 'subject' | 'patient' | 'branch'>,
  reason: Reason,
  at: Date,
): Promise<void> {
  const { scenario, subject, patient, branch } = row;
  if (scenario === null || subject === null || patient === null || branch === null) return;
  await skips.record({ scenario, subject, patient, branch, reason, at }, row.key);
}
