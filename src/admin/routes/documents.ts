import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import type { ListedNoun, Noun } from '../clinic/noun.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery } from '../fields/page.ts';
import { defineRoute } from '../route.ts';

/** How a noun is called in paths, `branches` and `branch`. */
export interface Naming {
  readonly collection: string;
  readonly one: string;
}

const group = 'clinic data';

/** `PUT X/{key}` and `GET X/{key}` of a noun; `invalid` and `unknownReference` come from its own put. */
export function documentRoutes<Body>(
  { clock }: Pick<AdminDependencies, 'clock'>,
  { collection, one }: Naming,
  noun: Noun<Body>,
): readonly ServerRoute[] {
  const path = `/${collection}/{${one}}`;
  const params = Joi.object<Readonly<Record<string, string>>>({ [one]: key().required() });
  const keyOf = (given: Readonly<Record<string, string>>): string => given[one] ?? '';
  return [
    defineRoute({
      method: 'PUT',
      path,
      group,
      summary: `Store ${one === 'appointment' ? 'an' : 'a'} ${one}`,
      notes: 'Replaces the clinic’s fields; one left out takes its default. The same body again changes nothing.',
      params,
      body: noun.schema,
      answers: { 200: noun.answer, 201: noun.answer },
      errors: ['unknownReference', ...(one === 'patient' ? (['discountLocked', 'guardianChain'] as const) : [])],
      handle: async ({ params: given, body }) => {
        const { created, document } = await noun.put(keyOf(given), body, { at: clock.now(), quiet: false });
        return { status: created ? 201 : 200, body: document };
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: `The stored ${one}`,
      params,
      answers: { 200: noun.answer },
      errors: ['notFound'],
      handle: async ({ params: given }) => {
        const document = await noun.get(keyOf(given));
        if (document === null) throw new AppError('notFound', `There is no ${one} ${keyOf(given)}.`);
        return { status: 200, body: document };
      },
    }),
  ];
}

/** `GET X` of a noun with a plain list. */
export function listRoute<Body>({ collection }: Naming, noun: ListedNoun<Body>): ServerRoute {
  return defineRoute({
    method: 'GET',
    path: `/${collection}`,
    group,
    summary: `All ${collection}, by key`,
    query: Joi.object<PageQuery>(pageQuery),
    answers: { 200: listOf(noun.answer, `${collection}List`) },
    handle: async ({ query }) => ({ status: 200, body: await noun.list(query) }),
  });
}
