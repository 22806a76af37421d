import Joi from 'joi';
import { maskAddress } from '../../core/address.ts';
import { type Message, shownStatus } from '../../core/message.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { presentInstant } from './instant.ts';

/** `{appointment}` or `{patient}`, the same in messages, preview and why. */
export const subjectAnswer = Joi.object({ appointment: Joi.string(), patient: Joi.string() }).label('Subject');

/** The schema of a message. */
export const messageAnswer = Joi.object({
  id: Joi.string().required(),
  kind: Joi.string().valid('scenario', 'reply', 'alert', 'staff').required(),
  scenario: Joi.string().allow(null).required(),
  subject: subjectAnswer.allow(null).required(),
  also: Joi.array().items(Joi.string()).required(),
  patient: Joi.string().allow(null).required(),
  branch: Joi.string().allow(null).required(),
  channel: Joi.string().allow(null).required(),
  to: Joi.string().allow(null).required().description('masked'),
  text: Joi.string().allow(null, '').required(),
  status: Joi.string()
    .valid('planned', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'skipped', 'cancelled', 'unknown')
    .required(),
  reason: Joi.string(),
  dueAt: Joi.string().required(),
  timeline: Joi.array()
    .items(
      Joi.object({
        status: Joi.string().required(),
        at: Joi.string().required(),
        channel: Joi.string(),
        detail: Joi.string(),
      }).label('TimelineEntry'),
    )
    .required(),
  price: Joi.number().integer().required(),
  currency: Joi.string().allow(null).required(),
  attempts: Joi.number().integer().required(),
}).label('Message');

/** A message as the API shows it, the address masked; a planned one with the text, channel and price that it would have now. */
export async function createMessagePresenter({
  stores,
  lookAtPlanned,
  clock,
}: Pick<AdminDependencies, 'stores' | 'lookAtPlanned' | 'clock'>): Promise<(message: Message) => Promise<object>> {
  const branches = new Map((await stores.branches.all()).map((branch) => [branch.id, branch]));
  return async (message) => {
    const branch = message.branch === null ? undefined : branches.get(message.branch);
    const zone = branch?.timezone ?? null;
    const planned = message.kind === 'scenario' && message.state === 'planned';
    const look = planned ? await lookAtPlanned(message, clock.now()) : null;
    const { channel, to, text, price } = look ?? message;
    return {
      id: message.id,
      kind: message.kind,
      scenario: message.scenario,
      subject: message.subject,
      also: message.also,
      patient: message.patient,
      branch: message.branch,
      channel,
      to: to === null ? null : maskAddress(to),
      text,
      status: shownStatus(message.state),
      reason: reasonOf(message),
      dueAt: presentInstant(message.dueAt, zone),
      timeline: message.timeline.map(({ at, ...rest }) => ({ ...rest, at: presentInstant(at, zone) })),
      price,
      currency: message.currency ?? branch?.currency ?? null,
      attempts: message.attempts.length,
    };
  };
}

/** What a row waits for is its reason while it is planned. */
function reasonOf({ state, reason, waiting }: Message): string | undefined {
  if (state === 'planned') return waiting;
  return state === 'expired' ? (reason ?? 'tooLate') : reason;
}
