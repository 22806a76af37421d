import { DateTime } from 'luxon';
import type { SampleCall } from '../../src/admin/sample/sample-clinic.ts';

export interface ToldVisit {
  readonly id: string;
  readonly patient: string;
  readonly branch: string;
  readonly doctor: string;
  readonly services: readonly string[];
  /** This and the other times are local to the visit's branch. */
  readonly start: DateTime;
  readonly end: DateTime;
  readonly bookedAt: DateTime;
  readonly source: string;
  /** As the clinic told it first. */
  readonly status: string;
}

export interface ToldPatient {
  readonly id: string;
  readonly phone: string;
  readonly birthDate: string;
  readonly advertising: boolean;
  readonly channel: string | null;
}

/** The clinic as the calls of a clinic's system tell it, without any of the service's own reading of them. */
export interface ToldClinic {
  readonly zones: ReadonlyMap<string, string>;
  readonly patients: readonly ToldPatient[];
  readonly visits: readonly ToldVisit[];
  /** Services with recommendations for after the visit. */
  readonly advised: ReadonlySet<string>;
  /** `branch scenario` of every switch that is on; the birthday has no branch. */
  readonly on: ReadonlySet<string>;
}

interface VisitBody extends Omit<ToldVisit, 'id' | 'start' | 'end' | 'bookedAt'> {
  readonly start: string;
  readonly end: string;
  readonly bookedAt: string;
}

/** Reads what is told; of two tellings of the same thing the later one counts. */
export function readTold(calls: readonly SampleCall[]): ToldClinic {
  const told = new Map(calls.filter(({ method }) => method === 'PUT').map(({ path, body }) => [path, body]));
  const all = <T>(kind: string): readonly (readonly [string, T])[] =>
    [...told].flatMap(([path, body]) => {
      const [, noun, id, more] = path.split('/');
      return noun === kind && id !== undefined && more === undefined ? [[id, body as T] as const] : [];
    });
  const zones = new Map(all<{ timezone: string }>('branches').map(([id, { timezone }]) => [id, timezone]));
  const local = (at: string, branch: string): DateTime => DateTime.fromISO(at, { zone: zones.get(branch) ?? 'utc' });
  return {
    zones,
    patients: all<{ phones: string[]; birthDate: string; consent: { advertising: boolean }; channel?: string }>(
      'patients',
    ).map(([id, { phones, birthDate, consent, channel }]) => ({
      id,
      phone: phones[0] ?? '',
      birthDate,
      advertising: consent.advertising,
      channel: channel ?? null,
    })),
    visits: all<VisitBody>('appointments').map(([id, body]) => ({
      ...body,
      id,
      start: local(body.start, body.branch),
      end: local(body.end, body.branch),
      bookedAt: local(body.bookedAt, body.branch),
    })),
    advised: new Set(
      all<{ recommendationsAfter?: string }>('services').flatMap(([id, { recommendationsAfter }]) =>
        recommendationsAfter === undefined ? [] : [id],
      ),
    ),
    on: new Set(
      calls.flatMap(({ method, path }) => {
        const [, branch, scenario] = /^(?:\/branches\/([^/]+))?\/scenarios\/(\w+)$/.exec(path) ?? [];
        return method === 'PATCH' ? [`${branch ?? ''} ${scenario ?? ''}`] : [];
      }),
    ),
  };
}
