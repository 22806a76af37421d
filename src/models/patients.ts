import { isDeepStrictEqual } from 'node:util';
import type { Connection, QueryFilter } from 'mongoose';
import type { ChangeStore } from '../core/change.ts';
import type { Log } from '../core/log.ts';
import type { Patient, PatientStore } from '../core/patient.ts';
import { pageOf } from './paging.ts';
import {
  bodyOf,
  discountChange,
  erasedPatient,
  mergedPatient,
  type PatientDocument,
  patientSchema,
  readPatient,
  refuseLockedDiscount,
} from './patient-document.ts';
import { LOST, untilWon } from './races.ts';
import { assignment, type Keyed } from './schema.ts';
import { createTelling, type Followers } from './telling.ts';
import { insertNew } from './upsert.ts';

/** Patients as the composition of the stores needs them. */
export interface PatientRecords extends PatientStore {
  /** Tells followers of every patient whose last change they have not heard of. */
  catchUp(): Promise<void>;
  /** Keys of those whose guardian this patient is. */
  wardsOf(patient: string): Promise<readonly string[]>;
  /** Which of these addresses are no number of two patients or more. */
  unshared(addresses: readonly string[]): Promise<readonly string[]>;
}

type Step = (stored: PatientDocument) => PatientDocument | null;

/** Patients. `eraseElsewhere` takes a patient's words and addresses out of every other collection. */
export function createPatientStore(
  connection: Connection,
  {
    changes,
    followers,
    eraseElsewhere,
    log,
  }: {
    changes: ChangeStore;
    followers: Followers;
    eraseElsewhere: (patient: Patient) => Promise<void>;
    log: Log;
  },
): PatientRecords {
  const model = connection.model<PatientDocument>('Patient', patientSchema);
  const find = (id: string) => model.findOne({ _id: id }).lean<PatientDocument>();
  const many = async (filter: QueryFilter<PatientDocument>) =>
    (await model.find(filter).sort({ _id: 1 }).lean<PatientDocument[]>()).map(readPatient);

  const tell = createTelling({
    what: 'patient',
    log,
    find,
    tellOnce: async (stored) => {
      const id = stored._id;
      for (const { unique, ...change } of stored.outgoing) {
        await changes.add({ type: 'patient', key: id, ...change }, unique);
      }
      const follower = followers.current();
      if (follower === null) return;
      await follower.patientChanged(id);
      await model.updateOne({ _id: id, rev: stored.rev }, { $unset: { unheard: 1 }, $set: { outgoing: [] } });
    },
  });

  const commit = async (
    seen: PatientDocument | null,
    next: PatientDocument,
  ): Promise<PatientDocument | typeof LOST> => {
    const marked = { ...next, rev: (seen?.rev ?? 0) + 1, unheard: true as const };
    if (seen !== null) {
      const written = await model.updateOne({ _id: next._id, rev: seen.rev }, assignment(patientSchema, marked));
      return written.matchedCount === 1 ? marked : LOST;
    }
    return (await insertNew(model, marked)) ? marked : LOST;
  };

  /** False where the patient is unknown or the step had nothing to change. */
  const change = async (id: string, step: Step): Promise<boolean> => {
    const changed = await untilWon(async () => {
      const stored = await find(id);
      const next = stored === null ? null : step(stored);
      if (stored === null || next === null) return null;
      return commit(stored, next);
    });
    if (changed !== null) await tell(id, changed);
    return changed !== null;
  };

  return {
    put: async (id, given, at, by) => {
      const result = await untilWon(async () => {
        const stored = await find(id);
        if (stored !== null) refuseLockedDiscount(stored, given, at);
        if (stored !== null && stored.erasedAt === undefined && isDeepStrictEqual(bodyOf(stored), bodyOf(given))) {
          return { put: stored, created: false };
        }
        const next = await commit(stored, mergedPatient(id, stored, given, { changedAt: at, changedBy: by }));
        return next === LOST ? LOST : { put: next, created: stored === null };
      });
      await tell(id, result.put);
      return { document: readPatient(result.put), created: result.created, applied: true };
    },
    get: async (id) => {
      const stored = await find(id);
      return stored === null ? null : readPatient(stored);
    },
    getMany: (ids) => many({ _id: { $in: ids } }),
    list: (page) => pageOf(model, { list: 'patients', by: '_id', direction: 1 }, {}, page, readPatient),
    byPhone: async (e164) => {
      const own = await many({ phones: e164 });
      const wards = await many({ guardian: { $in: own.map(({ id }) => id) } });
      const seen = new Set(own.map(({ id }) => id));
      return [...own, ...wards.filter(({ id }) => !seen.has(id))];
    },
    byBirthday: async (days, after, limit) => {
      const from = after === null ? {} : { _id: { $gt: after } };
      const filter = { birthDay: { $in: days, $exists: true }, ...from } as QueryFilter<PatientDocument>;
      return (await model.find(filter).sort({ _id: 1 }).limit(limit).lean<PatientDocument[]>()).map(readPatient);
    },
    setLocale: async (id, locale, at) => {
      await change(id, (stored) =>
        stored.chosenLocale === locale
          ? null
          : { ...stored, chosenLocale: locale, changedAt: at, changedBy: 'patient' },
      );
    },
    setChatConsent: async (id, consent, textVersion, at) => {
      await change(id, (stored) => ({
        ...stored,
        chatConsent: { ...stored.chatConsent, ...consent, textVersion, at },
        changedAt: at,
        changedBy: 'patient',
      }));
    },
    startDiscount: (id, discount, at) =>
      change(id, (stored) =>
        stored.discountYears.includes(discount.year)
          ? null
          : {
              ...stored,
              birthdayDiscount: discount,
              discountYears: [...stored.discountYears, discount.year],
              outgoing: [...stored.outgoing, discountChange(id, `${discount.year}:start`, at)],
            },
      ),
    endDiscount: async (id, year, at) => {
      await change(id, ({ birthdayDiscount, ...stored }) =>
        birthdayDiscount?.year === year
          ? { ...stored, outgoing: [...stored.outgoing, discountChange(id, `${year}:end`, at)] }
          : null,
      );
    },
    discountsOver: (now) => many({ 'birthdayDiscount.until': { $lte: now } }),
    nextDiscountEnd: async () => {
      const next = await model
        .findOne({ 'birthdayDiscount.until': { $exists: true } })
        .sort({ 'birthdayDiscount.until': 1 })
        .lean<PatientDocument>();
      return next?.birthdayDiscount?.until ?? null;
    },
    erase: async (id, at) => {
      const stored = await find(id);
      if (stored === null) return false;
      // Elsewhere first: after a crash the repeat still finds by what addresses to look.
      await eraseElsewhere(readPatient(stored));
      await change(id, (current) => erasedPatient(current, at));
      return true;
    },
    wardsOf: async (patient) => (await many({ guardian: patient })).map(({ id }) => id),
    unshared: async (addresses) => {
      const holders = await many({ phones: { $in: addresses } });
      return addresses.filter((address) => holders.filter(({ phones }) => phones.includes(address)).length < 2);
    },
    catchUp: async () => {
      for (const { _id } of await model.find({ unheard: true }).select({ _id: 1 }).lean<Keyed[]>()) await tell(_id);
    },
  };
}
