import type { MachineName } from '../core/conversation.ts';
import type { Locale } from '../core/locale.ts';
import { type Expected, type GlobalWord, type Reading, readAnswer, readGlobal } from './answers.ts';
import { type Answer, eventOfAnswer } from './event-of-answer.ts';
import { expectedKind } from './expectations.ts';
import type { LocalMoment } from './reading/moments.ts';

/** A question of a chat, open or closed, as far as matching looks at it. */
export interface Question {
  readonly id: string;
  readonly machine: MachineName;
  readonly state: string;
  readonly open: boolean;
  /** When it was last asked or spoken of; the newest comes first. */
  readonly askedAtMs: number;
  readonly choices: readonly { readonly id: string; readonly title: string }[];
  /** Of a visit's question: the visits' own moments and the day it is now, in the branch's zone. */
  readonly visits: readonly LocalMoment[];
  readonly today: string | null;
  /** Of a visit's question: its visits have begun, so that an answer can only be told so. */
  readonly over: boolean;
  /** A closed survey that still takes words as its comment. */
  readonly listens: boolean;
}

/** What becomes of a reply. */
export type Match =
  | { readonly kind: 'answer'; readonly question: string; readonly answer: Answer }
  | { readonly kind: 'global'; readonly word: GlobalWord }
  /** Several equal questions: ask which is meant. */
  | { readonly kind: 'which'; readonly questions: readonly string[] }
  /** The newest open question did not understand it. */
  | { readonly kind: 'notUnderstood'; readonly question: string }
  /** Thanks and the like: nothing to do and nothing to say. */
  | { readonly kind: 'courtesy' }
  | { readonly kind: 'nothing' };

/** How a chat shows and reads. */
export interface Manner {
  readonly locale: Locale;
  /** Choices are shown as numbered lines, so that a digit may mean one of them. */
  readonly numbered: boolean;
}

/** The question a tap belongs to: the one of its message, else the newest that offers the choice or would understand it, open ones first. */
export function matchChoice(
  choice: string,
  owner: string | null,
  questions: readonly Question[],
): Extract<Match, { kind: 'answer' | 'nothing' }> {
  const sorted = newestFirst(questions);
  const offering = sorted.filter((question) => question.choices.some(({ id }) => id === choice));
  const understanding = sorted.filter(
    ({ machine, state }) => eventOfAnswer(machine, state, { kind: 'choice', id: choice }) !== null,
  );
  const [found] = [offering, understanding].flatMap((some) => [
    ...some.filter((question) => question.open),
    ...some.filter((question) => !question.open),
  ]);
  const asked = owner ?? found?.id ?? null;
  return asked === null
    ? { kind: 'nothing' }
    : { kind: 'answer', question: asked, answer: { kind: 'choice', id: choice } };
}

/** Finds which question a text answers, in the order of conversations.md, Matching. `owner` is the question of a quoted message. */
export function matchText(text: string, owner: string | null, questions: readonly Question[], manner: Manner): Match {
  const sorted = newestFirst(questions);
  const quoted = sorted.find((question) => question.id === owner);
  if (quoted !== undefined) return ofQuoted(text, quoted, manner);
  const open = sorted.filter((question) => question.open);
  const word = readGlobal(text);
  if (word !== null) {
    const offered = open.flatMap((question) => offeredAs(word, text, question));
    return offered[0] ?? { kind: 'global', word };
  }
  const candidates = /^\W*\d\W*$/.test(text) && !manner.numbered ? scoresFirst(open) : open;
  const answered = candidates.flatMap((question) => {
    const answer = answerTo(text, question, sorted, manner);
    return answer === null ? [] : [{ question, answer }];
  });
  const [first] = answered;
  if (first !== undefined) {
    const equal = answered.filter((each) => isEqual(each.question, first.question) && each.answer.kind === 'choice');
    const meant = equal.filter((each) => namesOnly(text, each.question, equal, manner));
    const [only] = meant;
    if (meant.length === 1 && only !== undefined)
      return { kind: 'answer', question: only.question.id, answer: only.answer };
    if (equal.length > 1) return { kind: 'which', questions: equal.map(({ question }) => question.id) };
    return { kind: 'answer', question: first.question.id, answer: first.answer };
  }
  return ofClosed(text, sorted, manner) ?? unanswered(text, open, manner);
}

/** What a text means to one question; null where it means nothing to it. */
export function answerTo(
  text: string,
  question: Question,
  all: readonly Question[],
  { locale }: Pick<Manner, 'locale'>,
): Answer | null {
  const expected = expectationOf(question, all);
  if (expected === null) return null;
  return answerOf(readAnswer(text, expected, locale), text, question, expected);
}

function ofQuoted(text: string, question: Question, manner: Manner): Match {
  const answer = answerTo(text, question, [question], manner);
  if (answer !== null) return { kind: 'answer', question: question.id, answer };
  const word = readGlobal(text);
  if (word !== null) return { kind: 'global', word };
  if (question.listens && isComment(text, manner)) {
    return { kind: 'answer', question: question.id, answer: { kind: 'words', text } };
  }
  return question.open ? { kind: 'notUnderstood', question: question.id } : { kind: 'nothing' };
}

/** Second thoughts about a closed question, and words after a score; praise for the doctor is no yes to an earlier question. */
function ofClosed(text: string, sorted: readonly Question[], manner: Manner): Match | null {
  const closed = sorted.filter((each) => !each.open);
  const ofSurvey = sorted.some((each) => each.listens || (each.open && each.machine === 'survey'));
  const listening = closed.length < sorted.length ? undefined : closed.find((question) => question.listens);
  const comment = listening !== undefined && isComment(text, manner) ? listening : null;
  for (const question of closed.filter((each) => !(each.over && ofSurvey))) {
    const answer = answerTo(text, question, [question], manner);
    const isAssent = answer?.kind === 'choice' && answer.id === 'confirm';
    const isPraise = listening !== undefined && isAssent && question.askedAtMs < listening.askedAtMs;
    if (answer !== null && !isPraise) return { kind: 'answer', question: question.id, answer };
  }
  return comment === null ? null : { kind: 'answer', question: comment.id, answer: { kind: 'words', text } };
}

function unanswered(text: string, open: readonly Question[], { locale }: Manner): Match {
  const [newest] = open;
  const said = readAnswer(text, { kind: 'none' }, locale);
  if (said.kind === 'thanks') return { kind: 'courtesy' };
  // A thumb or a smile when nothing is asked needs no answer, like a sticker.
  if (newest === undefined && !/[\p{L}\p{N}?]/u.test(text)) return { kind: 'courtesy' };
  return newest === undefined ? { kind: 'nothing' } : { kind: 'notUnderstood', question: newest.id };
}

function isComment(text: string, { locale }: Manner): boolean {
  return (
    readAnswer(text, { kind: 'comment' }, locale).kind === 'comment' &&
    readAnswer(text, { kind: 'none' }, locale).kind === 'unclear'
  );
}

/** A global word that is one of the offered answers, by its title or by its sense. */
function offeredAs(word: GlobalWord, text: string, question: Question): Extract<Match, { kind: 'answer' }>[] {
  const same = question.choices.find(({ title }) => title.trim().toLowerCase() === text.trim().toLowerCase());
  const offers = (id: string) => question.choices.some((choice) => choice.id === id);
  const answers = (id: string) => [
    { kind: 'answer' as const, question: question.id, answer: { kind: 'choice' as const, id } },
  ];
  if (word !== 'stop' && same !== undefined) return answers(same.id);
  if (word === 'person' && offers('contactMe')) return answers('contactMe');
  if (word === 'book' && offers('book')) return answers('book');
  if (word === 'book' && question.machine === 'rebooking' && question.state === 'choosingDay') return answers('yes');
  return [];
}

function expectationOf(question: Question, all: readonly Question[]): Expected | null {
  const kind = expectedKind(question.machine, question.state);
  switch (kind) {
    case null:
      return null;
    case 'confirmation': {
      const equal = all.filter((other) => isEqual(other, question));
      const visits = [...question.visits, ...equal.flatMap((other) => other.visits)];
      return { kind, visits, today: question.today, choosing: hasHandedOn(question) };
    }
    case 'days':
    case 'slots':
    case 'list':
      return { kind, titles: question.choices.map(({ title }) => title) };
    case 'score':
    case 'comment':
    case 'contact':
    case 'reason':
    case 'yesNo':
    case 'none':
      return { kind };
    default:
      return kind satisfies never;
  }
}

function answerOf(reading: Reading, text: string, question: Question, expected: Expected): Answer | null {
  switch (reading.kind) {
    case 'confirm':
      return { kind: 'choice', id: 'confirm', question: reading.question, words: text };
    case 'score':
      return { kind: 'choice', id: String(reading.score), ...(reading.words && { words: text }) };
    case 'pick': {
      const choice = question.choices[reading.index];
      return choice === undefined ? null : { kind: 'choice', id: choice.id };
    }
    case 'comment':
      return { kind: 'words', text };
    case 'yes':
    case 'no':
      if (expected.kind === 'contact')
        return { kind: 'choice', id: reading.kind === 'yes' ? 'contactMe' : 'noContact' };
      return { kind: 'choice', id: reading.kind };
    case 'other':
      return { kind: 'choice', id: 'otherDay' };
    case 'all':
      return question.choices.some(({ id }) => id === 'all') ? { kind: 'choice', id: 'all' } : null;
    case 'cancel':
    case 'reschedule':
    case 'skip':
    case 'later':
    case 'back':
      return { kind: 'choice', id: reading.kind };
    case 'unclear':
    case 'question':
      // Several short messages in a row: what is no yes or no is more of the comment.
      return expected.kind === 'contact' ? { kind: 'words', text } : null;
    case 'thanks':
    case 'stop':
    case 'start':
    case 'help':
    case 'person':
    case 'visits':
    case 'book':
    case 'language':
      return null;
    default:
      return reading satisfies never;
  }
}

function isEqual(left: Question, right: Question): boolean {
  return (
    left.machine === right.machine &&
    left.open &&
    right.open &&
    expectedKind(left.machine, left.state) === expectedKind(right.machine, right.state)
  );
}

/** Whether the text names the moment of this question's visits alone. */
function namesOnly(
  text: string,
  question: Question,
  equal: readonly { readonly question: Question }[],
  { locale }: Manner,
): boolean {
  if (question.machine !== 'confirmation' || equal.length < 2) return false;
  const meant = (each: Question) =>
    readAnswer(text, { kind: 'confirmation', visits: each.visits, today: each.today }, locale).kind;
  return (
    meant(question) === 'confirm' &&
    equal.every((other) => other.question === question || meant(other.question) === 'reschedule')
  );
}

function scoresFirst(open: readonly Question[]): readonly Question[] {
  const scores = open.filter((question) => question.machine === 'survey' && question.state === 'asked');
  return [...scores, ...open.filter((question) => !scores.includes(question))];
}

function newestFirst(questions: readonly Question[]): readonly Question[] {
  return [...questions].sort(
    (left, right) =>
      right.askedAtMs - left.askedAtMs ||
      Number(hasHandedOn(left)) - Number(hasHandedOn(right)) ||
      (left.id < right.id ? 1 : -1),
  );
}

/** A confirmation whose new time is being looked for: the search, opened in the same step and moment, asks now. */
function hasHandedOn({ machine, state }: Question): boolean {
  return machine === 'confirmation' && state === 'rebooking';
}
