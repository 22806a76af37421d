import type { Flaw } from '../../core/errors.ts';
import type { Element } from './fhir/element.ts';

export type ClinicType = 'branch' | 'doctor' | 'service' | 'patient' | 'appointment';

/** An upsert of the HTTP contract that a resource became. */
export interface PlannedPut {
  readonly type: ClinicType;
  readonly key: string;
  /** The resource in the file, such as `entry[7] Patient/abc`; null for something that is only mentioned there. */
  readonly label: string | null;
  readonly body: Element;
  /** Values for what neither the file nor the store says. */
  readonly fallback: Element;
  /** Only where nothing is stored under the key yet. */
  readonly onlyNew: boolean;
  /** Paths of the body as paths of the resource, for messages. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An appointment to be taken away. */
export interface PlannedRemoval {
  readonly key: string;
  readonly label: string;
}

/** A slot of the file. One that is not free only widens the span in which free ones are replaced. */
export interface PlannedSlot {
  readonly branch: string;
  readonly label: string;
  readonly free: boolean;
  readonly doctor: string;
  readonly services: readonly string[];
  readonly start: Date;
  readonly end: Date;
}

/** A resource and what is to be said of it. */
export interface Remark {
  readonly label: string;
  readonly words: string;
}

/** Everything that a file asks for, in the order in which it is applied. */
export interface Plan {
  readonly puts: readonly PlannedPut[];
  readonly removals: readonly PlannedRemoval[];
  readonly slots: readonly PlannedSlot[];
  readonly bad: readonly Remark[];
  readonly leftOut: readonly Remark[];
}

/** A resource that was mapped, or what is wrong with it; paths are those of the resource. */
export type Mapped<T> =
  | { readonly value: T; readonly flaws: null }
  | { readonly value: null; readonly flaws: readonly Flaw[] };

/** A put with nothing special about it. */
export function plannedPut(put: Pick<PlannedPut, 'type' | 'key' | 'label' | 'body'> & Partial<PlannedPut>): PlannedPut {
  return { fallback: {}, onlyNew: false, fields: {}, ...put };
}

/** Flaws in one line, `path: message; path: message`. */
export function flawWords(flaws: readonly Flaw[]): string {
  return flaws.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
