import type { Branch } from '../../core/branch.ts';
import { type Clock, DAY_MS } from '../../core/clock.ts';
import type { Choice, Content } from '../../core/content.ts';
import { localDay } from '../../core/day-choices.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { Sender } from '../../core/message.ts';
import type { StaffCommands, StaffMember } from '../../core/staff.ts';
import { throwKillSwitch } from '../kill-switch.ts';
import { type Asking, type CommandAnswer, type CommandDependencies, say } from './answering.ts';
import { branchChoiceId, branchNamed, type Command, isOfBranch, parseChoice, parseCommand } from './command.ts';
import { tellDays } from './day-command.ts';
import { dayMeant } from './day-words.ts';
import { tellBalance, tellSpend } from './money-commands.ts';
import { branchesOf, hasWholeClinic, mayCommand } from './permissions.ts';
import { takeCareOf, tellReviews, tellScores } from './reviews-command.ts';
import { listScenarios, switchScenario } from './scenario-commands.ts';
import { tellWhy } from './why-command.ts';

export interface StaffCommandDependencies extends CommandDependencies {
  readonly sender: Pick<Sender, 'enqueue'>;
  readonly clock: Clock;
}

/**
 * Bot commands of linked staff in Telegram (spec: conversations.md, Staff). Anything else in their chats is left to the
 * conversations, and nobody but linked staff has commands at all. A repeated message makes no second reply.
 */
export function createStaffCommands(deps: StaffCommandDependencies): StaffCommands {
  const { stores, sender, clock } = deps;
  return async (message) => {
    const wish = wishOf(message);
    if (wish === null) return false;
    const member = await stores.staff.byChat(message.from);
    if (member === null) return false;
    const asking = await askingOf(member);
    const answered = 'survey' in wish ? await takeCare(asking, wish) : await answer(asking, wish);
    if (answered === null) return false;
    const { named, ...content } = answered;
    await sender.enqueue([
      {
        key: `staff:${message.from.channel}:${message.id}`,
        kind: 'staff',
        patient: null,
        branch: null,
        dueAt: asking.now,
        channel: message.from.channel,
        to: message.from.address,
        locale: asking.locale,
        content,
        ...(named !== undefined && { named }),
      },
    ]);
    return true;
  };

  /** Under the answer to `/reviews`. The same button under an alert is heard where alerts are made. */
  async function takeCare(
    asking: Asking,
    { survey, under }: Exclude<Wish, CommandWish>,
  ): Promise<CommandAnswer | null> {
    const shown = under === null ? null : await stores.outbox.get(under);
    return shown?.kind === 'staff' ? takeCareOf(deps, asking, survey) : null;
  }

  async function askingOf(member: StaffMember): Promise<Asking> {
    const all = await stores.branches.all();
    const branches = branchesOf(member, all);
    return { member, branches, locale: branches[0]?.locale ?? all[0]?.locale ?? 'en', now: clock.now() };
  }

  async function answer(asking: Asking, { command, branchMark }: CommandWish): Promise<CommandAnswer> {
    const { member } = asking;
    if (!mayCommand(member.role, command.name)) return say('forbidden');
    switch (command.name) {
      case 'help':
        return help(member);
      case 'why':
        return command.phone === '' ? say('whyPhone') : tellWhy(deps, asking, command.phone);
      case 'pause':
      case 'resume': {
        if (!hasWholeClinic(member)) return say('forbidden');
        await throwKillSwitch(deps, command.name === 'pause', asking.now);
        return say(command.name === 'pause' ? 'paused' : 'resumed');
      }
      case 'on':
      case 'off': {
        const { scenario } = command;
        const enabled = command.name === 'on';
        if (scenario === null) return say('whichScenario', { command: command.name });
        if (isOfBranch(scenario))
          return inBranch(asking, command, branchMark, (branch) =>
            switchScenario(deps, asking, scenario, branch, enabled),
          );
        return hasWholeClinic(member) ? switchScenario(deps, asking, scenario, null, enabled) : say('forbidden');
      }
      case 'today':
      case 'tomorrow':
      case 'day':
      case 'week':
        return tellAgenda(asking, command, branchMark);
      case 'reviews': {
        const all = command.branch === null && branchMark === null && asking.branches.length > 1;
        return all
          ? { ...(await tellScores(deps, asking)), choices: branchChoices(asking, command) }
          : inBranch(asking, command, branchMark, (branch) => tellReviews(deps, asking, branch));
      }
      case 'scenarios':
        return inBranch(asking, command, branchMark, (branch) => listScenarios(deps, asking, branch));
      case 'balance':
        return inBranch(asking, command, branchMark, (branch) => tellBalance(deps, asking, branch));
      case 'spend':
        return inBranch(asking, command, branchMark, (branch) =>
          tellSpend(deps, asking, branch, command.period ?? 'month'),
        );
    }
  }

  /** A doctor's own days; for the others those of a branch. */
  async function tellAgenda(asking: Asking, command: DaysCommand, branchMark: string | null): Promise<CommandAnswer> {
    const { member, branches, now } = asking;
    const { doctor, role } = member;
    if (role === 'doctor' && doctor === undefined) return say('noDoctor');
    const zone = branches[0]?.timezone ?? 'UTC';
    const today = localDay(now, zone);
    const days = daysOf(command, today);
    if (days === null) return say('whichDay');
    const own = role === 'doctor' || (command.branch === null && branchMark === null);
    if (doctor !== undefined && own) return tellDays(deps, asking, { doctor }, days);
    // A button holds the day as it was meant, whenever it is tapped.
    const fixed = command.name === 'day' ? { ...command, day: days[0] ?? null } : command;
    return inBranch(asking, fixed, branchMark, (branch) => {
      const there = daysOf(fixed, localDay(now, branch.timezone));
      return tellDays(deps, asking, { branch }, there ?? days);
    });
  }

  /** Finds the branch that is meant: the tapped one, the named one, the only one; else asks which. */
  async function inBranch(
    asking: Asking,
    command: Exclude<Command, { name: 'help' | 'pause' | 'resume' | 'why' }>,
    branchMark: string | null,
    run: (branch: Branch) => Promise<CommandAnswer>,
  ): Promise<CommandAnswer> {
    const { branches } = asking;
    if (branchMark !== null) {
      const tapped = branches.find((branch) => markOf(branch) === branchMark);
      return tapped === undefined ? say('noBranch') : run(tapped);
    }
    if (command.branch !== null) {
      const named = branchNamed(branches, command.branch);
      return named === null ? say('noBranch') : run(named);
    }
    const [only, ...others] = branches;
    if (only === undefined) return say('noBranch');
    if (others.length === 0) return run(only);
    return { ...say('whichBranch'), choices: branchChoices(asking, command) };
  }

  function branchChoices({ branches }: Asking, command: Command): readonly Choice[] {
    return branches.map((branch) => ({
      id: branchChoiceId(command, markOf(branch)),
      key: null,
      title: branch.name,
    }));
  }

  /** Branch keys may be too long for a button. */
  function markOf({ id }: Branch): string {
    return deps.hashToken(id).slice(0, 7);
  }
}

interface CommandWish {
  readonly command: Command;
  readonly branchMark: string | null;
}

/** A command, or a tap on "taken care of" of a survey. */
type Wish = CommandWish | { readonly survey: string; readonly under: string | null };

type DaysCommand = Extract<Command, { name: 'today' | 'tomorrow' | 'day' | 'week' }>;

const CARE = 'care.';

function wishOf({ from, body }: InboundMessage): Wish | null {
  if (from.channel !== 'telegram') return null;
  if (body.kind === 'choice') {
    return body.choice.startsWith(CARE)
      ? { survey: body.choice.slice(CARE.length), under: body.message ?? null }
      : parseChoice(body.choice);
  }
  if (body.kind !== 'text') return null;
  const command = parseCommand(body.text);
  return command === null ? null : { command, branchMark: null };
}

/** The days that a command means, as `YYYY-MM-DD`; null where the day is missing or none. A week begins today. */
function daysOf(command: DaysCommand, today: string): readonly string[] | null {
  const after = (days: number): string => localDay(new Date(Date.parse(today) + days * DAY_MS), 'utc');
  switch (command.name) {
    case 'today':
      return [today];
    case 'tomorrow':
      return [after(1)];
    case 'week':
      return [0, 1, 2, 3, 4, 5, 6].map(after);
    case 'day': {
      const day = command.day === null ? null : dayMeant(command.day, today);
      return day === null ? null : [day];
    }
  }
}

const HELP = [
  ...(['today', 'tomorrow', 'day', 'week', 'reviews'] as const),
  ...(['scenarios', 'on', 'off', 'spend', 'balance', 'why', 'pause', 'resume', 'help'] as const),
];

function help({ role }: StaffMember): Content {
  const [first = 'help', ...rest] = HELP.filter((command) => mayCommand(role, command));
  return { ...say(`help.${first}`), parts: rest.map((command) => say(`help.${command}`)) };
}
