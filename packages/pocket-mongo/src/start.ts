/** A running server process. */
export interface PocketMongo {
  /** For the ordinary driver. */
  readonly uri: string;
  /** Ends the process when what it has answered is safe. */
  stop(): Promise<void>;
}

/** Starts the server as a process of its own on a private Unix socket. */
export function startPocketMongo(_options: { readonly dbPath: string }): Promise<PocketMongo> {
  return Promise.reject(new Error('pocket-mongo is being written'));
}
