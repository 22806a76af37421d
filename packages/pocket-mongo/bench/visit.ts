import { type Collection, ObjectId } from 'mongodb';

/** A document of about 400 bytes, like those that the service keeps most of. */
export interface Visit {
  _id: ObjectId;
  key: string;
  state: 'free' | 'taken';
  at: Date;
  clinic: number;
  patient: string;
  text: string;
}

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const LOADED_AT_ONCE = 1_000;

const visit = (number: number, key = `visit-${String(number)}`): Visit => ({
  _id: new ObjectId(),
  key,
  state: 'free',
  // A number's neighbours lie far from each other in the index, as in life.
  at: new Date(START + ((number * 7_919) % 1_000_003) * MINUTE),
  clinic: number % 40,
  patient: `patient-${String((number * 31) % 300_007)}`,
  text: 'x'.repeat(240),
});

/** Fills a collection with numbered visits, and gives it four indexes first. */
export async function loadVisits(visits: Collection<Visit>, count: number): Promise<void> {
  await visits.createIndexes([
    { key: { key: 1 }, unique: true },
    { key: { state: 1, at: 1 } },
    { key: { clinic: 1, at: -1 } },
    { key: { patient: 1, at: 1 } },
  ]);
  for (let first = 0; first < count; first += LOADED_AT_ONCE)
    await visits.insertMany(
      Array.from({ length: Math.min(LOADED_AT_ONCE, count - first) }, (_, offset) => visit(first + offset)),
    );
}

/** One of five ordinary operations by its number: two finds, an insert, an update, a delete of what was inserted. */
export async function ordinary(visits: Collection<Visit>, number: number, count: number): Promise<unknown> {
  const some = (number * 104_729) % Math.max(count, 1);
  switch (number % 5) {
    case 0:
      return visits.findOne({ key: `visit-${String(some)}` });
    case 1:
      return visits
        .find({ clinic: some % 40 })
        .sort({ at: -1 })
        .limit(10)
        .toArray();
    case 2:
      return visits.insertOne(visit(number, `new-${String(number)}-${new ObjectId().toHexString()}`));
    case 3:
      return visits.updateOne(
        { key: `visit-${String(some)}` },
        { $set: { text: `${'y'.repeat(232)}${String(number)}` } },
      );
    default:
      return visits.deleteOne({ key: { $gte: `new-${String(number - 2)}-`, $lt: `new-${String(number - 2)}.` } });
  }
}
