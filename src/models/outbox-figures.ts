import type { Model, QueryFilter } from 'mongoose';
import type { OutboxStore } from '../core/message.ts';
import type { Reason } from '../core/reason.ts';
import { type MessageDocument, SENT } from './message-document.ts';

type Filter = QueryFilter<MessageDocument>;

/** The figures that cards show of a scenario's messages. */
export function createOutboxFigures(
  model: Model<MessageDocument>,
): Pick<OutboxStore, 'counts' | 'countDue' | 'sentSubjects'> {
  return {
    counts: async (scenario, branch, since) => {
      const states = [...SENT, 'failed', 'skipped', 'expired'];
      const groups = await model.aggregate<{ _id: { state: string; reason?: Reason }; count: number }>([
        { $match: { scenario, ...ofBranch(branch), state: { $in: states }, stateAt: { $gte: since } } },
        { $group: { _id: { state: '$state', reason: '$reason' }, count: { $sum: 1 } } },
      ]);
      const total = (...wanted: readonly string[]) =>
        groups.filter(({ _id }) => wanted.includes(_id.state)).reduce((sum, { count }) => sum + count, 0);
      const skipped: Partial<Record<Reason, number>> = {};
      for (const { _id, count } of groups) {
        const reason = _id.state === 'expired' ? 'tooLate' : _id.state === 'skipped' ? _id.reason : undefined;
        if (reason !== undefined) skipped[reason] = (skipped[reason] ?? 0) + count;
      }
      return {
        sent: total('sent', 'delivered', 'read'),
        delivered: total('delivered', 'read'),
        read: total('read'),
        failed: total('failed'),
        skipped,
      };
    },
    countDue: (scenario, branch, { from, to }, what) => {
      const states = what === 'sent' ? SENT : ['planned', 'claimed'];
      const due = { scenario, dueAt: { $gte: from, $lt: to }, state: { $in: states }, ...ofBranch(branch) };
      return model.countDocuments(due as Filter);
    },
    sentSubjects: async (scenario, branch, since, limit) => {
      const sent = { scenario, state: { $in: SENT }, sentAt: { $gte: since }, ...ofBranch(branch) } as Filter;
      const rows = await model.find(sent).sort({ sentAt: -1, _id: -1 }).limit(limit).lean<MessageDocument[]>();
      return rows.map(({ _id, appointments, patient, conversation, sentAt, dueAt }) => ({
        message: _id,
        appointments,
        patient,
        conversation,
        sentAt: sentAt ?? dueAt,
      }));
    },
  };
}

function ofBranch(branch: string | null): { branch?: string } {
  return branch === null ? {} : { branch };
}
