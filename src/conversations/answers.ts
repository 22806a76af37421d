import { LOCALES, type Locale } from '../core/locale.ts';
import { type Intents, intentsOf } from './reading/intents.ts';
import { type Lexicon, lexicons, type Tag } from './reading/lexicon.ts';
import { entryIn } from './reading/lists.ts';
import { compareWith, type LocalMoment, mentionsIn, numberOf } from './reading/moments.ts';
import { type Plain, plain, type Word } from './reading/plain.ts';
import { markIn } from './reading/scores.ts';

/** The words that are understood whatever is asked (spec: conversations.md, Global words). */
const GLOBAL_WORDS = ['stop', 'start', 'help', 'person', 'visits', 'book', 'language'] as const;
export type GlobalWord = (typeof GLOBAL_WORDS)[number];

/** What was asked, as far as it matters for reading the answer. */
export type Expected =
  | {
      readonly kind: 'confirmation';
      readonly visits: readonly LocalMoment[];
      readonly today: string | null;
      /** A new time is being looked for: a day or time that is named belongs to that search. */
      readonly choosing?: boolean;
    }
  | { readonly kind: 'score' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'contact' }
  | { readonly kind: 'reason' }
  | { readonly kind: 'yesNo' }
  | { readonly kind: 'days' | 'slots' | 'list'; readonly titles: readonly string[] }
  | { readonly kind: 'none' };

/** What a free text means. `unclear` where two readings are possible: a wrong action is worse than a question. */
export type Reading =
  | { readonly kind: 'confirm'; readonly question: boolean }
  | { readonly kind: 'score'; readonly score: number; readonly words: boolean }
  /** From 0. */
  | { readonly kind: 'pick'; readonly index: number }
  | {
      readonly kind:
        | 'cancel'
        | 'reschedule'
        | 'comment'
        | 'yes'
        | 'no'
        | 'skip'
        | 'later'
        | 'back'
        | 'other'
        | 'all'
        | 'thanks'
        | 'unclear'
        | 'question'
        | GlobalWord;
    };

const LONGEST_WISH = 10;
const UNCLEAR: Reading = { kind: 'unclear' };

/** Reads a reply to a question: in the patient's language, and where that says nothing, in the others. */
export function readAnswer(text: string, expected: Expected, locale: Locale): Reading {
  const own = readIn(text, expected, lexicons[locale]);
  if (own.kind !== 'unclear' && own.kind !== 'comment') return own;
  const global = readGlobal(text);
  if (global !== null) return { kind: global };
  for (const other of LOCALES) {
    if (other === locale) continue;
    const reading = readIn(text, expected, lexicons[other]);
    if (reading.kind !== 'unclear' && reading.kind !== 'comment' && isSure(text, lexicons[other])) return reading;
  }
  return own;
}

/** A global word of any language that is the whole message; null otherwise. */
export function readGlobal(text: string): GlobalWord | null {
  for (const word of GLOBAL_WORDS) {
    for (const locale of LOCALES) {
      const lexicon = lexicons[locale];
      const reply = plain(text.replace(/^\s*[/#]/, ''), locale);
      const exact = withoutCourtesy(reply.words, lexicon);
      if (lexicon.is(exact, word)) return word;
      const fixed = withoutCourtesy(lexicon.correct(reply), lexicon);
      // A slip of the keys may make a stop of another word; the stop must be typed, stretched at most.
      if (word !== 'stop' && lexicon.is(fixed, word)) return word;
      if (word === 'stop' && lexicon.is(fixed, word) && !isOneWord(exact, lexicon)) return word;
    }
  }
  return null;
}

/** One word that was put right by a slip only: `ston` is no stop, `сssstop` and `cnjg` are. */
function isOneWord(words: readonly Word[], lexicon: Lexicon): boolean {
  const [first, ...rest] = words;
  return (
    first !== undefined &&
    rest.length === 0 &&
    first.text.length >= 5 &&
    !/(\p{L})\1/u.test(first.text) &&
    lexicon.locale !== 'ru'
  );
}

function readIn(text: string, expected: Expected, lexicon: Lexicon): Reading {
  const reply = plain(text, lexicon.locale);
  const words = lexicon.correct(reply);
  const global = GLOBAL_WORDS.find((word) => word === 'stop' && lexicon.is(withoutCourtesy(words, lexicon), word));
  if (global !== undefined) return { kind: global };
  switch (expected.kind) {
    case 'confirmation':
      return readConfirmation(reply, words, expected, lexicon);
    case 'score':
      return readScore(reply, words, lexicon);
    case 'comment':
      return readWords(text, reply, words, lexicon);
    case 'reason':
      return readReason(text, reply, words, lexicon);
    case 'contact':
      return readContact(reply, words, lexicon);
    case 'yesNo':
      return readYesNo(reply, words, lexicon);
    case 'days':
    case 'slots':
    case 'list':
      return readList(reply, words, expected, lexicon);
    case 'none':
      return readNone(reply, words, lexicon);
    default:
      return expected satisfies never;
  }
}

function readConfirmation(
  reply: Plain,
  words: readonly Word[],
  expected: Extract<Expected, { kind: 'confirmation' }>,
  lexicon: Lexicon,
): Reading {
  const sign = signOf(reply, words);
  if (sign !== null) return sign === 'yes' ? { kind: 'confirm', question: false } : { kind: 'cancel' };
  const numbered = numberedChoice(reply, words, lexicon);
  if (numbered !== null) return numbered;
  const wants = intentsOf(reply, words, lexicon);
  const mentions = mentionsIn(reply.line, words, lexicon);
  const moment = expected.choosing === true ? null : compareWith(mentions, expected.visits, expected.today);
  if (wants.maybe || wants.conditional) return wants.move && !wants.conditional ? { kind: 'reschedule' } : UNCLEAR;
  if (wants.disputes) return wants.asks ? { kind: 'question' } : UNCLEAR;
  if (wants.instead) return wants.asks ? { kind: 'question' } : UNCLEAR;
  const goes = wants.confirm || wants.come || wants.keepsVisit || wants.keepsTime;
  if (wants.cancel && wants.move) return { kind: 'reschedule' };
  if (wants.cancel) return wants.confirm || wants.come || wants.keepsVisit ? UNCLEAR : { kind: 'cancel' };
  if (wants.move) return { kind: 'reschedule' };
  if (wants.unable) {
    if (goes) return UNCLEAR;
    return moment === 'other' ? { kind: 'reschedule' } : { kind: 'cancel' };
  }
  const elsewhere = moment === 'other' || moment === 'vague';
  if (wants.rather && !goes && (elsewhere || bareNumber(words, lexicon))) return { kind: 'reschedule' };
  if (wants.rather && moment !== 'same') return wants.asks ? { kind: 'question' } : UNCLEAR;
  if (moment === 'other') return wants.late && !wants.no ? { kind: 'confirm', question: true } : { kind: 'reschedule' };
  if (wants.trouble && !goes && !wants.late) return UNCLEAR;
  if (moment === 'vague' && !wants.late) return UNCLEAR;
  if (asksIfItStands(reply, words, wants)) return { kind: 'question' };
  if (goes || wants.late) return { kind: 'confirm', question: wants.late || wants.asks };
  if (wants.yes && wants.no) return UNCLEAR;
  if (wants.yes || wants.able) return wants.looseNot ? UNCLEAR : { kind: 'confirm', question: wants.asks };
  // "No, a 1 after all" is about a score.
  const counts = words.some((word) => /^\d+$/.test(word.text));
  if (wants.no) return wants.looseNot || wants.asks || (counts && moment === null) ? UNCLEAR : { kind: 'cancel' };
  if (wants.asks) return { kind: 'question' };
  if (moment === 'same') return wants.looseNot ? UNCLEAR : { kind: 'confirm', question: false };
  return thanksOr(UNCLEAR, wants);
}

/** "Everything as agreed?": an assent that is all of the question is none. "Yes, is there parking?" is one. */
function asksIfItStands(reply: Plain, words: readonly Word[], { late, strange, thanks }: Intents): boolean {
  const oneClause = words.every((word) => word.clause === words[0]?.clause);
  return /\?$/.test(reply.line) && oneClause && strange === 0 && !late && !thanks;
}

/** "Could we do 5 instead?" */
function bareNumber(words: readonly Word[], lexicon: Lexicon): boolean {
  return words.some((word) => numberOf(word.text, lexicon.data.numbers) !== null);
}

/** `1` confirm, `2` reschedule, `3` cancel, as the numbered lines of a channel without buttons say. */
function numberedChoice(reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading | null {
  const [only, ...rest] = words;
  if (only === undefined || rest.length > 0 || /[?]/.test(reply.line)) return null;
  const number = numberOf(only.text, lexicon.data.numbers);
  if (number === 1) return { kind: 'confirm', question: false };
  if (number === 2) return { kind: 'reschedule' };
  return number === 3 ? { kind: 'cancel' } : null;
}

function readScore(reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  const mark = markIn(reply, words, lexicon);
  if (mark !== null) return { kind: 'score', score: mark.score, words: mark.words };
  return thanksOr(UNCLEAR, intentsOf(reply, words, lexicon));
}

function readWords(text: string, reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  if (lexicon.is(words, 'skip') || /^[-–—.]$/.test(reply.line)) return { kind: 'skip' };
  if (lexicon.is(withoutCourtesy(words, lexicon), 'skip') || lexicon.is(withoutCourtesy(words, lexicon), 'no')) {
    return { kind: 'skip' };
  }
  if (words.length === 0 && reply.signs.no + reply.signs.star > 0) return { kind: 'comment' };
  const wants = intentsOf(reply, words, lexicon);
  if (words.length > 0 && onlyTags(words, ['thanks', 'greeting'], lexicon)) return thanksOr({ kind: 'comment' }, wants);
  return /[\p{L}\p{N}]/u.test(text) ? { kind: 'comment' } : thanksOr(UNCLEAR, wants);
}

/** Why a visit was cancelled: any words, unless they take the cancelling back or ask for another time. */
function readReason(text: string, reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  const wants = intentsOf(reply, words, lexicon);
  if (wants.move && wants.strange <= 1 && !wants.keepsTime) return { kind: 'reschedule' };
  if (wants.keepsVisit || wants.confirm || (wants.come && !wants.unable && wants.strange <= 3))
    return { kind: 'question' };
  return readWords(text, reply, words, lexicon);
}

function readContact(reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  const has = (tag: Tag) => lexicon.tag(words, [tag]).length > 0;
  const [call, write] = [has('call'), has('write')];
  if (!call && !write) return readYesNo(reply, words, lexicon);
  const refused = has('not') || has('no');
  if (refused) return write || has('yes') ? UNCLEAR : { kind: 'no' };
  if (reply.asks && !has('yes')) return { kind: 'question' };
  return has('maybe') || has('if') ? UNCLEAR : { kind: 'yes' };
}

function readYesNo(reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  const sign = signOf(reply, words);
  if (sign !== null) return { kind: sign };
  const numbers = words.length === 1 ? numberOf(words[0]?.text ?? '', lexicon.data.numbers) : null;
  if (numbers === 1) return { kind: 'yes' };
  if (numbers === 2) return { kind: 'no' };
  const wants = intentsOf(reply, words, lexicon);
  if (wants.maybe || wants.conditional) return UNCLEAR;
  const goes = lexicon.tag(words, ['go']).length > 0;
  const yes = wants.yes || wants.confirm || goes;
  if (yes && wants.no) return UNCLEAR;
  if (wants.no) return { kind: 'no' };
  if (yes) return wants.looseNot ? (negatedNeed(words, lexicon) ? { kind: 'no' } : UNCLEAR) : { kind: 'yes' };
  if (negatedNeed(words, lexicon)) return { kind: 'no' };
  return wants.asks ? { kind: 'question' } : thanksOr(UNCLEAR, wants);
}

function readList(
  reply: Plain,
  words: readonly Word[],
  expected: Extract<Expected, { kind: 'days' | 'slots' | 'list' }>,
  lexicon: Lexicon,
): Reading {
  const said = withoutCourtesy(words, lexicon);
  const asTitle = expected.titles.findIndex((title) => plain(title, lexicon.locale).line === reply.line);
  if (asTitle >= 0) return { kind: 'pick', index: asTitle };
  if (expected.kind === 'list' && lexicon.is(said, 'all')) return { kind: 'all' };
  const wayOut = wayOutOf(expected.kind, said, lexicon);
  if (wayOut !== null) return wayOut;
  const index = entryIn(reply, words, expected.titles, lexicon);
  if (index !== null) return { kind: 'pick', index };
  const wants = intentsOf(reply, words, lexicon);
  if (lexicon.is(said, 'no')) return { kind: 'no' };
  if (lexicon.is(said, 'yes')) return { kind: 'yes' };
  return wants.asks ? { kind: 'question' } : thanksOr(UNCLEAR, wants);
}

/** "Later", "back", "another": in this order among times, the other way round among days. */
function wayOutOf(kind: 'days' | 'slots' | 'list', said: readonly Word[], lexicon: Lexicon): Reading | null {
  const ways = kind === 'slots' ? (['back', 'later', 'other'] as const) : (['other', 'back', 'later'] as const);
  const way = ways.find((each) => lexicon.is(said, each));
  return way === undefined ? null : { kind: way };
}

function readNone(reply: Plain, words: readonly Word[], lexicon: Lexicon): Reading {
  const wants = intentsOf(reply, words, lexicon);
  const wish = wishIn(words, wants, lexicon);
  if (wish !== null) return { kind: wish };
  if (wants.thanks || onlyTags(words, ['greeting', 'thanks'], lexicon)) return thanksOr(UNCLEAR, wants);
  return wants.asks ? { kind: 'question' } : UNCLEAR;
}

/** Without a question a whole sentence may be a global word: "I would like to make an appointment with a dermatologist". */
function wishIn(words: readonly Word[], wants: Intents, lexicon: Lexicon): 'person' | 'book' | null {
  const asked = lexicon.tag(words, ['personWords', 'personAsk']);
  const covered = asked.reduce((sum, each) => sum + each.length, 0);
  if (covered === words.length && asked.some((each) => each.tag === 'personWords')) return 'person';
  if (wants.cancel || wants.move || wants.looseNot || wants.unable) return null;
  return lexicon.tag(words, ['bookAsk']).length > 0 && words.length <= LONGEST_WISH ? 'book' : null;
}

/** A message that is one sign: a thumb, a plus, a minus. */
function signOf(reply: Plain, words: readonly Word[]): 'yes' | 'no' | null {
  if (words.length > 0) return null;
  if (/^\++$/.test(reply.line)) return 'yes';
  if (/^[-–—]+$/.test(reply.line)) return 'no';
  const { yes, no } = reply.signs;
  if (yes > 0 && no === 0) return 'yes';
  return no > 0 && yes === 0 ? 'no' : null;
}

function thanksOr(reading: Reading, wants: Intents): Reading {
  return wants.thanks && wants.strange <= 1 ? { kind: 'thanks' } : reading;
}

function negatedNeed(words: readonly Word[], lexicon: Lexicon): boolean {
  const tagged = lexicon.tag(words, ['not', 'need', 'yes', 'filler']).filter((each) => each.tag !== 'filler');
  return tagged.some((each, at) => each.tag === 'not' && ['need', 'yes'].includes(tagged[at + 1]?.tag ?? ''));
}

function onlyTags(words: readonly Word[], tags: readonly Tag[], lexicon: Lexicon): boolean {
  const covered = lexicon.tag(words, [...tags, 'filler']).reduce((sum, each) => sum + each.length, 0);
  return words.length > 0 && covered === words.length;
}

/** The words without greeting, thanks and "please" around them. */
function withoutCourtesy(words: readonly Word[], lexicon: Lexicon): readonly Word[] {
  const polite = lexicon.tag(words, ['greeting', 'thanks', 'courtesy']);
  return words.filter((_, at) => !polite.some((each) => at >= each.at && at < each.at + each.length));
}

/** Nearly every word of the reply is known to that language: enough to trust it with a stranger's reply. */
function isSure(text: string, lexicon: Lexicon): boolean {
  const reply = plain(text, lexicon.locale);
  return intentsOf(reply, lexicon.correct(reply), lexicon).strange === 0;
}
