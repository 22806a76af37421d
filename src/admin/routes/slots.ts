import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { DAY_MS } from '../../core/clock.ts';
import { AppError, type Flaw, invalid } from '../../core/errors.ts';
import type { FreeSlotBody } from '../../core/slot.ts';
import { type Reference, requireKnown } from '../clinic/references.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageWhole } from '../fields/page.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

const MOST_SLOTS = 10_000;
const LONGEST_RANGE_MS = 400 * DAY_MS;
const path = '/branches/{branch}/slots';
const group = 'clinic data';
const params = Joi.object<{ branch: string }>({ branch: key().required() });

interface Range {
  readonly from: Date;
  readonly to: Date;
}

const range = { from: instant().required(), to: instant().required() };

const slot = Joi.object<FreeSlotBody>({
  doctor: key().required(),
  services: Joi.array().items(key()).max(50),
  start: instant().required(),
  end: instant().required(),
}).label('Slot');

const shownSlot = Joi.object({
  doctor: Joi.string(),
  services: Joi.array().items(Joi.string()),
  start: Joi.string(),
  end: Joi.string(),
}).label('FreeSlot');

/** `GET|PUT /branches/{branch}/slots?from&to`: the times that chats may offer. */
export function slotRoutes({ stores, clock }: Pick<AdminDependencies, 'stores' | 'clock'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'PUT',
      path,
      group,
      summary: 'Replace the free slots that start between from and to',
      params,
      query: Joi.object<Range>(range),
      body: Joi.array<FreeSlotBody[]>().items(slot).max(MOST_SLOTS).required().label('Slots'),
      maxItems: MOST_SLOTS,
      answers: { 200: Joi.object({ stored: Joi.number().integer().required() }).label('SlotsStored') },
      errors: ['notFound', 'unknownReference'],
      handle: async ({ params: { branch }, query, body }) => {
        requireRange(query);
        await requireBranch(stores, branch);
        requireSlots(body, query);
        await requireKnown(stores, body.flatMap(referencesOf));
        return { status: 200, body: { stored: await stores.slots.replace(branch, query, body, clock.now()) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'Free slots that start between from and to',
      params,
      query: Joi.object<Range & PageQuery>({ ...range, ...pageQuery }),
      answers: { 200: listOf(shownSlot, 'slotsList') },
      errors: ['notFound'],
      handle: async ({ params: { branch }, query }) => {
        requireRange(query);
        const { timezone } = await requireBranch(stores, branch);
        const free = await stores.slots.free(branch, { from: query.from, to: query.to });
        const page = pageWhole(free, query);
        const items = page.items.map(({ doctor, services, start, end }) => ({
          doctor,
          services,
          start: presentInstant(start, timezone),
          end: presentInstant(end, timezone),
        }));
        return { status: 200, body: { items, next: page.next } };
      },
    }),
  ];
}

function requireRange({ from, to }: Range): void {
  const lengthMs = to.getTime() - from.getTime();
  if (lengthMs <= 0) throw invalid('to', 'must be after from');
  if (lengthMs > LONGEST_RANGE_MS) throw invalid('to', 'must be within 400 days of from');
}

function requireSlots(slots: readonly FreeSlotBody[], { from, to }: Range): void {
  const flaws = slots.flatMap(({ start, end }, index): readonly Flaw[] => {
    if (end <= start) return [{ path: `${index}.end`, message: 'must be after start' }];
    if (end.getTime() - start.getTime() > DAY_MS)
      return [{ path: `${index}.end`, message: 'must be within 24 hours of start' }];
    return start < from || start >= to ? [{ path: `${index}.start`, message: 'must lie between from and to' }] : [];
  });
  const shown = flaws.slice(0, 20);
  if (shown.length > 0)
    throw new AppError('invalid', shown.map(({ path: at, message }) => `${at}: ${message}`).join('; '), shown);
}

function referencesOf({ doctor, services = [] }: FreeSlotBody, index: number): readonly Reference[] {
  return [
    { to: 'doctor', key: doctor, path: `${index}.doctor` },
    ...services.map((service, at): Reference => ({ to: 'service', key: service, path: `${index}.services.${at}` })),
  ];
}
