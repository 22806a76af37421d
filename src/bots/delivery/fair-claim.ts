import type { Message, OutboxStore } from '../../core/message.ts';

type Claim = OutboxStore['claim'];

/**
 * Claims due rows so that a branch with a flood of them does not keep the others waiting: while a claim comes back full, each
 * further one takes from the branches in turn. With nobody waiting it is the plain claim, in the order of the outbox.
 */
export function createFairClaim(deps: { claim: Claim; branches: () => Promise<readonly string[]> }): Claim {
  let crowded = false;
  let next = 0;

  const inTurn = async (query: Parameters<Claim>[0]): Promise<readonly Message[]> => {
    const branches = await deps.branches();
    const share = Math.max(1, Math.floor(query.limit / Math.max(1, branches.length)));
    const rows: Message[] = [];
    for (let asked = 0; asked < branches.length && rows.length < query.limit; asked += 1) {
      const branch = branches[next % branches.length];
      next += 1;
      if (branch === undefined) continue;
      rows.push(...(await deps.claim({ ...query, branch, limit: Math.min(share, query.limit - rows.length) })));
    }
    // What is left of the limit, and rows of no branch.
    if (rows.length < query.limit) rows.push(...(await deps.claim({ ...query, limit: query.limit - rows.length })));
    return rows;
  };

  return async (query) => {
    const rows = crowded ? await inTurn(query) : await deps.claim(query);
    crowded = rows.length === query.limit;
    return rows;
  };
}
