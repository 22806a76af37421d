import mongoose, { type Connection } from 'mongoose';

/**
 * A connection of our own, open when it is given back. Absent fields are never written as null, and an operation fails
 * within seconds while the database is away instead of waiting in a buffer.
 */
export async function connect(uri: string): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    bufferCommands: false,
    autoIndex: true,
    ignoreUndefined: true,
    maxPoolSize: 20,
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    waitQueueTimeoutMS: 10_000,
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close(true);
    throw error;
  }
}

/** Makes collections and indexes of every model that was defined on the connection. */
export async function buildIndexes(connection: Connection): Promise<void> {
  await Promise.all(Object.values(connection.models).map((model) => model.init()));
}
