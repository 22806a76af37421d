import type { Branch } from '../../core/branch.ts';
import { BRANCH_SCENARIOS, SCENARIOS, type ScenarioKey } from '../../core/scenario.ts';

export type Period = 'today' | 'week' | 'month' | 'all';

/** What a member of staff asks of the bot. `branch` is what stood behind the command, or null. */
export type Command =
  | { readonly name: 'help' | 'pause' | 'resume' }
  | { readonly name: 'scenarios' | 'balance' | 'reviews'; readonly branch: string | null }
  | { readonly name: 'today' | 'tomorrow' | 'week'; readonly branch: string | null }
  /** `day` as written, or `YYYY-MM-DD` of a tapped button; null: none was given. */
  | { readonly name: 'day'; readonly day: string | null; readonly branch: string | null }
  | { readonly name: 'on' | 'off'; readonly scenario: ScenarioKey | null; readonly branch: string | null }
  | { readonly name: 'spend'; readonly period: Period | null; readonly branch: string | null }
  | { readonly name: 'why'; readonly phone: string };

const SLASH = /^\/([a-z]+)(?:@[A-Za-z0-9_]+)?(?:\s+([\s\S]*))?$/i;
const TAPPED = /^cmd:([a-z]+):(?:([A-Za-z0-9-]+):)?([0-9a-f]{7})$/;

const PERIOD_WORDS: Readonly<Record<string, Period>> = {
  today: 'today',
  сегодня: 'today',
  oggi: 'today',
  week: 'week',
  неделя: 'week',
  settimana: 'week',
  month: 'month',
  месяц: 'month',
  mese: 'month',
  all: 'all',
  всё: 'all',
  все: 'all',
  tutto: 'all',
};

/** Reads a slash command; null for plain words and for `/start`, which links a chat. Unknown commands are a wish for help. */
export function parseCommand(text: string): Command | null {
  const found = SLASH.exec(text.trim());
  const name = found?.[1]?.toLowerCase();
  if (name === undefined || name === 'start') return null;
  const rest = (found?.[2] ?? '').trim();
  const [first = '', ...others] = rest.split(/\s+/);
  return read(name, rest, first, others.join(' '));
}

function read(name: string, rest: string, first: string, others: string): Command {
  switch (name) {
    case 'pause':
    case 'resume':
      return { name };
    case 'scenarios':
    case 'balance':
    case 'reviews':
    case 'today':
    case 'tomorrow':
    case 'week':
      return { name, branch: rest || null };
    case 'on':
    case 'off':
      return { name, scenario: scenarioOf(first), branch: others || null };
    case 'spend': {
      const period = PERIOD_WORDS[first.toLowerCase()] ?? null;
      return { name, period: period ?? 'month', branch: (period === null ? rest : others) || null };
    }
    case 'day':
      return { name, day: first || null, branch: others || null };
    case 'why':
      return { name, phone: rest };
    default:
      return { name: 'help' };
  }
}

function scenarioOf(word: string): ScenarioKey | null {
  return SCENARIOS.find((key) => key.toLowerCase() === word.toLowerCase()) ?? null;
}

/** The id of a button that repeats the command for one branch; at most 40 characters, so that every platform carries it. */
export function branchChoiceId(command: Command, branchMark: string): string {
  const middle = middleOf(command);
  return ['cmd', command.name, ...(middle === '' ? [] : [middle]), branchMark].join(':');
}

function middleOf(command: Command): string {
  if (command.name === 'spend') return command.period ?? 'month';
  if (command.name === 'on' || command.name === 'off') return command.scenario ?? '';
  return command.name === 'day' ? (command.day ?? '') : '';
}

/** Reads a tap on such a button: the command, and the mark of its branch. Null for anybody else's button. */
export function parseChoice(id: string): { readonly command: Command; readonly branchMark: string } | null {
  const [, name, middle = '', branchMark] = TAPPED.exec(id) ?? [];
  if (name === undefined || branchMark === undefined) return null;
  const command = read(name, middle, middle, '');
  return command.name === 'help' ? null : { command: { ...command, branch: null } as Command, branchMark };
}

/** What `/on` and `/off` know in a branch; the birthday is the clinic's. */
export function isOfBranch(scenario: ScenarioKey): boolean {
  return BRANCH_SCENARIOS.some((key) => key === scenario);
}

/** The branch that is meant by its key or its name, any case. */
export function branchNamed(branches: readonly Branch[], words: string): Branch | null {
  const wanted = words.toLowerCase();
  return branches.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted) ?? null;
}
