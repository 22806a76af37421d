import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

const share = { working: Joi.number().integer().required(), total: Joi.number().integer().required() };

const answer = Joi.object({
  state: Joi.string().valid('working', 'notWorking', 'off').required(),
  ...share,
  share: Joi.number().required(),
  blocks: Joi.object({
    warming: Joi.object(share).required().label('BlockShare'),
    growth: Joi.object(share).required().label('BlockShare'),
  })
    .required()
    .label('Blocks'),
  outcomes: Joi.object().unknown().required().label('CountsByOutcome'),
  spend: Joi.number().integer().required(),
  branches: Joi.array()
    .items(
      Joi.object({
        branch: Joi.string(),
        ...share,
        share: Joi.number(),
        balance: Joi.number().integer(),
        currency: Joi.string(),
      }).label('BranchOverview'),
    )
    .required(),
}).label('Overview');

/** `GET /overview`: the share of scenarios that work, by block and by branch. */
export function overviewRoutes({
  stores,
  cards,
  clock,
}: Pick<AdminDependencies, 'stores' | 'cards' | 'clock'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/overview',
      group: 'scenarios',
      summary: 'How much of it works, and what came of it',
      query: Joi.object<{ branch?: string }>({ branch: key() }),
      answers: { 200: answer },
      errors: ['notFound'],
      handle: async ({ query: { branch } }) => {
        if (branch !== undefined) await requireBranch(stores, branch);
        return { status: 200, body: await cards.overview(clock.now(), branch) };
      },
    }),
  ];
}
