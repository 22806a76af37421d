import type { Connection } from 'mongoose';
import type { Task, TaskStore } from '../core/task.ts';
import { pageOf } from './paging.ts';
import { collectionSchema, type Keyed, knownFields } from './schema.ts';
import { insertNew } from './upsert.ts';

interface TaskDocument extends Omit<Task, 'id'>, Keyed {}

const schema = collectionSchema<TaskDocument>('tasks', {
  kind: String,
  patient: String,
  branch: String,
  appointment: String,
  content: {},
  createdAt: Date,
  done: Boolean,
});
schema.index({ createdAt: -1, _id: -1 });
schema.index({ branch: 1, createdAt: -1, _id: -1 });

/** What reception is to do, newest first. */
export function createTaskStore(connection: Connection): TaskStore {
  const model = connection.model<TaskDocument>('Task', schema);
  return {
    add: async ({ id, ...task }) => {
      await insertNew(model, { ...task, _id: id, done: false });
    },
    list: ({ branch, done }, page) => {
      const filter = { ...(branch !== undefined && { branch }), ...(done !== undefined && { done }) };
      return pageOf(model, { list: 'tasks', by: 'createdAt', direction: -1 }, filter, page, read);
    },
    setDone: async (id, done) => {
      const set = { $set: { done } };
      const stored = await model.findOneAndUpdate({ _id: id }, set, { returnDocument: 'after' }).lean<TaskDocument>();
      return stored === null ? null : read(stored);
    },
  };
}

function read(stored: TaskDocument): Task {
  return { ...(knownFields(schema, stored) as Omit<Task, 'id'>), id: stored._id };
}
