import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Expected, type Reading, readAnswer } from '../src/conversations/answers.ts';
import type { Locale } from '../src/core/locale.ts';

/** A reply of the set, written by somebody who has not seen the matcher. */
export interface SetReply {
  readonly id: string;
  readonly question: {
    readonly kind: Expected['kind'];
    readonly visitAt?: string;
    readonly titles?: readonly string[];
  };
  readonly reply: string;
  readonly reading: string;
  /** Further readings that are right. */
  readonly accept?: readonly string[];
  /** Readings that would do harm. */
  readonly never?: readonly string[];
}

export interface Measured {
  readonly item: SetReply;
  readonly got: string;
  readonly right: boolean;
  /** Something would have been done that the patient did not ask for. */
  readonly wrongAction: boolean;
  /** Never looked at while the reading was tuned. */
  readonly unseen: boolean;
}

/** Readings that do nothing that could be wrong: they ask, listen or keep silent. */
const HARMLESS = ['unclear', 'question', 'thanks', 'comment', 'skip', 'help', 'person', 'later', 'back', 'other'];
const DAY_MS = 86_400_000;

/** Reads every reply of a locale's set and compares. */
export function measure(locale: Locale): readonly Measured[] {
  const file = fileURLToPath(new URL(`../test/fixtures/replies/${locale}.json`, import.meta.url));
  return (JSON.parse(readFileSync(file, 'utf8')) as readonly SetReply[]).map((item) => {
    const got = nameOf(readAnswer(item.reply, expectedOf(item.question), locale));
    const right = got === item.reading || (item.accept?.includes(got) ?? false);
    const wrongAction = !right && (!HARMLESS.includes(got) || (item.never?.includes(got) ?? false));
    return { item, got, right, wrongAction, unseen: isUnseen(item.id) };
  });
}

/** A third of the items, by a hash of their id. */
export function isUnseen(id: string): boolean {
  let hash = 2_166_136_261;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return (hash >>> 8) % 3 === 0;
}

function expectedOf({ kind, visitAt = '', titles = [] }: SetReply['question']): Expected {
  switch (kind) {
    case 'confirmation': {
      const [day = '', time = ''] = visitAt.split('T');
      // Asked the day before, as the scenario does.
      const today = new Date(Date.parse(`${day}T12:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
      return { kind, visits: [{ day, time }], today };
    }
    case 'days':
    case 'slots':
    case 'list':
      return { kind, titles };
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

function nameOf(reading: Reading): string {
  if (reading.kind === 'confirm') return reading.question ? 'confirm+question' : 'confirm';
  if (reading.kind === 'score') return `score:${reading.score}`;
  return reading.kind === 'pick' ? `pick:${reading.index + 1}` : reading.kind;
}
