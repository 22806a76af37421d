import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Branch } from '../../core/branch.ts';
import { AppError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import type { Task } from '../../core/task.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

const group = 'answers';

const answer = Joi.object({
  id: Joi.string().required(),
  kind: Joi.string().required(),
  patient: Joi.string().allow(null).required(),
  branch: Joi.string().allow(null).required(),
  appointment: Joi.string(),
  text: Joi.string().required(),
  createdAt: Joi.string().required(),
  done: Joi.boolean().required(),
}).label('Task');

/** What reception is to do. */
export function taskRoutes({ stores, render }: Pick<AdminDependencies, 'stores' | 'render'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/tasks',
      group,
      summary: 'What reception is to do, newest first',
      query: Joi.object<PageQuery & { branch?: string; done?: boolean }>({
        ...pageQuery,
        branch: key(),
        done: Joi.boolean(),
      }),
      answers: { 200: listOf(answer, 'tasksList') },
      handle: async ({ query: { cursor, limit, ...wanted }, locale }) => {
        const request = pageRequest({ limit, ...(cursor !== undefined && { cursor }) });
        const page = await stores.tasks.list(wanted, request);
        const branches = await stores.branches.all();
        return {
          status: 200,
          body: { items: page.items.map((task) => present(task, branches, locale)), next: page.next },
        };
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/tasks/{task}',
      group,
      summary: 'Mark a task done, or not',
      params: Joi.object<{ task: string }>({ task: key().required() }),
      body: Joi.object<{ done: boolean }>({ done: Joi.boolean().required() }).required().label('TaskChange'),
      answers: { 200: answer },
      errors: ['notFound'],
      handle: async ({ params, body, locale }) => {
        const task = await stores.tasks.setDone(params.task, body.done);
        if (task === null) throw new AppError('notFound', `There is no task ${params.task}.`);
        return { status: 200, body: present(task, await stores.branches.all(), locale) };
      },
    }),
  ];

  function present(task: Task, branches: readonly Branch[], reader: Locale | null): object {
    const branch = branches.find(({ id }) => id === task.branch) ?? null;
    const locale = reader ?? branch?.locale ?? branches[0]?.locale ?? 'en';
    return {
      id: task.id,
      kind: task.kind,
      patient: task.patient,
      branch: task.branch,
      appointment: task.appointment,
      text: render(task.content, locale).text,
      createdAt: presentInstant(task.createdAt, branch?.timezone ?? null),
      done: task.done,
    };
  }
}
