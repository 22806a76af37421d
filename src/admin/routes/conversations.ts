import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Conversation, ConversationQuery } from '../../core/conversation.ts';
import { AppError } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { prose } from '../fields/text.ts';
import { branchZones, zoneOf } from '../presenters/branch-zones.ts';
import { conversationAnswer, presentConversation } from '../presenters/conversation.ts';
import { lineAnswer, linesOf } from '../presenters/conversation-lines.ts';
import { defineRoute } from '../route.ts';

const group = 'answers';
const params = Joi.object<{ conversation: string }>({ conversation: key().required() });
const path = '/conversations/{conversation}';

/** Conversations, and the inbox in which a person answers. */
export function conversationRoutes({
  stores,
  inbox,
}: Pick<AdminDependencies, 'stores' | 'inbox'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/conversations',
      group,
      summary: 'Conversations, newest first',
      query: Joi.object<PageQuery & ConversationQuery>({
        ...pageQuery,
        patient: key(),
        branch: key(),
        status: Joi.string().valid('open', 'handedOver', 'closed'),
      }),
      answers: { 200: listOf(conversationAnswer, 'conversationsList') },
      handle: async ({ query: { cursor, limit, ...wanted } }) => {
        const request = pageRequest({ limit, ...(cursor !== undefined && { cursor }) });
        const page = await stores.conversations.list(wanted, request);
        const zones = await branchZones(stores.branches);
        const items = page.items.map((item) => presentConversation(item, zones));
        return { status: 200, body: { items, next: page.next } };
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'A conversation with all that was said in it',
      params,
      answers: {
        200: conversationAnswer.keys({ messages: Joi.array().items(lineAnswer).required() }).label('WholeConversation'),
      },
      errors: ['notFound'],
      handle: async (call) => {
        const conversation = found(await stores.conversations.get(call.params.conversation), call.params.conversation);
        const zones = await branchZones(stores.branches);
        const messages = await linesOf(stores, conversation, zoneOf(zones, conversation.branch));
        return { status: 200, body: { ...presentConversation(conversation, zones), messages } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/messages`,
      group,
      summary: 'Answer as a person; the bot falls silent',
      params,
      body: Joi.object<{ text: string }>({ text: prose(4000).required() })
        .required()
        .label('StaffAnswer'),
      answers: { 201: conversationAnswer },
      errors: ['notFound'],
      handle: async (call) => {
        const id = call.params.conversation;
        const conversation = found(await inbox.answer(id, call.body.text, call.by), id);
        return { status: 201, body: presentConversation(conversation, await branchZones(stores.branches)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/return-to-bot`,
      group,
      summary: 'Give the chat back to the bot',
      params,
      answers: { 200: conversationAnswer },
      errors: ['notFound'],
      handle: async (call) => {
        const conversation = found(await inbox.returnToBot(call.params.conversation), call.params.conversation);
        return { status: 200, body: presentConversation(conversation, await branchZones(stores.branches)) };
      },
    }),
  ];
}

function found(conversation: Conversation | null, id: string): Conversation {
  if (conversation === null) throw new AppError('notFound', `There is no conversation ${id}.`);
  return conversation;
}
