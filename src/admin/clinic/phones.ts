import type { BranchStore } from '../../core/branch.ts';
import { invalid } from '../../core/errors.ts';
import { parsePhone } from '../../core/phone.ts';

/** A number as people write it, as E.164. Throws `AppError('invalid')` on its path; the number itself is not repeated. */
export function readPhone(value: string, path: string, countries: readonly string[]): string {
  const phone = parsePhone(value, countries);
  if (phone === null) throw invalid(path, 'is no telephone number (with + and country code, or of a branch’s country)');
  return phone.e164;
}

/** The countries by which a number without `+` is read: those of these branches first, then of all. */
export async function countriesOf(branches: BranchStore, first: readonly string[] = []): Promise<readonly string[]> {
  const all = await branches.all();
  const ordered = [...all.filter(({ id }) => first.includes(id)), ...all];
  return [...new Set(ordered.map(({ country }) => country))];
}
