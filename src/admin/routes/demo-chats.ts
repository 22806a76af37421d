import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { ChatAddress } from '../../core/address.ts';
import { reachOf } from '../../core/channel-name.ts';
import type { SimulatedAct } from '../../core/demo.ts';
import type { SimulatedMessage } from '../../core/simulator.ts';
import type { AdminDependencies, DemoPorts } from '../dependencies.ts';
import { chatAddress } from '../fields/chat-address.ts';
import { listOf, type PageQuery, pageQuery, pageWhole } from '../fields/page.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

interface ActInput {
  readonly text?: string;
  readonly quote?: string;
  readonly choice?: string;
  readonly message?: string;
  readonly contact?: { readonly phone: string };
  readonly media?: 'voice' | 'image' | 'sticker';
}

const group = 'demo';
const path = '/demo/chats/{channel}/{address}/messages';
const params = Joi.object<ChatAddress>(chatAddress);

const act = Joi.object<ActInput>({
  text: Joi.string().max(65_536).allow(''),
  quote: Joi.string().max(100).description('the id of the line that a text answers'),
  choice: Joi.string().max(100).description('the id of a button'),
  message: Joi.string().max(100).description('the id of the line whose button it is'),
  contact: Joi.object({ phone: Joi.string().max(40).required() }).label('Contact'),
  media: Joi.string().valid('voice', 'image', 'sticker'),
})
  .xor('text', 'choice', 'contact', 'media')
  .with('quote', 'text')
  .with('message', 'choice')
  .required()
  .label('PhoneAct');

const lineAnswer = Joi.object({
  id: Joi.string().required(),
  from: Joi.string().valid('bot', 'patient').required(),
  at: Joi.string().required(),
  text: Joi.string().allow('').required(),
  choices: Joi.array().items(Joi.object({ id: Joi.string(), title: Joi.string() }).label('ChatChoice')),
  status: Joi.string().required(),
}).label('ChatLine');

const chatAnswer = Joi.object({
  channel: Joi.string().required(),
  address: Joi.string().required(),
  patient: Joi.string(),
  last: lineAnswer.required(),
}).label('Chat');

/** The simulated phones: what they show, and what a patient does on them. */
export function demoChatRoutes(
  { stores }: Pick<AdminDependencies, 'stores'>,
  { simulator }: DemoPorts,
): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/demo/chats',
      group,
      summary: 'All chats, the newest first',
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: listOf(chatAnswer, 'chatsList') },
      handle: async ({ query }) => {
        const page = pageWhole(await simulator.chats(), query);
        return { status: 200, body: { items: await Promise.all(page.items.map(presentChat)), next: page.next } };
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'What a phone shows, oldest first',
      params,
      query: Joi.object<PageQuery & { after?: string }>({ ...pageQuery, after: Joi.string().max(100) }),
      answers: { 200: listOf(lineAnswer, 'chatLinesList') },
      handle: async (call) => {
        const page = pageWhole(await simulator.messages(call.params, call.query.after), call.query);
        return { status: 200, body: { items: page.items.map(presentLine), next: page.next } };
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      group,
      summary: 'Do something as the patient; answers when the bot’s replies are out',
      params,
      body: act,
      answers: { 200: Joi.object({ items: Joi.array().items(lineAnswer).required() }).label('BotReplies') },
      handle: async (call) => {
        const replies = await simulator.act(call.params, readAct(call.body));
        return { status: 200, body: { items: replies.map(presentLine) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/demo/addresses',
      group,
      summary: 'Whether an address can be reached',
      body: Joi.object<ChatAddress & { reachable: boolean }>({
        ...chatAddress,
        reachable: Joi.boolean().required(),
      })
        .required()
        .label('Reachability'),
      answers: {
        200: Joi.object({ channel: Joi.string(), address: Joi.string(), reachable: Joi.boolean() }).label('Reachable'),
      },
      handle: async ({ body: { channel, address, reachable } }) => {
        await simulator.setReachable({ channel, address }, reachable);
        return { status: 200, body: { channel, address, reachable } };
      },
    }),
  ];

  async function presentChat(last: SimulatedMessage): Promise<object> {
    const { channel, address } = last.at;
    const patient = await patientAt(stores, last.at);
    return { channel, address, ...(patient !== undefined && { patient }), last: presentLine(last) };
  }
}

/** The patient whose chat it is: the one known by it, else the first whose phone it is. */
async function patientAt(
  { identities, patients }: Pick<AdminDependencies['stores'], 'identities' | 'patients'>,
  at: ChatAddress,
): Promise<string | undefined> {
  const [known] = await identities.at(at);
  if (known !== undefined) return known.patient;
  return reachOf(at.channel) === 'number' ? (await patients.byPhone(at.address))[0]?.id : undefined;
}

function presentLine({ id, from, sentAt, text, choices, status }: SimulatedMessage): object {
  const shown = choices.length > 0 ? { choices } : {};
  return { id, from, at: presentInstant(sentAt, null), text, ...shown, status };
}

function readAct({ text, quote, choice, message, contact, media }: ActInput): SimulatedAct {
  if (choice !== undefined) return { choice, ...(message !== undefined && { message }) };
  if (contact !== undefined) return { contact };
  if (media !== undefined) return { media };
  return { text: text ?? '', ...(quote !== undefined && { quote }) };
}
