import type { Branch } from '../../core/branch.ts';
import type { Clock } from '../../core/clock.ts';
import type { Content } from '../../core/content.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { Sender } from '../../core/message.ts';
import type { StaffCommands, StaffMember } from '../../core/staff.ts';
import { throwKillSwitch } from '../kill-switch.ts';
import { type Asking, type CommandDependencies, say } from './answering.ts';
import { branchChoiceId, branchNamed, type Command, isOfBranch, parseChoice, parseCommand } from './command.ts';
import { tellBalance, tellSpend } from './money-commands.ts';
import { branchesOf, hasWholeClinic, mayCommand } from './permissions.ts';
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
    const content = await answer(asking, wish);
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
      },
    ]);
    return true;
  };

  async function askingOf(member: StaffMember): Promise<Asking> {
    const all = await stores.branches.all();
    const branches = branchesOf(member, all);
    return { member, branches, locale: branches[0]?.locale ?? all[0]?.locale ?? 'en', now: clock.now() };
  }

  async function answer(asking: Asking, { command, branchMark }: Wish): Promise<Content> {
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

  /** Finds the branch that is meant: the tapped one, the named one, the only one; else asks which. */
  async function inBranch(
    { branches }: Asking,
    command: Exclude<Command, { name: 'help' | 'pause' | 'resume' | 'why' }>,
    branchMark: string | null,
    run: (branch: Branch) => Promise<Content>,
  ): Promise<Content> {
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
    const choices = branches.map((branch) => ({
      id: branchChoiceId(command, markOf(branch)),
      key: null,
      title: branch.name,
    }));
    return { ...say('whichBranch'), choices };
  }

  /** Branch keys may be too long for a button. */
  function markOf({ id }: Branch): string {
    return deps.hashToken(id).slice(0, 7);
  }
}

interface Wish {
  readonly command: Command;
  readonly branchMark: string | null;
}

function wishOf({ from, body }: InboundMessage): Wish | null {
  if (from.channel !== 'telegram') return null;
  if (body.kind === 'choice') return parseChoice(body.choice);
  if (body.kind !== 'text') return null;
  const command = parseCommand(body.text);
  return command === null ? null : { command, branchMark: null };
}

const HELP = ['scenarios', 'on', 'off', 'spend', 'balance', 'why', 'pause', 'resume', 'help'] as const;

function help({ role }: StaffMember): Content {
  const [first = 'help', ...rest] = HELP.filter((command) => mayCommand(role, command));
  return { ...say(`help.${first}`), parts: rest.map((command) => say(`help.${command}`)) };
}
