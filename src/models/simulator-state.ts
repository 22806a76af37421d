import type { Connection } from 'mongoose';
import { chatKey } from '../core/address.ts';
import type { SimulatedMode, SimulatorStore } from '../core/simulator.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

/** One fact of the demo: `mode:CHANNEL`, `unreachable:CHAT`, `clock` or `sample`. */
interface StateDocument extends Keyed {
  readonly mode?: SimulatedMode;
  readonly since?: Date;
  readonly now?: Date;
  readonly running?: boolean;
}

const schema = collectionSchema<StateDocument>('simulator-state', {
  mode: String,
  since: Date,
  now: Date,
  running: Boolean,
});

type State = Pick<
  SimulatorStore,
  'mode' | 'setMode' | 'isUnreachable' | 'setReachable' | 'clock' | 'saveClock' | 'sampleLoaded' | 'markSampleLoaded'
>;

/** The state of the simulated channels and of the movable clock. */
export function createSimulatorState(connection: Connection): State {
  const model = connection.model<StateDocument>('SimulatorState', schema);
  const get = (id: string) => model.findOne({ _id: id }).lean<StateDocument>();
  const has = async (id: string) => (await model.exists({ _id: id })) !== null;
  return {
    mode: async (channel) => {
      const state = await get(`mode:${channel}`);
      return state?.mode && state.since ? { mode: state.mode, since: state.since } : null;
    },
    setMode: (channel, mode, since) => upsert(model, `mode:${channel}`, { $set: { mode, since } }),
    isUnreachable: (at) => has(`unreachable:${chatKey(at)}`),
    setReachable: async (at, reachable) => {
      const id = `unreachable:${chatKey(at)}`;
      if (reachable) await model.deleteOne({ _id: id });
      else await upsert(model, id, { $set: { running: false } });
    },
    clock: async () => {
      const state = await get('clock');
      return state?.now === undefined ? null : { now: state.now, running: state.running ?? false };
    },
    saveClock: ({ now, running }) => upsert(model, 'clock', { $set: { now, running } }),
    sampleLoaded: () => has('sample'),
    markSampleLoaded: () => upsert(model, 'sample', { $set: { running: false } }),
  };
}
