import type { Connection, QueryFilter } from 'mongoose';
import type { Appointment, AppointmentQuery, AppointmentStore } from '../core/appointment.ts';
import { applyStep, bookedVisit, mergePut } from '../core/appointment-merge.ts';
import type { ChangeStore } from '../core/change.ts';
import type { Log } from '../core/log.ts';
import type { BirthdayDiscount } from '../core/patient.ts';
import {
  type AppointmentDocument,
  appointmentSchema,
  briefOf,
  eventOf,
  heardOf,
  readAppointment,
} from './appointment-document.ts';
import { carryingDiscount } from './carried-discount.ts';
import type { OutgoingChange } from './changes.ts';
import { pageOf } from './paging.ts';
import { LOST, untilWon } from './races.ts';
import { assignment, type Keyed } from './schema.ts';
import { createTelling, type Followers } from './telling.ts';
import { insertNew } from './upsert.ts';

/** Appointments as the composition of the stores needs them. */
export interface AppointmentRecords extends AppointmentStore {
  /** Tells followers of every appointment whose last change they have not heard of. */
  catchUp(): Promise<void>;
  /** Erases what the appointments of a patient say of the person. */
  erasePatient(patient: string): Promise<void>;
}

type Filter = QueryFilter<AppointmentDocument>;

const MOST_BRIEFS = 500;

/**
 * Appointments. `discountOf` gives a patient's birthday discount; `vacated` is told of a committed change before the
 * followers are, so that a time that became free is offered again.
 */
export function createAppointmentStore(
  connection: Connection,
  {
    changes,
    followers,
    discountOf,
    vacated,
    log,
  }: {
    changes: ChangeStore;
    followers: Followers;
    discountOf: (patient: string) => Promise<BirthdayDiscount | null>;
    vacated: (stored: AppointmentDocument) => Promise<void>;
    log: Log;
  },
): AppointmentRecords {
  const model = connection.model<AppointmentDocument>('Appointment', appointmentSchema);
  const find = (id: string) => model.findOne({ _id: id }).lean<AppointmentDocument>();
  const findAll = (filter: Filter, order: Record<string, 1 | -1>, limit = 0) =>
    model
      .find({ ...filter, removedAt: null })
      .sort(order)
      .limit(limit)
      .lean<AppointmentDocument[]>();

  const heard = async (stored: AppointmentDocument) => {
    for (const { unique, ...change } of stored.outgoing) {
      await changes.add({ type: 'appointment', key: stored._id, ...change }, unique);
    }
    const told = heardOf(stored);
    const all = { $unset: { unheard: 1 }, $set: { outgoing: [], heard: told } } as const;
    const marked = await model.updateOne({ _id: stored._id, rev: stored.rev }, all);
    if (marked.matchedCount === 1) return;
    // Written to meanwhile: that is still to be told, but as what came after this.
    const older = { $or: [{ heard: null }, { 'heard.rev': { $lt: stored.rev } }] };
    await model.updateOne({ _id: stored._id, ...older }, { $set: { heard: told } });
  };

  const tell = createTelling({
    what: 'appointment',
    log,
    find,
    tellOnce: async (stored) => {
      await vacated(stored);
      const follower = followers.current();
      if (follower === null) return;
      await follower.appointmentChanged(eventOf(stored));
      await heard(stored);
    },
  });

  const commit = async (
    seen: AppointmentDocument | null,
    next: AppointmentDocument,
  ): Promise<AppointmentDocument | typeof LOST> => {
    if (seen !== null) {
      // A repeat of the clinic moves its own changedAt only, without a rev: so both are compared.
      const same = { _id: next._id, rev: seen.rev, 'clinic.changedAt': seen.clinic?.changedAt ?? null };
      const written = await model.updateOne(same, assignment(appointmentSchema, next, ['heard']));
      return written.matchedCount === 1 ? next : LOST;
    }
    return (await insertNew(model, next)) ? next : LOST;
  };

  /** Reads, changes and writes one that is there; null where it is gone, the stored one where there is nothing to change. */
  const change = async (
    id: string,
    changed: (stored: AppointmentDocument) => AppointmentDocument | null,
  ): Promise<AppointmentDocument | null> => {
    const result = await untilWon(async () => {
      const stored = await find(id);
      if (stored === null || stored.removedAt !== undefined) return null;
      const next = changed(stored);
      if (next === null) return stored;
      const { quietly: _over, ...loud } = next;
      return commit(stored, { ...loud, unheard: true });
    });
    if (result?.unheard === true) await tell(id, result);
    return result;
  };

  return {
    put: async (id, body, meta) => {
      const { written, ...answer } = await untilWon(async () => {
        const found = await find(id);
        const stored = found === null || found.removedAt !== undefined ? null : found;
        const visit = stored === null ? null : readAppointment(stored);
        const merged = mergePut(visit, { id, body, ...meta }, stored === null && found !== null ? found : undefined);
        const { outcome, next } = merged;
        if (found !== null && outcome === 'stale') return { written: found, created: false, applied: false };
        if (found !== null && outcome === 'same' && sameWord(found, next)) {
          return { written: found, created: false, applied: true };
        }
        const document: AppointmentDocument = {
          ...asDocument(next),
          ...(stored?.discountPromised && { discountPromised: stored.discountPromised }),
          heard: found?.heard ?? null,
          outgoing: outgoing(found, next, meta),
          ...((outcome !== 'same' || found?.unheard === true) && { unheard: true as const }),
          ...(meta.quiet && { quietly: true as const }),
        };
        const carrying =
          outcome === 'same' ? document : carryingDiscount(document, stored, await discountOf(next.patient), meta.at);
        const committed = await commit(found, carrying);
        return committed === LOST ? LOST : { written: committed, created: outcome === 'created', applied: true };
      });
      await tell(id, written);
      return { document: readAppointment(written), ...answer };
    },
    get: async (id) => {
      const stored = await find(id);
      return stored === null || stored.removedAt !== undefined ? null : readAppointment(stored);
    },
    getMany: async (ids) => (await findAll({ _id: { $in: ids } }, { _id: 1 })).map(readAppointment),
    list: (query, page) =>
      pageOf(model, { list: 'appointments', by: 'start', direction: 1 }, matching(query), page, readAppointment),
    remove: async (id, at) => {
      const removed = await change(id, (stored) => ({ ...stored, removedAt: at, rev: stored.rev + 1 }));
      return removed !== null;
    },
    step: async (id, step, meta) => {
      const stepped = await change(id, (stored) => {
        const applied = applyStep(readAppointment(stored), step, meta);
        if (applied === null) return null;
        const { next, change: kind } = applied;
        return { ...stored, ...asDocument(next), outgoing: [...stored.outgoing, ...news(next, kind, meta)] };
      });
      return stepped === null ? null : readAppointment(stepped);
    },
    book: async (visit, at) => {
      const next = bookedVisit(visit, at);
      const document: AppointmentDocument = {
        ...asDocument(next),
        ...(next.discount && { discountPromised: true }),
        heard: null,
        outgoing: news(next, 'booked', { at, by: 'patient' }),
        unheard: true,
      };
      const booked = await commit(null, carryingDiscount(document, null, await discountOf(next.patient), at));
      const stored = booked === LOST ? ((await find(visit.id)) ?? document) : booked;
      await tell(visit.id, stored);
      return readAppointment(stored);
    },
    briefsOfPatient: async (patient) => (await findAll({ patient }, { start: -1, _id: -1 }, MOST_BRIEFS)).map(briefOf),
    between: async (branch, from, to) =>
      (await findAll({ branch, start: { $gte: from, $lt: to } }, { start: 1, _id: 1 })).map(readAppointment),
    liveOfDoctors: async (doctors, from, to) => {
      const overlap: Filter = { doctor: { $in: doctors }, end: { $gt: from }, start: { $lt: to } };
      return (await findAll({ ...overlap, status: { $nin: ['cancelled', 'noShow'] } }, { start: 1 })).map(briefOf);
    },
    setDiscount: async (patient, discount, { from, until }) => {
      const open: Filter = {
        patient,
        start: { $gte: from, $lt: until },
        status: { $in: ['unconfirmed', 'confirmed'] },
      };
      for (const { _id } of await findAll(open, { start: 1 })) {
        await change(_id, ({ discount: carried, ...stored }) => {
          const same = carried?.percent === discount?.percent && carried?.year === discount?.year;
          if (stored.discountPromised === true || same) return null;
          return { ...stored, ...(discount && { discount }), rev: stored.rev + 1 };
        });
      }
    },
    unheard: async () => unheardIds(),
    heard: async (id, rev) => {
      const stored = await find(id);
      if (stored?.unheard === true && stored.rev <= rev) await heard(stored);
    },
    catchUp: async () => {
      for (const id of await unheardIds()) await tell(id);
    },
    erasePatient: async (patient) => {
      const words = { phone: 1, notes: 1, cancelReason: 1, 'clinic.phone': 1, 'clinic.notes': 1 } as const;
      await model.updateMany({ patient }, { $unset: words, $inc: { rev: 1 } });
    },
  };

  async function unheardIds(): Promise<readonly string[]> {
    const found = await model.find({ unheard: true }).select({ _id: 1 }).sort({ _id: 1 }).lean<Keyed[]>();
    return found.map(({ _id }) => _id);
  }
}

function asDocument({ id, ...fields }: Appointment): Omit<AppointmentDocument, 'heard' | 'outgoing'> {
  return { ...fields, _id: id };
}

/** The clinic repeats its last word, of the same moment. */
function sameWord(stored: AppointmentDocument, next: Appointment): boolean {
  return stored.clinic?.changedAt.getTime() === next.clinic?.changedAt.getTime();
}

/** A PUT says what staff did, too; the clinic's own word is no news to the clinic. */
function outgoing(
  stored: AppointmentDocument | null,
  next: Appointment,
  meta: { at: Date; by: OutgoingChange['by'] },
): readonly OutgoingChange[] {
  const kept = stored?.outgoing ?? [];
  if (meta.by === 'clinic') return kept;
  const kind = stored === null ? 'booked' : newsKind(stored, next);
  return [...kept, ...news(next, kind, meta)];
}

function newsKind(stored: AppointmentDocument, next: Appointment): OutgoingChange['change'] | null {
  if (stored.version !== next.version) return 'moved';
  if (stored.status === next.status) return null;
  return next.status === 'confirmed' || next.status === 'cancelled' ? next.status : null;
}

function news(
  next: Appointment,
  kind: OutgoingChange['change'] | null,
  { at, by }: { at: Date; by: OutgoingChange['by'] },
): readonly OutgoingChange[] {
  return kind === null ? [] : [{ change: kind, at, by, unique: `a:${next.id}:${next.rev}:${kind}` }];
}

function matching({ branch, patient, doctor, status, from, to }: AppointmentQuery): Filter {
  const start = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
  return {
    removedAt: null,
    ...(branch !== undefined && { branch }),
    ...(patient !== undefined && { patient }),
    ...(doctor !== undefined && { doctor }),
    ...(status !== undefined && { status }),
    ...((from ?? to) && { start }),
  };
}
