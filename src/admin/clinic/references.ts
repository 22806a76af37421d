import { AppError, type Flaw } from '../../core/errors.ts';
import type { Stores } from '../../core/stores.ts';

/** A key that a body names, and where in the body. */
export interface Reference {
  readonly to: 'branch' | 'doctor' | 'service' | 'patient';
  readonly key: string;
  readonly path: string;
}

type Known = Pick<Stores, 'branches' | 'doctors' | 'services' | 'patients'>;

/** Throws `AppError('unknownReference')` that names every key nobody has stored. */
export async function requireKnown(stores: Known, references: readonly Reference[]): Promise<void> {
  const keys = (to: Reference['to']): readonly string[] => [
    ...new Set(references.filter((reference) => reference.to === to).map(({ key }) => key)),
  ];
  const [branches, doctors, services, patients] = await Promise.all([
    Promise.all(keys('branch').map((key) => stores.branches.get(key))),
    found(keys('doctor'), (wanted) => stores.doctors.getMany(wanted)),
    found(keys('service'), (wanted) => stores.services.getMany(wanted)),
    Promise.all(keys('patient').map((key) => stores.patients.get(key))),
  ]);
  const known = {
    branch: idsOf(branches),
    doctor: idsOf(doctors),
    service: idsOf(services),
    patient: idsOf(patients),
  };
  const flaws = references
    .filter(({ to, key }) => !known[to].has(key))
    .map(({ to, key, path }): Flaw => ({ path, message: `there is no ${to} ${key}` }));
  if (flaws.length > 0)
    throw new AppError('unknownReference', flaws.map(({ path, message }) => `${path}: ${message}`).join('; '), flaws);
}

async function found<T>(keys: readonly string[], read: (keys: readonly string[]) => Promise<readonly T[]>) {
  return keys.length === 0 ? [] : read(keys);
}

function idsOf(documents: readonly ({ readonly id: string } | null)[]): ReadonlySet<string> {
  return new Set(documents.flatMap((document) => (document === null ? [] : [document.id])));
}
