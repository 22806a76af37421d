import type { Lexicon, Tag, Tagged } from './lexicon.ts';
import type { Plain, Word } from './plain.ts';

/** What a reply wants of a visit, before it is weighed. */
export interface Intents {
  readonly yes: boolean;
  readonly no: boolean;
  readonly confirm: boolean;
  readonly come: boolean;
  readonly able: boolean;
  readonly unable: boolean;
  readonly cancel: boolean;
  readonly move: boolean;
  /** "I never cancelled", "you have not confirmed": about what was, not about what is to be; or words of two meanings. */
  readonly disputes: boolean;
  /** "Do not cancel", "no need to move". */
  readonly keepsVisit: boolean;
  readonly keepsTime: boolean;
  readonly late: boolean;
  /** "Better", "instead": a wish for something else. */
  readonly rather: boolean;
  /** Somebody else in the patient's place. */
  readonly instead: boolean;
  /** Illness and the like, from which nothing follows by itself. */
  readonly trouble: boolean;
  readonly maybe: boolean;
  readonly conditional: boolean;
  readonly thanks: boolean;
  readonly greets: boolean;
  readonly asks: boolean;
  /** A "not" that belongs to nothing we know. */
  readonly looseNot: boolean;
  /** Words that no list knows. */
  readonly strange: number;
}

const TAGS: readonly Tag[] = [
  'torn',
  'keeps',
  'maybe',
  'instead',
  'trouble',
  'greeting',
  'late',
  'yes',
  'move',
  'cancel',
  'unable',
  'confirm',
  'come',
  'able',
  'onTime',
  'rather',
  'if',
  'question',
  'not',
  'no',
  'thanks',
  'need',
  'filler',
];
const ACTIONS: readonly Tag[] = ['cancel', 'move', 'confirm', 'come', 'able', 'late'];
/** A negation reaches this many words ahead within its clause. */
const REACH = 4;
/** "Able to come": the second word adds nothing to the first within so many words. */
const NEAR = 4;

interface Act {
  readonly tag: Tag;
  readonly negated: boolean;
  readonly at: number;
  readonly clause: number;
}

/** Reads what a reply wants. Pure and blind to the question; `answers.ts` weighs it. */
export function intentsOf(reply: Plain, words: readonly Word[], lexicon: Lexicon): Intents {
  const tagged = lexicon.tag(words, TAGS);
  const acts = actsOf(tagged);
  const did = (tag: Tag, negated: boolean) => acts.some((act) => act.tag === tag && act.negated === negated);
  const has = (tag: Tag) => tagged.some((each) => each.tag === tag);
  const covered = tagged.reduce((sum, each) => sum + each.length, 0);
  const numbers = words.filter((word) => /^\d+$/.test(word.text)).length;
  return {
    yes: has('yes') || reply.signs.yes > 0,
    no: has('no') || reply.signs.no > 0,
    confirm: did('confirm', false),
    come: did('come', false),
    able: did('able', false),
    unable: did('able', true) || did('come', true) || has('unable'),
    cancel: did('cancel', false),
    move: did('move', false),
    disputes:
      acts.some((act) => act.negated && (act.tag === 'confirm' || isPast(words[act.at], lexicon))) || has('torn'),
    keepsVisit: did('cancel', true) || has('keeps'),
    keepsTime: did('move', true),
    late: did('late', false) || acts.some((act) => act.tag === 'onTime'),
    rather: has('rather'),
    instead: has('instead'),
    trouble: has('trouble'),
    maybe: has('maybe') || reply.signs.shrug > 0,
    conditional: has('if'),
    thanks: has('thanks') || reply.signs.thanks > 0,
    greets: has('greeting'),
    asks: reply.asks || tagged[0]?.tag === 'question' || questionAfterClause(tagged),
    looseNot: tagged.some((each, index) => each.tag === 'not' && !usedNot(each, tagged.slice(index + 1), tagged)),
    strange: words.length - covered - numbers,
  };
}

function actsOf(tagged: readonly Tagged[]): readonly Act[] {
  const acts: Act[] = [];
  let not: Tagged | null = null;
  tagged.forEach((each, index) => {
    if (each.tag === 'not') {
      not ??= each;
      return;
    }
    const before = acts.at(-1);
    if (
      each.tag === 'onTime' &&
      before?.negated === true &&
      before.clause === each.clause &&
      each.at - before.at <= 2
    ) {
      // "Will not come on time" is late, and comes.
      acts.splice(-1, 1, { ...before, tag: 'onTime', negated: false });
      return;
    }
    if (not !== null && (each.clause !== not.clause || each.at - not.at > REACH)) not = null;
    if (!ACTIONS.includes(each.tag)) return;
    const negated = not !== null || negatedBehind(each, tagged.slice(index + 1));
    not = null;
    const near = before?.clause === each.clause && each.at - before.at <= NEAR;
    const weak = each.tag === 'come' || each.tag === 'able' || each.tag === 'confirm';
    if (near && before.tag === 'able' && !negated) {
      if (weak) {
        // "I cannot confirm" says nothing of coming.
        if (each.tag === 'confirm' && before.negated) acts.splice(-1, 1, { ...before, tag: 'confirm' });
        return;
      }
      // "Can you move it": the wish is to move.
      if (!before.negated) acts.pop();
    }
    acts.push({ tag: each.tag, negated, at: each.at, clause: each.clause });
  });
  return acts;
}

function isPast(word: Word | undefined, lexicon: Lexicon): boolean {
  return word !== undefined && lexicon.is([word], 'past');
}

/** "Отменять не надо": a negation behind the word it belongs to. */
function negatedBehind(action: Tagged, rest: readonly Tagged[]): boolean {
  const not = rest.findIndex((each) => each.tag !== 'filler');
  return (
    rest[not]?.tag === 'not' &&
    rest[not].clause === action.clause &&
    rest[not].at - action.at - action.length <= 1 &&
    rest[not + 1]?.tag === 'need'
  );
}

function usedNot(not: Tagged, rest: readonly Tagged[], all: readonly Tagged[]): boolean {
  const ahead = rest.some(
    (each) => ACTIONS.includes(each.tag) && each.clause === not.clause && each.at - not.at <= REACH,
  );
  const behind = all.some((each) => ACTIONS.includes(each.tag) && negatedBehind(each, [not, ...rest]));
  return ahead || behind;
}

function questionAfterClause(tagged: readonly Tagged[]): boolean {
  return tagged.some((each, index) => each.tag === 'question' && tagged[index - 1]?.clause !== each.clause);
}
