import type { Branch } from '../../core/branch.ts';
import type { Role, StaffMember } from '../../core/staff.ts';
import type { Command } from './command.ts';

const MAY: Readonly<Record<Command['name'], readonly Role[]>> = {
  help: ['owner', 'manager', 'reception', 'viewer', 'doctor', 'integration'],
  scenarios: ['owner', 'manager', 'reception', 'viewer'],
  why: ['owner', 'manager', 'reception', 'viewer'],
  reviews: ['owner', 'manager', 'reception', 'viewer'],
  today: ['owner', 'manager', 'reception', 'doctor'],
  tomorrow: ['owner', 'manager', 'reception', 'doctor'],
  day: ['owner', 'manager', 'reception', 'doctor'],
  week: ['owner', 'manager', 'reception', 'doctor'],
  spend: ['owner', 'manager', 'viewer'],
  balance: ['owner', 'manager', 'viewer'],
  on: ['owner', 'manager'],
  off: ['owner', 'manager'],
  pause: ['owner', 'manager'],
  resume: ['owner', 'manager'],
};

const MAY_TAKE_CARE: readonly Role[] = ['owner', 'manager', 'reception'];

/** Whether the role may say that somebody took care of a low score. */
export function mayTakeCare(role: Role): boolean {
  return MAY_TAKE_CARE.includes(role);
}

/** Whether the role may give this command at all; reception sees no money (spec: api.md, Auth). A doctor sees the own days only. */
export function mayCommand(role: Role, command: Command['name']): boolean {
  return MAY[command].includes(role);
}

/** What concerns the whole clinic (kill switch, birthday) is for those who have all of it. */
export function hasWholeClinic({ role, branches }: StaffMember): boolean {
  return role === 'owner' || branches.length === 0;
}

/** The branches that a member of staff looks after; an owner has all. */
export function branchesOf(member: StaffMember, all: readonly Branch[]): readonly Branch[] {
  return hasWholeClinic(member) ? all : all.filter(({ id }) => member.branches.includes(id));
}
