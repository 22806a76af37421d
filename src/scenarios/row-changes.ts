import type { Message, OutboxStore } from '../core/message.ts';
import type { Reason } from '../core/reason.ts';
import type { Stores } from '../core/stores.ts';
import { isUnsent } from './row-key.ts';
import { recordSkip } from './skip-record.ts';

const TRIES = 5;

/** Changes a row by compare-and-set, from a fresh look whenever somebody else was first; null when `change` leaves it as it is. */
export async function rewrite(
  outbox: Pick<OutboxStore, 'get' | 'save'>,
  seen: Message,
  change: (row: Message) => Message | null,
): Promise<Message | null> {
  let row: Message | null = seen;
  for (let tries = 0; row !== null && tries < TRIES; tries += 1) {
    const next = change(row);
    if (next === null) return null;
    const saved = await outbox.save(row, next);
    if (saved !== null) return saved;
    row = await outbox.get(row.id);
  }
  return null;
}

/** Takes an unsent row back, out of the hands of who holds it too: the fence grows, so that a stale write matches nothing. */
export function cancelled(row: Message, reason: Reason, now: Date): Message | null {
  if (!isUnsent(row)) return null;
  return {
    ...taken(row),
    state: 'cancelled',
    reason,
    lookAt: null,
    timeline: [...row.timeline, { status: 'cancelled', at: now, detail: reason }],
  };
}

/**
 * Takes a row out of the hands of who decides it on facts that are old by now: it is due as it was, and decided anew. One that
 * may have reached the patient already is left alone, as is one that nobody holds.
 */
export function handedBack(row: Message): Message {
  if (row.state !== 'claimed' || row.attempts.some(({ result }) => result === 'unknown')) return row;
  return { ...taken(row), state: 'planned' };
}

/** Plans a skipped or cancelled row again. */
export function revived(row: Message, moment: { at: Date; latestAt: Date }, now: Date): Message {
  const rest: { -readonly [F in keyof Message]: Message[F] } = { ...row };
  delete rest.reason;
  delete rest.waiting;
  delete rest.groupedIn;
  return {
    ...rest,
    state: 'planned',
    dueAt: moment.at,
    lookAt: moment.at > now ? moment.at : now,
    latestAt: moment.latestAt,
    timeline: [...row.timeline, { status: 'planned', at: now }],
  };
}

/** A visit that another message spoke for needs none of its own. */
export async function markGrouped(
  stores: Pick<Stores, 'outbox' | 'skips'>,
  row: Message,
  by: string,
  now: Date,
): Promise<void> {
  const marked = await rewrite(stores.outbox, row, (current) =>
    isUnsent(current)
      ? {
          ...taken(current),
          state: 'skipped',
          reason: 'grouped',
          groupedIn: by,
          lookAt: null,
          timeline: [...current.timeline, { status: 'skipped', at: now, detail: 'grouped' }],
        }
      : null,
  );
  if (marked !== null) await recordSkip(stores.skips, marked, 'grouped', now);
}

function taken(row: Message): Message {
  return {
    ...row,
    fence: row.fence + 1,
    leaseOwner: null,
    leaseUntilMs: 0,
    // Who held it may have reserved the price, but not before what an earlier attempt cost was given back.
    unsettled: row.unsettled ?? (row.state === 'claimed' ? 'release' : null),
  };
}
