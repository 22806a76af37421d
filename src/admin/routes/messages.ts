import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { CHANNELS } from '../../core/channel-name.ts';
import { AppError } from '../../core/errors.ts';
import type { MessageQuery } from '../../core/message.ts';
import { SCENARIOS } from '../../core/scenario.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { createMessagePresenter, messageAnswer } from '../presenters/message.ts';
import { defineRoute } from '../route.ts';

const group = 'messages';
const params = Joi.object<{ message: string }>({ message: key().required() });

const query = Joi.object<PageQuery & MessageQuery>({
  ...pageQuery,
  branch: key(),
  patient: key(),
  appointment: key(),
  scenario: Joi.string().valid(...SCENARIOS),
  channel: Joi.string().valid(...CHANNELS),
  status: Joi.string().valid(
    ...['planned', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'skipped', 'cancelled', 'unknown'],
  ),
  from: instant().description('due at or after'),
  to: instant().description('due before'),
  kind: Joi.string().valid('scenario', 'reply', 'alert', 'staff').default('scenario'),
});

/** The message log, and what staff do with a message that went wrong. */
export function messageRoutes(
  deps: Pick<AdminDependencies, 'stores' | 'desk' | 'lookAtPlanned' | 'clock'>,
): readonly ServerRoute[] {
  const { stores, desk, clock } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/messages',
      group,
      summary: 'Messages, newest first',
      query,
      answers: { 200: listOf(messageAnswer, 'messagesList') },
      handle: async ({ query: { cursor, limit, ...wanted } }) => {
        const page = await stores.outbox.list(wanted, pageRequest({ limit, ...(cursor !== undefined && { cursor }) }));
        const present = await createMessagePresenter(deps);
        return { status: 200, body: { items: await Promise.all(page.items.map(present)), next: page.next } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/messages/{message}/resend',
      group,
      summary: 'Send a failed or unknown message again: decided anew, under a new id',
      params,
      answers: { 201: messageAnswer },
      errors: ['notFound', 'conflict'],
      handle: async ({ params: { message: id } }) => {
        const message = await desk.resend(id, clock.now());
        if (message === null) throw unknownMessage(id);
        return { status: 201, body: await (await createMessagePresenter(deps))(message) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/messages/{message}/resolve',
      group,
      summary: 'Say what became of an unknown message; final',
      params,
      body: Joi.object<{ as: 'sent' | 'failed' }>({ as: Joi.string().valid('sent', 'failed').required() })
        .required()
        .label('Resolution'),
      answers: { 200: messageAnswer },
      errors: ['notFound', 'conflict'],
      handle: async ({ params: { message: id }, body }) => {
        const message = await desk.resolve(id, body.as, clock.now());
        if (message === null) throw unknownMessage(id);
        return { status: 200, body: await (await createMessagePresenter(deps))(message) };
      },
    }),
  ];
}

function unknownMessage(id: string): AppError {
  return new AppError('notFound', `There is no message ${id}.`);
}
