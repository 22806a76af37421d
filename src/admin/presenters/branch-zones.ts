import type { BranchStore } from '../../core/branch.ts';

/** The zone of each branch by its key. */
export type BranchZones = ReadonlyMap<string, string>;

/** Reads the zones of all branches; clinics have few. */
export async function branchZones(branches: Pick<BranchStore, 'all'>): Promise<BranchZones> {
  return new Map((await branches.all()).map(({ id, timezone }) => [id, timezone]));
}

/** The zone of a branch, null where there is none to go by. */
export function zoneOf(zones: BranchZones, branch: string | null): string | null {
  return branch === null ? null : (zones.get(branch) ?? null);
}
