import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import { ROLES, type Role, type StaffMember } from '../../core/staff.ts';
import { type Reference, requireKnown } from '../clinic/references.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { line } from '../fields/text.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';
import { linkAnswer, makeTelegramLink } from '../telegram-link.ts';

interface StaffInput {
  readonly name: string;
  readonly role: Role;
  readonly branches: readonly string[];
  readonly doctor?: string;
}

const group = 'channels and people';

const input = Joi.object<StaffInput>({
  name: line().required(),
  role: Joi.string()
    .valid(...ROLES)
    .required(),
  branches: Joi.array().items(key()).unique().default([]).description('empty: all branches'),
  doctor: key(),
})
  .required()
  .label('NewStaffMember');

const answer = Joi.object({
  id: Joi.string().required(),
  name: Joi.string().required(),
  role: Joi.string().required(),
  branches: Joi.array().items(Joi.string()).required(),
  doctor: Joi.string(),
  createdAt: Joi.string().required(),
  linkedAt: Joi.string(),
}).label('StaffMember');

/** `POST|GET /staff`, `DELETE /staff/{id}`: who may command the bot. */
export function staffRoutes(
  deps: Pick<AdminDependencies, 'stores' | 'clock' | 'newId' | 'newToken' | 'hashToken' | 'botName'>,
): readonly ServerRoute[] {
  const { stores, clock, newId } = deps;
  return [
    defineRoute({
      method: 'POST',
      path: '/staff',
      group,
      summary: 'Add a member of staff; the answer holds the deep link for their Telegram',
      body: input,
      answers: { 201: Joi.object({ id: Joi.string().required(), ...linkAnswer }).label('StaffLink') },
      errors: ['unknownReference'],
      handle: async ({ body }) => {
        await requireKnown(stores, referencesOf(body));
        const id = newId();
        await stores.staff.add({ id, ...body, createdAt: clock.now() });
        return { status: 201, body: { id, ...(await makeTelegramLink(deps, 'staff', id)) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/staff',
      group,
      summary: 'Members of staff',
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: listOf(answer, 'staffList') },
      handle: async ({ query }) => {
        const page = await stores.staff.list(pageRequest(query));
        return { status: 200, body: { items: page.items.map(present), next: page.next } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/staff/{staff}',
      group,
      summary: 'Take a member of staff away; their chat is unlinked at once',
      params: Joi.object<{ staff: string }>({ staff: key().required() }),
      answers: { 204: null },
      errors: ['notFound'],
      handle: async ({ params: { staff } }) => {
        const member = await stores.staff.get(staff);
        if (member === null || !(await stores.staff.remove(staff)))
          throw new AppError('notFound', `There is no member of staff ${staff}.`);
        if (member.chat !== undefined) await stores.outbox.cancelStaff(member.chat, clock.now());
        return { status: 204 };
      },
    }),
  ];
}

function referencesOf({ branches, doctor }: StaffInput): readonly Reference[] {
  return [
    ...branches.map((branch, index): Reference => ({ to: 'branch', key: branch, path: `branches.${index}` })),
    ...(doctor === undefined ? [] : [{ to: 'doctor' as const, key: doctor, path: 'doctor' }]),
  ];
}

function present({ id, name, role, branches, doctor, createdAt, linkedAt }: StaffMember): object {
  return {
    id,
    name,
    role,
    branches,
    doctor,
    createdAt: presentInstant(createdAt, null),
    linkedAt: linkedAt && presentInstant(linkedAt, null),
  };
}
