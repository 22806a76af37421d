import type { AuthCredentials, Request, ResponseObject, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi, { type ObjectSchema, type Schema } from 'joi';
import type { ErrorCode } from '../core/errors.ts';
import { type Locale, parseLocale } from '../core/locale.ts';
import { errorResponses } from './fields/error-answer.ts';
import { type BodyRules, UNREAD } from './plugins/body.ts';
import { header } from './plugins/header.ts';

/** A status and what goes with it; nothing for 204. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** What a handler gets: everything checked, nothing of the web framework. */
interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Who asks: the name that goes with the token. */
  readonly by: string;
  /** The reader's language, where the request names one of ours. */
  readonly locale: Locale | null;
}

type Nothing = Readonly<Record<never, never>>;

export interface RouteSpec<P, Q, B> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly notes?: string;
  readonly params?: ObjectSchema<P>;
  readonly query?: ObjectSchema<Q>;
  readonly body?: Schema<B>;
  /** Elements that one array of the body may have; 200 unless told. */
  readonly maxItems?: number;
  /** What it answers, by status; null for an empty answer. */
  readonly answers: Readonly<Record<number, Schema | null>>;
  /** Codes that it refuses with beside the usual ones. */
  readonly errors?: readonly ErrorCode[];
  handle(call: Call<P, Q, B>): Promise<Answer>;
}

const nothing = Joi.object({}).label('Nothing');

/** Makes a hapi route of a description: one schema each for the check and for the documentation. */
export function defineRoute<P = Nothing, Q = Nothing, B = null>(spec: RouteSpec<P, Q, B>): ServerRoute {
  const reads = spec.method === 'GET';
  const errors: readonly ErrorCode[] = ['invalid', 'unauthorized', ...(spec.errors ?? [])];
  return {
    method: spec.method,
    path: `/api/v1${spec.path}`,
    options: {
      description: spec.summary,
      ...(spec.notes !== undefined && { notes: spec.notes }),
      tags: ['api', spec.group],
      ...(!reads && { app: { maxItems: spec.maxItems ?? 200 } satisfies BodyRules }),
      validate: {
        ...(spec.path.includes('{') && { params: spec.params ?? nothing }),
        query: (spec.query ?? nothing).prefs({ convert: true }),
        ...(!reads && { payload: spec.body ?? nothing.allow(null) }),
      },
      ...(!reads && {
        payload: UNREAD,
      }),
      response: { status: statusSchemas(spec.answers) },
      plugins: { 'hapi-swagger': { responses: { ...emptyAnswers(spec.answers), ...errorResponses(errors) } } },
      handler: async (request, h) => {
        const answer = await spec.handle({
          params: request.params as P,
          query: request.query as Q,
          body: request.payload as B,
          headers: request.headers as Call<P, Q, B>['headers'],
          by: nameOf(request.auth.credentials),
          locale: readerLocale(request),
        });
        return respond(h, answer);
      },
    },
  };
}

function statusSchemas(answers: RouteSpec<unknown, unknown, unknown>['answers']): Record<number, Schema> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([status, schema]) => (schema === null ? [] : [[status, schema]])),
  );
}

function emptyAnswers(answers: RouteSpec<unknown, unknown, unknown>['answers']): Record<number, object> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([status, schema]) => (schema === null ? [[status, { description: 'Done' }]] : [])),
  );
}

function respond(h: ResponseToolkit, { status, body }: Answer): ResponseObject {
  return status === 204 ? h.response().code(204) : h.response(body as object).code(status);
}

function readerLocale(request: Request): Locale | null {
  const wanted = header(request, 'accept-language').split(',');
  for (const part of wanted) {
    const locale = parseLocale((part.split(';')[0] ?? '').trim());
    if (locale !== null) return locale;
  }
  return null;
}

function nameOf(credentials: AuthCredentials): string {
  const user: object = credentials.user ?? {};
  return 'name' in user && typeof user.name === 'string' ? user.name : '';
}
