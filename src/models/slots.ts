import type { Connection, QueryFilter } from 'mongoose';
import type { VisitBrief } from '../core/appointment.ts';
import type { NewId } from '../core/clock.ts';
import type { Slot, SlotStore } from '../core/slot.ts';
import { type AppointmentDocument, isLive } from './appointment-document.ts';
import { collectionSchema, type Keyed } from './schema.ts';

interface SlotDocument extends Omit<Slot, 'id'>, Keyed {
  readonly taker?: string;
  /** Taken, and the clinic has given its times anew since: known to its taker only. */
  readonly retired?: true;
}

const schema = collectionSchema<SlotDocument>('slots', {
  branch: String,
  doctor: String,
  services: { type: [String], default: undefined },
  start: Date,
  end: Date,
  taker: String,
  retired: Boolean,
});
schema.index({ branch: 1, start: 1, _id: 1 });
schema.index({ doctor: 1, end: 1 });

/** Slots as the composition of the stores needs them. */
export interface SlotRecords extends SlotStore {
  /** Offers again what a visit held before it was moved, cancelled, missed or removed. Harmless to repeat. */
  vacated(visit: AppointmentDocument): Promise<void>;
}

type Filter = QueryFilter<SlotDocument>;

/** Free slots. `liveOfDoctors` names the visits that take a doctor's time; `given` is told that a branch gives slots. */
export function createSlotStore(
  connection: Connection,
  {
    liveOfDoctors,
    given,
    newId,
  }: {
    liveOfDoctors: (doctors: readonly string[], from: Date, to: Date) => Promise<readonly VisitBrief[]>;
    given: (branch: string, at: Date) => Promise<void>;
    newId: NewId;
  },
): SlotRecords {
  const model = connection.model<SlotDocument>('Slot', schema);
  const takings = new Map<string, Promise<unknown>>();

  const takeFree = async (slot: SlotDocument, taker: string): Promise<boolean> => {
    const { _id, doctor, start, end } = slot;
    if ((await liveOfDoctors([doctor], start, end)).length > 0) return false;
    const taken = await model.updateOne({ _id, taker: null }, { $set: { taker } });
    if (taken.matchedCount === 0) return false;
    // Another slot over the same time, taken in another process at this moment: neither is promised.
    const rival: Filter = { doctor, end: { $gt: start }, start: { $lt: end }, _id: { $ne: _id }, retired: null };
    const rivals = await model.find({ ...rival, taker: { $ne: null } }).lean<SlotDocument[]>();
    if (rivals.every((other) => other.taker === taker)) return true;
    await release(_id, taker);
    return false;
  };
  const release = async (slot: string, taker: string) => {
    await model.updateOne({ _id: slot, taker }, { $unset: { taker: 1 } });
  };

  return {
    replace: async (branch, range, slots, at) => {
      const inRange: Filter = { branch, start: { $gte: range.from, $lt: range.to } };
      const stored = slots.map((slot) => ({ ...slot, branch, _id: newId() }));
      await model.updateMany({ ...inRange, taker: { $ne: null } }, { $set: { retired: true } });
      await model.deleteMany({ ...inRange, taker: null });
      if (stored.length > 0) await model.insertMany(stored, { lean: true });
      await given(branch, at);
      return stored.length;
    },
    free: async (branch, { from, to }) => {
      const open = await model
        .find({ branch, start: { $gte: from, $lt: to }, taker: null })
        .sort({ start: 1, _id: 1 })
        .lean<SlotDocument[]>();
      const ends = open.map(({ end }) => end.getTime());
      if (ends.length === 0) return [];
      const doctors = [...new Set(open.map(({ doctor }) => doctor))];
      const busy = await liveOfDoctors(doctors, from, new Date(Math.max(...ends)));
      const busyOf = new Map(doctors.map((doctor) => [doctor, busy.filter((visit) => visit.doctor === doctor)]));
      return open.filter((slot) => !busyOf.get(slot.doctor)?.some((visit) => overlap(slot, visit))).map(read);
    },
    take: async (id, taker) => {
      const slot = await model.findOne({ _id: id }).lean<SlotDocument>();
      if (slot === null) return false;
      if (slot.taker !== undefined) return slot.taker === taker;
      // One taking at a time for a doctor: slots may overlap, and one of two takers is to have it.
      const before = takings.get(slot.doctor) ?? Promise.resolve();
      const taking = before.catch(() => null).then(() => takeFree(slot, taker));
      takings.set(slot.doctor, taking);
      try {
        return (await taking) || (await model.exists({ _id: id, taker })) !== null;
      } finally {
        if (takings.get(slot.doctor) === taking) takings.delete(slot.doctor);
      }
    },
    release,
    vacated: async (visit) => {
      const { heard } = visit;
      if (heard === null || heard.removed || heard.status === 'cancelled' || heard.status === 'noShow') return;
      const times: Filter = { doctor: heard.doctor, end: { $gt: heard.start }, start: { $lt: heard.end } };
      const taken = await model.find({ ...times, taker: { $ne: null } }).lean<SlotDocument[]>();
      const still = isLive(visit) ? visit : null;
      const free = taken.filter((slot) => still?.doctor !== slot.doctor || !overlap(slot, still));
      if (free.length === 0) return;
      await model.updateMany({ _id: { $in: free.map(({ _id }) => _id) }, retired: null }, { $unset: { taker: 1 } });
    },
  };
}

function overlap(one: { start: Date; end: Date }, other: { start: Date; end: Date }): boolean {
  return one.start < other.end && one.end > other.start;
}

function read({ _id, branch, doctor, services, start, end }: SlotDocument): Slot {
  return { id: _id, branch, doctor, start, end, ...(services !== undefined && { services }) };
}
