import mongoose, { type Connection } from 'mongoose';
import { translated } from './failures.ts';

/**
 * A connection of our own, open when it is given back. Absent fields are never written as null, and an operation fails
 * after `patienceMs` while the database is away instead of waiting in a buffer. Throws `AppError('notReady')`.
 */
export async function connect(uri: string, patienceMs: number): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    bufferCommands: false,
    autoIndex: true,
    ignoreUndefined: true,
    maxPoolSize: 20,
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: patienceMs,
    waitQueueTimeoutMS: 2 * patienceMs,
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close(true);
    throw translated(error);
  }
}

/** Makes collections and indexes of every model that was defined on the connection. */
export async function buildIndexes(connection: Connection): Promise<void> {
  await Promise.all(Object.values(connection.models).map((model) => model.init()));
}
