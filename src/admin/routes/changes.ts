import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { AdminDependencies } from '../dependencies.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

const change = Joi.object({
  id: Joi.string(),
  type: Joi.string().valid('appointment', 'patient'),
  key: Joi.string(),
  change: Joi.string().valid('confirmed', 'cancelled', 'moved', 'booked', 'stopped', 'started', 'discount'),
  at: Joi.string(),
  by: Joi.string().valid('clinic', 'patient', 'staff'),
}).label('Change');

/** `GET /changes?after`: what chat or staff changed, for the clinic's system to fetch. */
export function changeRoutes({ stores }: Pick<AdminDependencies, 'stores'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/changes',
      group: 'clinic data',
      summary: 'What chat or staff changed, oldest first',
      query: Joi.object<PageQuery & { after?: string }>({
        ...pageQuery,
        after: Joi.string().max(64).description('the id of the last change that is known'),
      }),
      answers: { 200: listOf(change, 'changesList') },
      handle: async ({ query }) => {
        const page = await stores.changes.list(query.after ?? null, pageRequest(query));
        const items = page.items.map((item) => ({ ...item, at: presentInstant(item.at, null) }));
        return { status: 200, body: { items, next: page.next } };
      },
    }),
  ];
}
