import type { PageFile } from './page-file.ts';

/** A record as a range returns it. */
export interface RecordRow {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Which way and how far a range goes. `from` is always the lower end and belongs to the range, `until` does not. */
export interface RangeOptions {
  readonly backward?: boolean;
  readonly limit: number;
}

/** Bytes under whole numbers up to 2^53. */
export interface Records {
  get(id: number): Uint8Array | undefined;
  put(id: number, body: Uint8Array): void;
  delete(id: number): void;
  range(from: number, until: number, options: RangeOptions): RecordRow[];
  /** Deletes at most `limit` records of a range and says how many there were. */
  deleteRange(from: number, until: number, limit: number): number;
}

/** A set of byte strings in their byte order. */
export interface Entries {
  put(key: Uint8Array): void;
  /** False when it was not there. */
  delete(key: Uint8Array): boolean;
  has(key: Uint8Array): boolean;
  range(from: Uint8Array, until: Uint8Array, options: RangeOptions): Uint8Array[];
  deleteRange(from: Uint8Array, until: Uint8Array, limit: number): number;
}

/** Hears of every record and entry that is written or deleted. */
export interface Follower {
  record(id: number): void;
  entry(key: Uint8Array): void;
}

/**
 * All that the server asks of its storage. What is read was verified by a checksum (else ChecksumError); a commit
 * that returns is durable; one that throws DiskFullError has written nothing; one that throws anything else leaves a store
 * that must not be used any more.
 */
export interface Kv {
  readonly records: Records;
  readonly entries: Entries;
  follower: Follower | undefined;
  begin(): void;
  commit(): void;
  rollback(): void;
  /**
   * Runs `work` so that its writes are all undone when it throws. Only inside a transaction. Throws
   * TransactionLostError, the reason as its cause, when the transaction is gone as well.
   */
  savepoint<T>(work: () => T): T;
  /** The data file's pages and their checksums; undefined for a copy that is being made. */
  readonly pages: PageFile | undefined;
  /** True when the log has grown so long that it should be moved into the file. Only while no transaction is open. */
  readonly wantsCheckpoint: boolean;
  /** Moves the log into the file; when it throws, the log is as it was. No transaction may begin before `settle` has ended. */
  checkpoint(): void;
  /** Makes what a checkpoint moved durable. A rejection leaves a store that must not be used any more. */
  settle(): Promise<void>;
  /** Problems of pages and of the file's structure, none when it is whole. */
  structureProblems(): string[];
  close(): void;
}

/** Bytes read back are not the bytes written. `recordId` tells which record, when it was one. */
export class ChecksumError extends Error {
  readonly recordId: number | undefined;

  constructor(message: string, recordId?: number) {
    super(message);
    this.recordId = recordId;
  }
}

/** There was no room for a write, of which nothing is left. The store goes on. */
export class DiskFullError extends Error {}

/** A failed write took the whole transaction with it, not only its own savepoint. */
export class TransactionLostError extends Error {}
