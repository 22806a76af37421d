import Joi from 'joi';
import type { Conversation } from '../../core/conversation.ts';
import type { InboundBody } from '../../core/inbound.ts';
import type { Message } from '../../core/message.ts';
import type { Stores } from '../../core/stores.ts';
import { presentInstant } from './instant.ts';

/** The schema of what was said in a conversation. */
export const lineAnswer = Joi.object({
  id: Joi.string().required(),
  from: Joi.string().valid('bot', 'patient').required(),
  at: Joi.string().required(),
  text: Joi.string().allow(null, '').required(),
  status: Joi.string(),
  by: Joi.string().description('the member of staff whose words these are'),
}).label('ConversationLine');

interface Line {
  readonly id: string;
  readonly from: 'bot' | 'patient';
  readonly at: Date;
  readonly text: string | null;
  readonly status?: string;
  readonly by?: string;
}

const PAGE = 200;
const MOST_LINES = 2000;

/** What was said in a conversation by either side, oldest first. */
export async function linesOf(
  stores: Pick<Stores, 'outbox' | 'inbound'>,
  conversation: Conversation,
  zone: string | null,
): Promise<readonly object[]> {
  const [said, heard] = await Promise.all([saidIn(stores, conversation), heardIn(stores, conversation)]);
  const lines = [...said, ...heard].sort(byTime);
  return lines.map(({ at, ...rest }) => ({ ...rest, at: presentInstant(at, zone) }));
}

/** A demo clock that stands gives a whole talk one moment: ids sort by the time of their making. */
function byTime(one: Line, other: Line): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
}

/** What went to the patient; what staff were told of the conversation is not said in it. */
async function saidIn({ outbox }: Pick<Stores, 'outbox'>, { id }: Conversation): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let cursor: string | null = null;
  do {
    const page = await outbox.list({ conversation: id }, { limit: PAGE, ...(cursor !== null && { cursor }) });
    lines.push(...page.items.filter(({ kind }) => kind === 'scenario' || kind === 'reply').map(lineOf));
    cursor = page.next;
  } while (cursor !== null && lines.length < MOST_LINES);
  return lines;
}

function lineOf({ id, sentAt, dueAt, text, state, content }: Message): Line {
  const by = content?.key === 'conversations.staffWords' ? content.values['by'] : undefined;
  return {
    id,
    from: 'bot',
    at: sentAt ?? dueAt,
    text,
    status: state === 'claimed' ? 'queued' : state,
    ...(typeof by === 'string' && by !== '' && { by }),
  };
}

/** The chat's own lines since the conversation opened: those that took effect in it, and with a person in it all of them. */
async function heardIn({ inbound }: Pick<Stores, 'inbound'>, conversation: Conversation): Promise<readonly Line[]> {
  const heard = new Set(conversation.heard);
  const lines: Line[] = [];
  let after: string | undefined;
  while (lines.length < MOST_LINES) {
    const page = await inbound.ofChat(conversation.at, { limit: PAGE, ...(after !== undefined && { after }) });
    for (const { id, at, body } of page) {
      const meant = conversation.status === 'handedOver' && at >= conversation.openedAt;
      if (meant || heard.has(id)) lines.push({ id, from: 'patient', at, text: wordsOf(body) });
    }
    after = page.at(-1)?.id;
    if (page.length < PAGE) break;
  }
  return lines;
}

function wordsOf(body: InboundBody): string | null {
  switch (body.kind) {
    case 'text':
      return body.text;
    case 'choice':
      return body.choice;
    case 'contact':
    case 'media':
      return null;
  }
}
