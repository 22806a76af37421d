import type { Branch } from '../../core/branch.ts';
import type { Content, Values } from '../../core/content.ts';
import type { Locale } from '../../core/locale.ts';
import type { StaffMember } from '../../core/staff.ts';
import type { AdminDependencies } from '../dependencies.ts';

/** What the commands need of the house. */
export type CommandDependencies = Pick<
  AdminDependencies,
  'stores' | 'cards' | 'why' | 'render' | 'hashToken' | 'takeCare' | 'poke'
>;

/** What the bot answers; `named` are the patients whose names stand in it, for it is erased with any of them. */
export interface CommandAnswer extends Content {
  readonly named?: readonly string[];
}

/** Who asks, when, in which language, and for which branches they may. */
export interface Asking {
  readonly member: StaffMember;
  readonly branches: readonly Branch[];
  readonly locale: Locale;
  readonly now: Date;
}

/** A reply of the bot to staff. */
export function say(key: string, values: Values = {}): Content {
  return { key: `admin.commands.${key}`, values };
}

/** Lines under one another, each rendered by itself, to be put into a sentence as a value. */
export function linesOf(
  { render }: Pick<CommandDependencies, 'render'>,
  locale: Locale,
  lines: readonly Content[],
): string {
  return lines.map((line) => render(line, locale).text).join('\n');
}

/** One word or name of the console's dictionary in the reader's language. */
export function word({ render }: Pick<CommandDependencies, 'render'>, locale: Locale, key: string): string {
  return render({ key, values: {} }, locale).text;
}
