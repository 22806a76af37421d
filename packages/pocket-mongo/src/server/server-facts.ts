import type { SlowScans } from './slow-scans.ts';
import type { TurnTimes } from './turn-times.ts';

/** What the server says about itself. */
export interface ServerFacts {
  readonly startedAt: Date;
  readonly address: string;
  readonly scans: SlowScans;
  readonly turns: TurnTimes;
  connections(): number;
}

/** The version of MongoDB whose behaviour is followed. */
export const VERSION = '8.0.0';
/** Of the wire protocol: MongoDB 8.0. */
export const WIRE_VERSION = 25;
