import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Branch } from '../../core/branch.ts';
import { AppError } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

interface SpendQueryInput {
  readonly branch?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly groupBy: 'scenario' | 'channel' | 'branch' | 'day';
}

const answer = Joi.object({
  currency: Joi.string().allow(null).required(),
  total: Joi.number().integer().required(),
  reserved: Joi.number().integer().required(),
  groups: Joi.array()
    .items(
      Joi.object({
        key: Joi.string().required(),
        messages: Joi.number().integer().required(),
        amount: Joi.number().integer().required(),
      }).label('SpendGroup'),
    )
    .required(),
}).label('Spend');

/** `GET /spend`: what messages cost, equal to the ledger to the minor unit. */
export function spendRoutes({ stores }: Pick<AdminDependencies, 'stores'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/spend',
      group: 'money',
      summary: 'What messages cost',
      query: Joi.object<SpendQueryInput>({
        branch: key(),
        from: instant(),
        to: instant(),
        groupBy: Joi.string().valid('scenario', 'channel', 'branch', 'day').default('scenario'),
      }),
      answers: { 200: answer },
      errors: ['notFound', 'severalCurrencies'],
      handle: async ({ query: { branch, groupBy, from, to } }) => {
        const branches = branch === undefined ? await stores.branches.all() : [await requireBranch(stores, branch)];
        const currency = oneCurrency(branches);
        const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        const spend = await stores.ledger.spend({ branches: branches.map(({ id }) => id), ...range }, groupBy);
        return { status: 200, body: { currency, ...spend } };
      },
    }),
  ];
}

/** Null where there is no branch yet. */
function oneCurrency(branches: readonly Branch[]): string | null {
  const currencies = [...new Set(branches.map(({ currency }) => currency))];
  if (currencies.length > 1)
    throw new AppError('severalCurrencies', 'Branches count in several currencies; name one branch.', { currencies });
  return currencies[0] ?? null;
}
