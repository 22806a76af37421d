import type { DeliveryOutbox } from '../../src/bots/delivery/deps.ts';
import type { NewId } from '../../src/core/clock.ts';
import {
  type Message,
  type MessageKind,
  type MessageQuery,
  type NewMessage,
  shownStatus,
} from '../../src/core/message.ts';

const CLAIMABLE: readonly Message['state'][] = ['planned', 'claimed', 'sending', 'unknown'];

/** An outbox in memory for tests of delivery, held to `test/contracts/outbox.ts` as the real one is. */
export function memoryOutbox(newId: NewId): DeliveryOutbox {
  const rows = new Map<string, Message>();
  const byKey = (key: string) => [...rows.values()].find((row) => row.key === key);
  const all = (): Message[] => [...rows.values()].map((row) => structuredClone(row));

  return {
    async plan(news, now) {
      return news.map((row) => {
        const known = byKey(row.key);
        if (known !== undefined) return structuredClone(known);
        const fresh = firstValues(row, newId(), now);
        rows.set(fresh.id, fresh);
        return structuredClone(fresh);
      });
    },
    get: async (id) => structuredClone(rows.get(id) ?? null),
    list: async (query, { limit }) => ({
      items: all()
        .filter((row) => matches(row, query))
        .toReversed()
        .slice(0, limit),
      next: null,
    }),
    byProviderId: async (channel, providerId) =>
      all().find(({ attempts }) => attempts.some((one) => one.channel === channel && one.providerId === providerId)) ??
      null,
    async claim({ now, wallMs, owner, leaseMs, limit, kinds }) {
      const due = [...rows.values()].filter(
        (row) =>
          CLAIMABLE.includes(row.state) &&
          row.lookAt !== null &&
          row.lookAt <= now &&
          row.leaseUntilMs <= wallMs &&
          (kinds === undefined || kinds.includes(row.kind)),
      );
      return due
        .sort(inOrder)
        .slice(0, limit)
        .map((row) => {
          const claimed: Message = {
            ...row,
            state: row.state === 'planned' ? 'claimed' : row.state,
            fence: row.fence + 1,
            rev: row.rev + 1,
            leaseOwner: owner,
            leaseUntilMs: wallMs + leaseMs,
          };
          rows.set(row.id, claimed);
          return structuredClone(claimed);
        });
    },
    async save(seen, next) {
      const now = rows.get(seen.id);
      if (now?.state !== seen.state || now.fence !== seen.fence || now.rev !== seen.rev) return null;
      const saved = structuredClone({ ...next, rev: seen.rev + 1 });
      rows.set(saved.id, saved);
      return structuredClone(saved);
    },
    async nextLookAt(kinds) {
      const moments = [...rows.values()]
        .filter(({ kind }) => kinds.includes(kind))
        .flatMap(({ lookAt }) => lookAt ?? []);
      return moments.reduce<Date | null>((best, at) => (best === null || at < best ? at : best), null);
    },
    async releaseClaims(owner) {
      for (const row of rows.values())
        if (row.state === 'claimed' && row.leaseOwner !== owner)
          rows.set(row.id, { ...row, state: 'planned', leaseOwner: null, leaseUntilMs: 0, rev: row.rev + 1 });
    },
    unsettled: async (limit) =>
      all()
        .filter((row) => row.unsettled !== null)
        .slice(0, limit),
  };
}

function firstValues(row: NewMessage, id: string, now: Date): Message {
  return {
    id,
    key: row.key,
    kind: row.kind,
    scenario: row.scenario ?? null,
    subject: row.subject ?? null,
    step: row.step ?? 0,
    version: row.version ?? 0,
    also: [],
    patient: row.patient,
    branch: row.branch,
    state: 'planned',
    dueAt: row.dueAt,
    lookAt: row.lookAt ?? row.dueAt,
    latestAt: row.latestAt ?? null,
    channel: row.channel ?? null,
    to: row.to ?? null,
    locale: row.locale ?? null,
    content: row.content ?? null,
    text: null,
    choices: [],
    price: 0,
    currency: row.currency ?? null,
    attempts: [],
    refusedOn: [],
    tried: [],
    timeline: [{ status: 'planned', at: now }],
    conversation: row.conversation ?? null,
    unsettled: null,
    fence: 0,
    leaseOwner: null,
    leaseUntilMs: 0,
    rev: 0,
    createdAt: now,
    sentAt: null,
    unknownRetries: 0,
  };
}

function matches(row: Message, query: MessageQuery): boolean {
  return (
    (query.status === undefined || shownStatus(row.state) === query.status) &&
    (query.kind === undefined || row.kind === query.kind) &&
    (query.conversation === undefined || row.conversation === query.conversation)
  );
}

function inOrder(a: Message, b: Message): number {
  const first = (kind: MessageKind): number => (kind === 'scenario' ? 1 : 0);
  return (
    first(a.kind) - first(b.kind) ||
    (a.lookAt?.getTime() ?? 0) - (b.lookAt?.getTime() ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
