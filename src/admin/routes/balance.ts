import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { invalid } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { amount } from '../fields/amount.ts';
import { key } from '../fields/key.ts';
import { line } from '../fields/text.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

const group = 'money';
const params = Joi.object<{ branch: string }>({ branch: key().required() });

const answer = Joi.object({
  balance: Joi.number().integer().required(),
  reserved: Joi.number().integer().required(),
  currency: Joi.string().required(),
}).label('Balance');

/** A branch's money: what it has, and topping it up. */
export function balanceRoutes({ stores, clock }: Pick<AdminDependencies, 'stores' | 'clock'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/branches/{branch}/balance',
      group,
      summary: 'Top-ups less spend, and what is held for messages under way',
      params,
      answers: { 200: answer },
      errors: ['notFound'],
      handle: async ({ params: given }) => {
        const { id, currency } = await requireBranch(stores, given.branch);
        return { status: 200, body: { ...(await stores.ledger.funds(id)), currency } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/branches/{branch}/balance/top-ups',
      group,
      summary: 'Add money; needs an Idempotency-Key header, the same key counts once',
      params,
      body: Joi.object<{ amount: number; note?: string }>({ amount: amount(1).required(), note: line(500) })
        .required()
        .label('TopUp'),
      answers: { 201: answer },
      errors: ['notFound', 'idempotencyMismatch'],
      handle: async ({ params: given, headers, body }) => {
        const idempotencyKey = readIdempotencyKey(headers['idempotency-key']);
        const { id, currency } = await requireBranch(stores, given.branch);
        const { funds } = await stores.ledger.topUp(id, body.amount, idempotencyKey, clock.now(), body.note);
        return { status: 201, body: { ...funds, currency } };
      },
    }),
  ];
}

function readIdempotencyKey(header: string | string[] | undefined): string {
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header))
    throw invalid('Idempotency-Key', 'is a required header of 1 to 200 visible characters');
  return header;
}
