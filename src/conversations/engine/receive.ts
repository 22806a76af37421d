import { showsOf } from '../../core/channel-name.ts';
import { DAY_MS } from '../../core/clock.ts';
import type { Receive } from '../../core/inbound.ts';
import { topicAt } from '../../core/staff-topic.ts';
import { readGlobal } from '../answers.ts';
import { type Answer, eventOfAnswer } from '../event-of-answer.ts';
import { answerTo, type Match, matchChoice, matchText } from '../matching.ts';
import { hearCare } from './care.ts';
import { chatAt } from './chat.ts';
import type { EngineDeps } from './deps.ts';
import { hearGlobal, tellInbox } from './hear-global.ts';
import { hearContact, hearStart } from './hear-linking.ts';
import { hearStaff } from './hear-staff.ts';
import { hearStop } from './hear-stop.ts';
import type { Hearing } from './hearing.ts';
import type { Keeper } from './keeper.ts';
import { type ChatQuestions, questionsOfChat } from './questions-of-chat.ts';
import { forwardRows } from './staff-room.ts';
import { visitFacts } from './visit-facts.ts';

/** Closed questions are remembered for this long: an answer to one gets the truth. */
const REMEMBERED_MS = 30 * DAY_MS;
const MENU = 'menu:';

/** Takes what a patient did, finds what it answers and lets it have its effect once; a repeat goes on where it stopped. */
export function createReceive(deps: EngineDeps, keeper: Keeper): Receive {
  return async (message) => {
    const { stores } = deps;
    const now = deps.clock.now();
    const topic = topicAt(message.from);
    if (topic !== null) return hearStaff(deps, keeper, message, topic);
    const conversations = await stores.conversations.ofChat(message.from, new Date(now.getTime() - REMEMBERED_MS));
    const heard = conversations.filter((conversation) => conversation.heard.includes(message.id));
    if (heard.length > 0) {
      for (const conversation of heard) await keeper.drain(conversation.id, now);
      return;
    }
    const { body } = message;
    const text = body.kind === 'text' ? body.text : '';
    const chat = await chatAt(stores, message.from, conversations, text);
    if (chat.patients.length > 0) {
      const ids = chat.patients.map((patient) => patient.id);
      await stores.identities.sawInbound(message.from, ids, now);
    }
    const person = conversations.find((conversation) => conversation.status === 'handedOver');
    if (person !== undefined) await deps.sender.enqueue(await forwardRows(deps, message, person, now));
    await hear({ deps, keeper, message, chat, conversations, now });
  };
}

async function hear(hearing: Hearing): Promise<void> {
  const { deps, message, conversations } = hearing;
  const { body, from } = message;
  if (body.kind === 'choice' && body.choice.startsWith('care.')) return hearCare(hearing, body.choice);
  if (body.kind === 'text') {
    const word = readGlobal(body.text);
    const command = from.channel === 'telegram' && /^\/start(\s|$)/.test(body.text.trim());
    if (word === 'stop' || (word === 'start' && !command)) return hearStop(hearing, word);
    if (command) return hearStart(hearing, body.text.trim());
  }
  const withPerson = conversations.some((conversation) => conversation.status === 'handedOver');
  if (body.kind === 'contact') return hearContact(hearing, body);
  const asked = await questionsOfChat(deps, from, conversations, hearing.chat.locale, hearing.now);
  if (body.kind === 'choice') return hearChoice(hearing, body, asked, withPerson);
  if (withPerson) {
    deps.metrics.reading({ reading: 'toPerson' });
    return;
  }
  if (body.kind === 'media') return hearMedia(hearing, body.media, asked);
  const owner = body.quote === undefined ? null : await asked.ownerOf(body.quote);
  const numbered = deps.showsNumbers?.(from.channel) ?? showsOf(from.channel) === 'links';
  const match = matchText(body.text, owner, asked.questions, { locale: hearing.chat.locale, numbered });
  deps.metrics.reading({ reading: match.kind });
  return follow(hearing, match, asked, body.text);
}

async function follow(hearing: Hearing, match: Match, asked: ChatQuestions, text: string): Promise<void> {
  switch (match.kind) {
    case 'answer':
      return answer(hearing, asked, match.question, match.answer, false);
    case 'global':
      return hearGlobal(hearing, match.word);
    case 'which':
      return tellInbox(hearing, {
        type: 'questionUnclear',
        text,
        questions: await meantQuestions(hearing, match.questions),
      });
    case 'notUnderstood':
      await hearing.keeper.tell(match.question, { type: 'notUnderstood' }, hearing.now, hearing.message.id);
      return;
    case 'courtesy':
      return;
    case 'nothing':
      return tellInbox(hearing, { type: 'notUnderstood' });
    default:
      return match satisfies never;
  }
}

async function hearChoice(
  hearing: Hearing,
  body: { readonly choice: string; readonly message?: string },
  asked: ChatQuestions,
  silent: boolean,
): Promise<void> {
  if (body.choice.startsWith(MENU)) return hearMenu(hearing, body.choice, silent);
  const owner = body.message === undefined ? null : await asked.ownerOf(body.message);
  const match = matchChoice(body.choice, owner, asked.questions);
  hearing.deps.metrics.reading({ reading: 'choice' });
  if (match.kind === 'answer') return answer(hearing, asked, match.question, match.answer, silent);
  if (!silent) await tellInbox(hearing, { type: 'notUnderstood' });
}

/**
 * Lets an answer have its effect. With a person in the chat (`silent`) a tap on a question of ours still counts, but only staff
 * speak; what would go on as a dialogue is left to them.
 */
async function answer(
  hearing: Hearing,
  asked: ChatQuestions,
  question: string,
  given: Answer,
  silent: boolean,
): Promise<void> {
  const { keeper, conversations, message, now } = hearing;
  if (given.kind === 'choice' && given.id.startsWith(MENU)) return hearMenu(hearing, given.id, silent);
  const known = conversations.find((conversation) => conversation.id === question);
  const unasked = asked.unasked.get(question);
  const machine = known?.machine ?? unasked?.machine;
  if (machine === undefined) return;
  const event = eventOfAnswer(machine, known?.state ?? 'asked', given);
  if (silent && !(given.kind === 'choice' && ['confirm', 'cancel', '1', '2', '3', '4', '5'].includes(given.id))) return;
  const told = event ?? { type: 'notUnderstood' };
  if (known === undefined && unasked !== undefined) await keeper.begin(unasked, told, now, message.id, silent);
  else await keeper.tell(question, told, now, message.id, silent);
}

/** A line of the menu stands for its global word, tapped, numbered or written out. */
async function hearMenu(hearing: Hearing, choice: string, silent: boolean): Promise<void> {
  const word = choice.slice(MENU.length);
  if (!silent && (word === 'visits' || word === 'book' || word === 'person')) await hearGlobal(hearing, word);
}

async function hearMedia(hearing: Hearing, media: string, asked: ChatQuestions): Promise<void> {
  const open = asked.questions.filter((question) => question.open).sort((a, b) => b.askedAtMs - a.askedAtMs);
  const commenting = open.find((question) => ['commenting', 'askingContact'].includes(question.state));
  const [newest] = open;
  if (media === 'sticker' && newest === undefined) return;
  if (commenting !== undefined && media !== 'sticker') {
    await hearing.keeper.tell(commenting.id, { type: 'voiceCame' }, hearing.now, hearing.message.id);
  } else if (newest !== undefined && newest.machine !== 'inbox') {
    await hearing.keeper.tell(newest.id, { type: 'notUnderstood' }, hearing.now, hearing.message.id);
  } else await tellInbox(hearing, { type: 'mediaCame' });
}

/** The questions that a reply may have meant, as buttons with their visit's time. */
async function meantQuestions(hearing: Hearing, ids: readonly string[]) {
  const { deps, conversations, chat } = hearing;
  return Promise.all(
    ids.map(async (id, index) => {
      const conversation = conversations.find((each) => each.id === id);
      const facts = await visitFacts(
        deps.stores,
        conversation?.appointments.slice(0, 1) ?? [],
        chat.locale,
        hearing.now,
      );
      const [visit] = facts;
      const values = { day: visit?.day ?? '', time: visit?.time ?? '', doctor: visit?.doctor ?? '' };
      return { conversation: id, choice: { id: `question:${index}`, key: 'conversations.visit.choice', values } };
    }),
  );
}

/** Reads words that were held while the patient said which question they meant. */
export function createPassOn(deps: EngineDeps, keeper: Keeper) {
  return async (id: string, text: string, now: Date): Promise<void> => {
    const conversation = await deps.stores.conversations.get(id);
    if (conversation === null) return;
    const asked = await questionsOfChat(deps, conversation.at, [conversation], conversation.locale, now);
    const question = asked.questions.find((each) => each.id === id);
    const given = question === undefined ? null : answerTo(text, question, [question], { locale: conversation.locale });
    const event = given === null ? null : eventOfAnswer(conversation.machine, conversation.state, given);
    await keeper.tell(id, event ?? { type: 'notUnderstood' }, now);
  };
}
