import { DateTime } from 'luxon';
import type { Branch } from '../../core/branch.ts';
import type { Content } from '../../core/content.ts';
import { amountWords } from './amount-words.ts';
import { type Asking, type CommandDependencies, linesOf, say, word } from './answering.ts';
import type { Period } from './command.ts';

/** `/spend`: what a branch's messages cost in a period, by scenario. */
export async function tellSpend(
  deps: CommandDependencies,
  { locale, now }: Asking,
  branch: Branch,
  period: Period,
): Promise<Content> {
  const from = startOf(period, now, branch.timezone);
  const query = { branches: [branch.id], ...(from !== null && { from }) };
  const { total, groups } = await deps.stores.ledger.spend(query, 'scenario');
  const money = (minor: number): string => amountWords(minor, branch.currency, locale);
  const lines = groups.map(({ key, messages, amount }) =>
    say('spendLine', { name: word(deps, locale, `console.scenario.${key}`), count: messages, amount: money(amount) }),
  );
  return say(lines.length === 0 ? 'nothingSpent' : 'spend', {
    branch: branch.name,
    period: word(deps, locale, `admin.commands.period.${period}`),
    total: money(total),
    lines: linesOf(deps, locale, lines),
  });
}

/** `/balance`: what a branch has left, and what of it is held for messages under way. */
export async function tellBalance(deps: CommandDependencies, { locale }: Asking, branch: Branch): Promise<Content> {
  const { balance, reserved } = await deps.stores.ledger.funds(branch.id);
  return say('balance', {
    branch: branch.name,
    balance: amountWords(balance, branch.currency, locale),
    reserved: amountWords(reserved, branch.currency, locale),
  });
}

function startOf(period: Period, now: Date, zone: string): Date | null {
  if (period === 'all') return null;
  return DateTime.fromJSDate(now, { zone })
    .startOf(period === 'today' ? 'day' : period)
    .toJSDate();
}
