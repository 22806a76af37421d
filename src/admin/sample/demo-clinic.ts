import { HOUR_MS, toMinute } from '../../core/clock.ts';
import type { Replay } from '../../core/demo.ts';
import type { IdentityStore } from '../../core/patient.ts';
import type { SimulatorStore } from '../../core/simulator.ts';
import { type CallApi, loadSample } from './load-sample.ts';
import { sampleClinic } from './sample-clinic.ts';

export interface DemoClinicDeps {
  readonly store: SimulatorStore;
  readonly identities: Pick<IdentityStore, 'link'>;
  readonly replay: Replay & { start(): void; stop(): Promise<void> };
  readonly clock: { now(): Date; set(now: Date): Promise<void>; run(running: boolean): Promise<void> };
  readonly call: CallApi;
  /** The sample's first moment; null where the demo starts empty. */
  readonly startsAt: Date | null;
  /** An empty demo starts over here, to the minute. */
  readonly realNow: () => Date;
}

/** What the demo begins with: the sample clinic is loaded once, its first hour played; a reset begins anew. */
export interface DemoClinic {
  /** Harmless to repeat: a load that was cut short is done again. */
  fill(): Promise<void>;
  reset(): Promise<void>;
}

/** The demo's beginning (spec: api.md, Demo). */
export function createDemoClinic(deps: DemoClinicDeps): DemoClinic {
  const { store, replay, clock, startsAt } = deps;
  const fill = async (): Promise<void> => {
    if (startsAt === null || (await store.sampleLoaded())) return;
    await loadSample(sampleClinic(startsAt), deps.call, (patient, chat) =>
      deps.identities.link({ channel: 'telegram', address: chat }, patient, clock.now()),
    );
    const firstHour = new Date(startsAt.getTime() + HOUR_MS);
    if (clock.now() < firstHour) await replay.move({ to: firstHour });
    await store.markSampleLoaded();
  };
  return {
    fill,
    async reset() {
      await replay.stop();
      await store.reset();
      await clock.run(false);
      await clock.set(startsAt ?? toMinute(deps.realNow()));
      await fill();
      replay.start();
    },
  };
}
