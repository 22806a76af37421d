import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection, Schema } from 'mongoose';
import { type PocketMongo, startPocketMongo } from '../src/start.ts';
import { temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let store: PocketMongo;
let connection: Connection;

beforeAll(async () => {
  store = await startPocketMongo({ dbPath: folder.path });
});
beforeEach(async () => {
  connection = await mongoose.createConnection(store.uri).asPromise();
  await connection.dropDatabase();
});
afterEach(() => connection.close());
afterAll(async () => {
  await store.stop();
  folder.remove();
});

describe('mongoose', () => {
  it('populates one and many, nested and by a virtual', async () => {
    const Doctor = connection.model('Doctor', new Schema({ name: String }));
    const visitSchema = new Schema({
      doctor: { type: Schema.Types.ObjectId, ref: 'Doctor' },
      helpers: [{ type: Schema.Types.ObjectId, ref: 'Doctor' }],
      patient: { type: Schema.Types.ObjectId, ref: 'Patient' },
    });
    const Visit = connection.model('Visit', visitSchema);
    const patientSchema = new Schema({ name: String });
    patientSchema.virtual('visits', { ref: 'Visit', localField: '_id', foreignField: 'patient' });
    const Patient = connection.model('Patient', patientSchema);
    const anna = await Doctor.create({ name: 'Anna' });
    const boris = await Doctor.create({ name: 'Boris' });
    const maria = await Patient.create({ name: 'Maria' });
    await Visit.create({ doctor: anna._id, helpers: [boris._id, anna._id], patient: maria._id });
    const found = await Visit.findOne().populate<{ doctor: { name: string } }>('doctor').populate('helpers').orFail();
    expect(found.doctor.name).toBe('Anna');
    expect(found.helpers.map((helper) => (helper as unknown as { name: string }).name)).toEqual(['Boris', 'Anna']);
    const patient = await Patient.findOne()
      .populate({ path: 'visits', populate: { path: 'doctor' } })
      .orFail();
    expect(patient.get('visits')).toMatchObject([{ doctor: { name: 'Anna' } }]);
  });

  it('walks through many documents by a cursor, and leans', async () => {
    const Item = connection.model('Item', new Schema({ n: Number }));
    await Item.insertMany(Array.from({ length: 350 }, (_, n) => ({ n })));
    let sum = 0;
    for await (const item of Item.find().sort({ n: -1 }).cursor({ batchSize: 40 })) sum += item.n ?? 0;
    expect(sum).toBe((349 * 350) / 2);
    const lean = await Item.findOne({ n: 7 }).lean().orFail();
    expect(lean).not.toBeInstanceOf(mongoose.Document);
    expect(lean.n).toBe(7);
    expect(Object.keys(lean)).toEqual(['_id', 'n', '__v']);
  });

  it('keeps kinds apart in one collection by discriminators', async () => {
    const Message = connection.model('Message', new Schema({ at: Date }, { discriminatorKey: 'kind' }));
    const Reminder = Message.discriminator('Reminder', new Schema({ visit: String }));
    const Survey = Message.discriminator('Survey', new Schema({ stars: Number }));
    await Reminder.create({ visit: 'v1' });
    await Survey.create([{ stars: 4 }, { stars: 5 }]);
    expect(await Message.countDocuments()).toBe(3);
    expect(await Survey.countDocuments()).toBe(2);
    expect(await Message.findOne({ kind: 'Reminder' })).toBeInstanceOf(Reminder);
    expect(await Survey.updateMany({}, { $inc: { stars: -1 } })).toMatchObject({ modifiedCount: 2 });
  });

  it('keeps two writers apart by version', async () => {
    const Card = connection.model('Card', new Schema({ tags: [String] }, { optimisticConcurrency: true }));
    const card = await Card.create({ tags: ['a'] });
    const [one, two] = await Promise.all([Card.findById(card.id).orFail(), Card.findById(card.id).orFail()]);
    one.tags.push('b');
    await one.save();
    two.tags.push('c');
    await expect(two.save()).rejects.toThrow(mongoose.Error.VersionError);
    expect((await Card.findById(card.id).orFail()).tags).toEqual(['a', 'b']);
  });

  it('writes in bulk and tells what failed', async () => {
    const schema = new Schema({ phone: { type: String, unique: true }, calls: Number });
    const Contact = connection.model('Contact', schema);
    await Contact.init();
    const result = await Contact.bulkWrite([
      { insertOne: { document: { phone: '1', calls: 0 } } },
      { updateOne: { filter: { phone: '2' }, update: { $inc: { calls: 1 } }, upsert: true } },
      { updateMany: { filter: {}, update: { $inc: { calls: 1 } } } },
      { deleteOne: { filter: { phone: '1' } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, upsertedCount: 1, modifiedCount: 2, deletedCount: 1 });
    await expect(
      Contact.bulkWrite([{ insertOne: { document: { phone: '3' } } }, { insertOne: { document: { phone: '2' } } }]),
    ).rejects.toMatchObject({ code: 11_000 });
    expect(await Contact.find().sort({ phone: 1 }).lean()).toMatchObject([{ phone: '2', calls: 2 }, { phone: '3' }]);
  });

  it('keeps timestamps', async () => {
    const Note = connection.model('Note', new Schema({ text: String }, { timestamps: true }));
    const note = await Note.create({ text: 'a' });
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    await Note.updateOne({ _id: note._id }, { text: 'b' });
    const after = await Note.findById(note._id).orFail();
    expect(after.createdAt).toEqual(note.createdAt);
    expect(after.updatedAt.getTime()).toBeGreaterThan(note.updatedAt.getTime());
    const upserted = await Note.findOneAndUpdate(
      { text: 'c' },
      { text: 'c' },
      { upsert: true, returnDocument: 'after' },
    );
    expect(upserted.createdAt).toBeInstanceOf(Date);
  });

  it('brings indexes into line', async () => {
    const schema = new Schema({ phone: String, at: Date });
    schema.index({ phone: 1 }, { unique: true, partialFilterExpression: { phone: { $exists: true } } });
    schema.index({ at: 1 }, { expireAfterSeconds: 60 });
    const Visit = connection.model('Timed', schema, 'timed');
    await Visit.createCollection();
    await Visit.collection.createIndex({ old: 1 });
    expect(await Visit.syncIndexes()).toEqual(['old_1']);
    expect(await Visit.syncIndexes()).toEqual([]);
    expect((await Visit.listIndexes()).map(({ name }: { name: string }) => name)).toEqual(['_id_', 'phone_1', 'at_1']);
  });

  it('keeps maps, decimals, buffers and subdocuments as they are', async () => {
    const Bag = connection.model(
      'Bag',
      new Schema({
        prices: { type: Map, of: Schema.Types.Decimal128 },
        photo: Buffer,
        parts: [new Schema({ name: String, size: Number })],
      }),
    );
    const made = await Bag.create({
      prices: { small: '1.10' },
      photo: Buffer.from([1, 2]),
      parts: [{ name: 'a', size: 1 }],
    });
    const part = made.parts[0]?._id ?? 'none';
    await Bag.updateOne({ 'parts._id': part }, { $set: { 'parts.$.size': 2 } });
    const bag = await Bag.findById(made._id).orFail();
    expect(String(bag.prices?.get('small'))).toBe('1.10');
    expect(bag.photo?.toString('hex')).toBe('0102');
    expect(bag.parts.id(part)?.size).toBe(2);
  });

  it('refuses a transaction as a server that stands alone does', async () => {
    const Item = connection.model('Item', new Schema({ n: Number }));
    await expect(connection.transaction((session) => Item.create([{ n: 1 }], { session }))).rejects.toThrow(
      'does not support retryable writes',
    );
  });
});
