import type { Choice } from '../../core/content.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { StaffTopic } from '../../core/staff-topic.ts';
import { patientsAt } from './chat.ts';
import type { EngineDeps } from './deps.ts';
import type { Keeper } from './keeper.ts';
import { staffWords, takeOver, withPerson } from './staff-inbox.ts';

/** Newest conversations of a patient that are looked through for the one that a person answers. */
const LOOKED_THROUGH = 50;
const RETURN = 'return.';
const TAKE_OVER = 'takeOver';

interface StaffHearing {
  readonly deps: EngineDeps;
  readonly keeper: Keeper;
  readonly message: InboundMessage;
  readonly topic: StaffTopic;
  /** Conversations that this topic may speak in, newest first. */
  readonly conversations: readonly Conversation[];
  /** The one that a person answers; or that has heard this message before. */
  readonly open: Conversation | null;
  readonly now: Date;
}

/**
 * What staff write or tap in the topic of a patient. Whom it is for is looked up anew each time: only conversations of that
 * patient, in branches whose staff group this is, are spoken in. Who is in the group may answer. A repeat changes nothing.
 */
export async function hearStaff(
  deps: EngineDeps,
  keeper: Keeper,
  message: InboundMessage,
  topic: StaffTopic,
): Promise<void> {
  const now = deps.clock.now();
  const conversations = await conversationsOf(deps, topic);
  const heard = conversations.find((each) => each.heard.includes(message.id));
  const open = heard ?? (await openOf(deps, conversations, message, now));
  const hearing: StaffHearing = { deps, keeper, message, topic, conversations, open, now };
  if (conversations.length === 0) return say(hearing, 'nobody');
  const { body } = message;
  switch (body.kind) {
    case 'choice':
      return tap(hearing, body.choice);
    case 'text':
      if (/^\/return(@\w+)?$/i.test(body.text.trim())) return giveBack(hearing);
      if (body.text.trim().startsWith('/')) return say(hearing, 'help');
      return answer(hearing, body.text);
    case 'media':
    case 'contact':
      return say(hearing, 'onlyText');
    default:
      return body satisfies never;
  }
}

async function tap(hearing: StaffHearing, choice: string): Promise<void> {
  const { deps, keeper, message, open, now } = hearing;
  if (choice === TAKE_OVER) {
    const chat = open ?? (await reached(hearing));
    if (chat === null) return say(hearing, 'nobody');
    if (open === null) await takeOver(deps, keeper, chat, now, message.id);
    else await keeper.drain(open.id, now);
  } else if (choice.startsWith(RETURN)) {
    const over = open !== null && open.id !== choice.slice(RETURN.length);
    await giveBack(over ? { ...hearing, open: null } : hearing);
  }
}

async function giveBack(hearing: StaffHearing): Promise<void> {
  const { keeper, open, message, now } = hearing;
  if (open === null) return say(hearing, 'already');
  await keeper.tell(open.id, { type: 'returnedToBot' }, now, message.id);
}

async function answer(hearing: StaffHearing, text: string): Promise<void> {
  const { deps, keeper, message, open, now } = hearing;
  if (open === null) {
    return say(hearing, 'withBot', [{ id: TAKE_OVER, key: 'conversations.staffRoom.takeOver' }]);
  }
  await keeper.tell(open.id, { type: 'staffAnswered' }, now, message.id);
  const by = await nameOf(deps, message);
  await deps.sender.enqueue([staffWords(`${open.id}:staff:${message.id}`, { text, by }, open, now)]);
}

/** The newest conversation whose chat still is this patient's: a number may be somebody else's by now. */
async function reached({ deps, conversations }: StaffHearing): Promise<Conversation | null> {
  for (const conversation of conversations) {
    const { at, patient, status } = conversation;
    if (patient === null || status !== 'closed') return conversation;
    if ((await patientsAt(deps.stores, at)).some(({ id }) => id === patient)) return conversation;
  }
  return null;
}

/** The member of staff where the sender is linked, else the sender's id of the platform. */
async function nameOf({ stores }: EngineDeps, { from, sender }: InboundMessage): Promise<string> {
  if (sender === undefined) return from.channel;
  const member = await stores.staff.byChat({ channel: from.channel, address: sender });
  return member?.name ?? `${from.channel}:${sender}`;
}

async function conversationsOf({ stores }: EngineDeps, { group, key }: StaffTopic): Promise<readonly Conversation[]> {
  const patient = await stores.patients.get(key);
  if (patient?.erasedAt !== undefined) return [];
  const found =
    patient === null
      ? [await stores.conversations.get(key)].filter((one) => one !== null)
      : (await stores.conversations.list({ patient: key }, { limit: LOOKED_THROUGH })).items;
  const groups = new Map((await stores.branches.all()).map(({ id, staffChat }) => [id, staffChat]));
  return found.filter(({ at, branch }) => at.address !== '' && branch !== null && groups.get(branch) === group);
}

/** Where a patient has several chats with a person: the one that is quoted, else the one that was last told of in the topic. */
async function openOf(
  deps: EngineDeps,
  conversations: readonly Conversation[],
  { from, body }: InboundMessage,
  now: Date,
): Promise<Conversation | null> {
  const { outbox } = deps.stores;
  const open = conversations.filter(({ status }) => status === 'handedOver');
  if (open.length > 1) {
    const quoted = body.kind === 'text' && body.quote !== undefined ? await outbox.get(body.quote) : null;
    const told = [quoted, ...(await outbox.ofChat(from.channel, from.address, LOOKED_THROUGH))];
    const last = told.find((row) => open.some(({ id }) => id === row?.conversation));
    return open.find(({ id }) => id === last?.conversation) ?? open[0] ?? null;
  }
  const [newest] = conversations;
  return open[0] ?? (newest === undefined ? null : withPerson(deps, newest, now));
}

async function say(
  { deps, message, topic, conversations, now }: StaffHearing,
  key: 'nobody' | 'help' | 'onlyText' | 'already' | 'withBot',
  choices: readonly Choice[] = [],
): Promise<void> {
  const branches = await deps.stores.branches.all();
  const branch = branches.find(({ staffChat }) => staffChat === topic.group) ?? branches[0];
  await deps.sender.enqueue([
    {
      key: `staffRoom:${message.id}`,
      kind: 'staff',
      patient: null,
      branch: conversations[0]?.branch ?? null,
      dueAt: now,
      channel: message.from.channel,
      to: message.from.address,
      locale: branch?.locale ?? 'en',
      content: { key: `conversations.staffRoom.${key}`, values: {}, choices },
    },
  ]);
}
