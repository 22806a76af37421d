import { AppError } from '../../core/errors.ts';
import type { Message, NewMessage } from '../../core/message.ts';
import type { MessageDesk } from '../../core/message-desk.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';
import type { Settle } from './settle.ts';

/** What staff do with messages that failed or whose outcome is unknown (spec: api.md, Messages). A resend that a crash cut short gives the same row when repeated. */
export function createMessageDesk(deps: DeliveryDeps, records: Records, settle: Settle): MessageDesk {
  const { outbox } = deps;
  return {
    async resend(id, now) {
      const old = await outbox.get(id);
      if (old === null) return null;
      if (old.state !== 'failed' && old.state !== 'unknown') throw conflict(`the message is ${old.state}`);
      if (old.resentAs !== undefined) throw conflict('the message was sent again before');
      const [row] = await outbox.plan([again(old, now)], now);
      if (row === undefined) throw new Error('Planning a row gives the row.');
      await records.amend(old, (current) => ({ ...current, resentAs: row.id, lookAt: null }));
      return row;
    },
    async resolve(id, as, now) {
      const old = await outbox.get(id);
      if (old === null) return null;
      if (old.state !== 'unknown') throw conflict(`the message is ${old.state}`);
      const entry = { status: as, at: now, ...(old.channel && { channel: old.channel }), detail: 'resolved' } as const;
      const row = await records.own(old, (current) => ({
        ...current,
        state: as,
        lookAt: null,
        timeline: [...current.timeline, entry],
        ...(as === 'sent' && { sentAt: now }),
        unsettled: current.kind !== 'scenario' ? null : as === 'sent' ? 'charge' : 'release',
      }));
      if (row === null) throw conflict('the message has changed meanwhile');
      await settle.settle(row);
      return (await outbox.get(id)) ?? row;
    },
  };
}

function conflict(why: string): AppError {
  return new AppError('conflict', why);
}

function again(old: Message, now: Date): NewMessage {
  const [, base = old.key, count = '0'] = /^(.*)\|resend\|(\d+)$/.exec(old.key) ?? [undefined, old.key];
  return {
    key: `${base}|resend|${Number(count) + 1}`,
    kind: old.kind,
    step: old.step,
    version: old.version,
    patient: old.patient,
    branch: old.branch,
    dueAt: now,
    ...(old.scenario && { scenario: old.scenario }),
    ...(old.subject && { subject: old.subject }),
    ...(old.currency && { currency: old.currency }),
    ...(old.kind === 'scenario' && old.latestAt && { latestAt: old.latestAt }),
    ...(old.kind !== 'scenario' && {
      ...(old.channel && { channel: old.channel }),
      ...(old.to && { to: old.to }),
      ...(old.locale && { locale: old.locale }),
      ...(old.content && { content: old.content }),
      ...(old.corrects && { corrects: old.corrects }),
      ...(old.conversation && { conversation: old.conversation }),
    }),
  };
}
