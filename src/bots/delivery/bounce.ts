import type { Receipt } from '../../core/channel.ts';
import type { Message } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import { createLostReplies } from './lost-replies.ts';
import type { OpenQuestions } from './questions.ts';
import type { Records } from './records.ts';
import { toBounced } from './row.ts';
import type { Settle } from './settle.ts';

/**
 * A message that the platform took and refused afterwards: its price is given back, its question withdrawn, and a scenario
 * message goes on to the next channel while there is time (spec: scenarios.md, "after a permanent refusal the next one is tried").
 */
export function createBounce(parts: {
  deps: DeliveryDeps;
  records: Records;
  settle: Pick<Settle, 'settle'>;
  questions: OpenQuestions;
}): (row: Message, receipt: Extract<Receipt, { status: 'failed' }>) => Promise<void> {
  const { deps, records, settle, questions } = parts;
  const lost = createLostReplies(deps);
  return async (row, { providerId, reason, closes }) => {
    const now = deps.clock.now();
    const ends = row.kind !== 'scenario' || (row.latestAt !== null && now >= row.latestAt);
    const bounced = await records.amend(row, (current) =>
      speaksFor(current, providerId) ? toBounced(current, { providerId, reason, ends }, now) : null,
    );
    if (bounced === null) return;
    const { channel, to } = row;
    if (channel !== null) deps.metrics.refused({ channel, reason });
    if (closes === true && channel !== null && to !== null) await deps.identities.close({ channel, address: to }, now);
    await settle.settle(bounced);
    // A reply asked nothing: the dialogue that it belongs to goes on.
    if (row.kind === 'scenario') await questions.withdraw(bounced, bounced.conversation);
    await lost(bounced);
  };
}

/** Only the attempt that was accepted speaks for the row: one that failed before, or is told twice, changes nothing. */
function speaksFor({ state, attempts }: Message, providerId: string): boolean {
  return state === 'sent' && attempts.findLast(({ result }) => result === 'sent')?.providerId === providerId;
}
