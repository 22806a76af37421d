import type { Connection, QueryFilter } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { NewId } from '../core/clock.ts';
import { type Message, type MessageQuery, type MessageState, type OutboxStore, subjectKey } from '../core/message.ts';
import { SCENARIOS, WARMING } from '../core/scenario.ts';
import type { LedThere } from './erasure.ts';
import { isDuplicate } from './failures.ts';
import {
  ANY_LOOK,
  asDocument,
  type MessageDocument,
  messageSchema,
  plannedMessage,
  readMessage,
  SENT,
} from './message-document.ts';
import { createOutboxFigures } from './outbox-figures.ts';
import { pageOf } from './paging.ts';
import { LOST, untilWon } from './races.ts';
import { assignment, type Keyed } from './schema.ts';

/** The outbox as the composition of the stores needs it. */
export interface OutboxRecords extends OutboxStore {
  /** Erases words and addresses of every message to a patient; what waits to be said to that one is cancelled. */
  erasePatient(patient: string, at: Date): Promise<void>;
  /** The same for what went to these chats, and for what was told to staff in these conversations, while nobody was known there or about wards. */
  eraseThere(led: LedThere, at: Date): Promise<void>;
  /** Ids of the messages to a patient, about them, or of these conversations. */
  idsAbout(patient: string, led: LedThere): Promise<readonly string[]>;
  /** Every chat in which staff were told of a patient, or of who spoke in one of these conversations. */
  staffToldOf(patient: string, led: LedThere): Promise<readonly ChatAddress[]>;
}

type Filter = QueryFilter<MessageDocument>;

/** Replies, alerts and staff messages have none. Named for the index by scenario and state: rows at work are few, due ones may be many. */
const EVERY_SCENARIO = [...SCENARIOS, null];
const CLAIMABLE: readonly MessageState[] = ['planned', 'claimed', 'sending', 'unknown'];

/** The outbox. Rows are written whole, by compare-and-set on state, fence and rev. */
export function createOutboxStore(connection: Connection, newId: NewId): OutboxRecords {
  const model = connection.model<MessageDocument>('Message', messageSchema);
  const findAll = async (filter: Filter, order: Record<string, 1 | -1>, limit = 0) =>
    (await model.find(filter).sort(order).limit(limit).lean<MessageDocument[]>()).map(readMessage);

  const byKeys = (keys: readonly string[]) => findAll({ key: { $in: keys } }, { _id: 1 });

  const save = async (seen: Message, next: Message): Promise<Message | null> => {
    const saved = { ...next, rev: seen.rev + 1 };
    const { id: _id, state, fence, rev } = seen;
    const written = await model.updateOne({ _id, state, fence, rev }, assignment(messageSchema, asDocument(saved)));
    return written.matchedCount === 1 ? saved : null;
  };

  const ofTalks = ({ talks, wards }: LedThere): Filter => ({
    patient: { $in: [null, ...wards] },
    conversation: { $in: talks, $gt: '' },
  });
  const spokeFor = ({ visits }: LedThere): Filter => ({ appointments: { $in: visits }, also: { $in: visits } });
  const eraseRow = (id: string, at: Date) =>
    untilWon(async () => {
      const row = await model.findOne({ _id: id }).lean<MessageDocument>();
      if (row === null) return null;
      const unsaid = row.kind !== 'scenario' && ['planned', 'claimed'].includes(row.state);
      const stop = {
        state: 'cancelled',
        lookAt: null,
        stateAt: at,
        timeline: [...row.timeline, { status: 'cancelled', at }],
      } as const;
      // Ids of platforms may carry the chat: Telegram's do.
      const attempts = row.attempts.map(({ providerId: _providerId, ...attempt }) => ({ ...attempt, to: '' }));
      const words = { text: null, content: null, choices: [], to: null, attempts };
      // What was decided on the patient's data must not leave any more: the claim is worth nothing now.
      const inc = { rev: 1, ...(row.state === 'claimed' && { fence: 1 }) };
      const written = await model.updateOne(
        { _id: id, rev: row.rev },
        { $set: { ...words, ...(unsaid && stop) }, $unset: { chat: 1 }, $inc: inc },
      );
      return written.matchedCount === 1 ? null : LOST;
    });
  const erase = async (about: Filter, at: Date): Promise<void> => {
    for await (const { _id } of model.find(about).select({ _id: 1 }).lean<Keyed[]>().cursor()) await eraseRow(_id, at);
  };

  return {
    plan: async (rows, now) => {
      const keys = rows.map(({ key }) => key);
      const known = new Set((await byKeys(keys)).map(({ key }) => key));
      const fresh = rows.filter(({ key }, place) => !known.has(key) && keys.indexOf(key) === place);
      if (fresh.length > 0) {
        const documents = fresh.map((row) => asDocument(plannedMessage(row, newId(), now)));
        try {
          await model.insertMany(documents, { lean: true, ordered: false });
        } catch (error) {
          // Somebody planned some of them at this moment; theirs stand.
          if (!isDuplicate(error)) throw error;
        }
      }
      const stored = new Map((await byKeys(keys)).map((message) => [message.key, message]));
      return keys.map((key) => stored.get(key)).filter((message) => message !== undefined);
    },
    get: async (id) => {
      const stored = await model.findOne({ _id: id }).lean<MessageDocument>();
      return stored === null ? null : readMessage(stored);
    },
    byKeys,
    ofSubject: (subject) => findAll({ about: subjectKey(subject) }, { createdAt: -1, _id: -1 }),
    ofAppointments: (scenario, appointments) =>
      findAll({ about: { $in: appointments.map((id) => `a:${id}`) }, scenario }, { createdAt: -1, _id: -1 }),
    list: (query, page) =>
      pageOf(model, { list: 'messages', by: 'createdAt', direction: -1 }, matching(query), page, readMessage),
    ofChat: (channel, to, limit) =>
      findAll({ chat: chatKey({ channel, address: to }) }, { sentAt: -1, _id: -1 }, limit),
    byProviderId: async (channel, providerId) => {
      const filter: Filter = { 'attempts.providerId': providerId, attempts: { $elemMatch: { channel, providerId } } };
      const stored = await model.findOne(filter).lean<MessageDocument>();
      return stored === null ? null : readMessage(stored);
    },
    byAttempt: async (attemptId) => {
      const stored = await model.findOne({ 'attempts.id': attemptId }).lean<MessageDocument>();
      return stored === null ? null : readMessage(stored);
    },
    setAside: async ({ id, fence }, state, at) => {
      const end = { state, lookAt: null, leaseOwner: null, leaseUntilMs: 0, stateAt: at };
      await model.updateOne({ _id: id, fence }, { $set: end, $inc: { rev: 1 } });
    },
    claim: async ({ now, wallMs, owner, leaseMs, limit, kinds, branch }) => {
      const claimed: Message[] = [];
      const claimOne = async (row: MessageDocument) => {
        const { _id, state, fence, rev } = row;
        const claim = {
          state: state === 'planned' ? 'claimed' : state,
          fence: fence + 1,
          rev: rev + 1,
          leaseOwner: owner,
          leaseUntilMs: wallMs + leaseMs,
        } as const;
        const written = await model.updateOne({ _id, state, fence, rev }, { $set: claim });
        return written.matchedCount === 1 ? readMessage({ ...row, ...claim }) : null;
      };
      for (const turn of [0, 1] as const) {
        for (;;) {
          const wanted = limit - claimed.length;
          if (wanted <= 0) return claimed;
          const due: Filter = {
            turn,
            ...(branch !== undefined && { branch }),
            lookAt: { $gt: ANY_LOOK, $lte: now },
            leaseUntilMs: { $lte: wallMs },
          };
          const rows = await model
            .find({ ...due, state: { $in: CLAIMABLE }, ...(kinds && { kind: { $in: kinds } }) })
            .sort({ turn: 1, lookAt: 1, _id: 1 })
            .limit(wanted)
            .lean<MessageDocument[]>();
          claimed.push(...(await Promise.all(rows.map(claimOne))).filter((row) => row !== null));
          // Fewer than asked for: nothing is left of this turn. Rows lost to another claimer are looked for again.
          if (rows.length < wanted) break;
        }
      }
      return claimed;
    },
    save,
    nextLookAt: async (kinds) => {
      const earliest = async (turn: 0 | 1) => {
        const filter: Filter = { turn, lookAt: { $gt: ANY_LOOK }, kind: { $in: kinds } };
        const first = await model.findOne(filter).sort({ turn: 1, lookAt: 1, _id: 1 }).lean<MessageDocument>();
        return first?.lookAt ?? null;
      };
      const turns = [...new Set(kinds.map((kind) => (kind === 'scenario' ? 1 : 0)))];
      const looks = (await Promise.all(turns.map(earliest))).filter((at) => at !== null);
      return looks.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
    },
    wake: async (waiting, at, branch) => {
      const ofBranch = branch !== undefined && { branch };
      // First those at work: one that writes its wait in between is found among the waiting ones.
      const atWork: Filter = { scenario: { $in: EVERY_SCENARIO }, state: { $in: ['claimed', 'sending'] }, ...ofBranch };
      await model.updateMany(atWork, { $set: { woken: true }, $inc: { rev: 1 } });
      const held: Filter = { waiting, state: 'planned', lookAt: { $gt: at }, ...ofBranch };
      await model.updateMany(held, { $set: { lookAt: at }, $inc: { rev: 1 } });
    },
    unsent: (scenario, branch, after, limit) => {
      const behind = { ...(branch !== null && { branch }), ...(after !== null && { _id: { $gt: after } }) };
      return findAll({ scenario, state: 'planned', ...behind }, { _id: 1 }, limit);
    },
    cancelStaff: async ({ channel, address }, at) => {
      const waiting: Filter = { turn: 0, lookAt: { $gt: ANY_LOOK }, kind: 'staff', channel, to: address };
      for (const row of await findAll({ ...waiting, state: { $in: ['planned', 'claimed'] } }, { _id: 1 })) {
        const timeline = [...row.timeline, { status: 'cancelled' as const, at }];
        await save(row, { ...row, state: 'cancelled', lookAt: null, leaseOwner: null, leaseUntilMs: 0, timeline });
      }
    },
    releaseClaims: async (owner) => {
      const others: Filter = { lookAt: { $gt: ANY_LOOK }, leaseUntilMs: { $gt: 0 }, leaseOwner: { $ne: owner } };
      const free = { leaseOwner: null, leaseUntilMs: 0 };
      const inc = { fence: 1, rev: 1 };
      await model.updateMany({ ...others, state: 'claimed' }, { $set: { ...free, state: 'planned' }, $inc: inc });
      await model.updateMany(others, { $set: free, $inc: inc });
    },
    unsettled: (limit) => findAll({ owing: true }, { _id: 1 }, limit),
    warmedAt: async (patient) => {
      const warming: Filter = { patient, scenario: { $in: WARMING }, state: { $in: SENT } };
      const newest = await model.findOne(warming).sort({ sentAt: -1 }).lean<MessageDocument>();
      return newest?.sentAt ?? null;
    },
    ...createOutboxFigures(model),
    idsAbout: async (patient, led) => {
      const about: Filter = { $or: [{ patient }, { named: patient }, ofTalks(led), spokeFor(led)] };
      return (await model.find(about).select({ _id: 1 }).lean<Keyed[]>()).map(({ _id }) => _id);
    },
    staffToldOf: async (patient, led) => {
      const about: Filter = { $or: [{ patient }, ofTalks(led)] };
      const told = await model.find({ ...about, kind: 'staff' }).lean<MessageDocument[]>();
      const chats = told.flatMap(({ channel, to }) =>
        channel === null || to === null ? [] : [{ channel, address: to }],
      );
      return [...new Map(chats.map((chat) => [chatKey(chat), chat])).values()];
    },
    erasePatient: (patient, at) => erase({ $or: [{ patient }, { named: patient }] }, at),
    eraseThere: async (led, at) => {
      const wards = { patient: { $in: led.wards } };
      for (const { channel, address } of led.chats) {
        await erase({ patient: null, kind: 'reply', channel, to: address }, at);
        await erase({ ...wards, $or: [{ channel, to: address }, { 'attempts.to': address }] }, at);
      }
      await erase(ofTalks(led), at);
      await erase(spokeFor(led), at);
    },
  };
}

const SHOWN: Readonly<Partial<Record<NonNullable<MessageQuery['status']>, readonly MessageState[]>>> = {
  queued: ['claimed'],
  skipped: ['skipped', 'expired'],
};

function matching(query: MessageQuery): Filter {
  const { branch, patient, appointment, scenario, channel, status, from, to, kind, conversation } = query;
  return {
    ...(branch !== undefined && { branch }),
    ...(patient !== undefined && { patient }),
    ...(appointment !== undefined && { appointments: appointment }),
    ...(scenario !== undefined && { scenario }),
    ...(channel !== undefined && { channel }),
    ...(status !== undefined && { state: { $in: SHOWN[status] ?? [status] } }),
    ...((from ?? to) && { dueAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
    ...(kind !== undefined && { kind }),
    ...(conversation !== undefined && { conversation: { $eq: conversation, $gt: '' } }),
  } as Filter;
}
