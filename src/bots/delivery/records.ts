import type { Message, OutboxStore } from '../../core/message.ts';

const RACES = 20;

/** Writes rows of the outbox by compare-and-set. */
export interface Records {
  /** Writes while the row is ours: in the state and under the fence that we saw. Null when it no longer is; then nothing was written. */
  own(seen: Message, change: (row: Message) => Message): Promise<Message | null>;
  /** Writes whatever the state has become since; `change` answers null when there is nothing to write. */
  amend(seen: Message, change: (row: Message) => Message | null): Promise<Message | null>;
}

/** A race that only touched the row's rev (a receipt, a mark) is run again on the fresh row. */
export function createRecords(outbox: Pick<OutboxStore, 'get' | 'save'>): Records {
  const amend: Records['amend'] = async (seen, change) => {
    let row: Message | null = seen;
    for (let race = 0; race < RACES && row !== null; race += 1) {
      const next = change(row);
      if (next === null) return null;
      const saved = await outbox.save(row, next);
      if (saved !== null) return saved;
      row = await outbox.get(seen.id);
    }
    return null;
  };
  return {
    amend,
    own: (seen, change) =>
      amend(seen, (row) => (row.state === seen.state && row.fence === seen.fence ? change(row) : null)),
  };
}
