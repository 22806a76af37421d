import type { Branch } from '../../core/branch.ts';
import { AppError } from '../../core/errors.ts';
import type { Stores } from '../../core/stores.ts';

/** The branch that a path or a query names; throws `AppError('notFound')`. */
export async function requireBranch(stores: Pick<Stores, 'branches'>, key: string): Promise<Branch> {
  const branch = await stores.branches.get(key);
  if (branch === null) throw new AppError('notFound', `There is no branch ${key}.`);
  return branch;
}
