import { IANAZone } from 'luxon';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { isCountry } from '../../core/phone.ts';

/** What the command line asks for. */
export interface ImportArguments {
  readonly file: string;
  readonly loud: boolean;
  readonly flags: {
    readonly timezone?: string;
    readonly country?: string;
    readonly currency?: string;
    readonly locale?: Locale;
  };
  readonly defaultBranch: { readonly key: string; readonly name?: string } | null;
}

type Parsed =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | { readonly kind: 'import'; readonly arguments: ImportArguments };

const WITH_VALUE = ['branch-zone', 'country', 'currency', 'locale', 'branch', 'branch-name'];
const KEY = /^[A-Za-z0-9._:-]{1,64}$/;

/** Reads `FILE --flag VALUE --flag=VALUE`; the first thing that is wrong is told. */
export function parseImportArguments(args: readonly string[]): Parsed {
  const files: string[] = [];
  const values = new Map<string, string>();
  let loud = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const [, name = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (word === '--loud') loud = true;
    else if (WITH_VALUE.includes(name)) {
      const value = inline ?? args[(at += 1)];
      if (value === undefined || value === '') return { kind: 'wrong', problem: `--${name} needs a value` };
      values.set(name, value);
    } else if (word.startsWith('-'))
      return { kind: 'wrong', problem: `there is no option ${word.split('=')[0] ?? ''}` };
    else files.push(word);
  }
  const [file, second] = files;
  if (file === undefined) return { kind: 'wrong', problem: 'name the file' };
  if (second !== undefined) return { kind: 'wrong', problem: 'name one file' };
  const problem = problemOf(values);
  if (problem !== null) return { kind: 'wrong', problem };
  return { kind: 'import', arguments: { file, loud, flags: flagsOf(values), defaultBranch: defaultBranchOf(values) } };
}

function problemOf(values: ReadonlyMap<string, string>): string | null {
  const [zone, country, currency, locale, branch] = [
    values.get('branch-zone'),
    values.get('country')?.toUpperCase(),
    values.get('currency')?.toUpperCase(),
    values.get('locale'),
    values.get('branch'),
  ];
  if (zone !== undefined && !(zone.includes('/') && IANAZone.isValidZone(zone)) && zone !== 'UTC')
    return '--branch-zone must be an IANA zone, such as Europe/Rome';
  if (country !== undefined && !isCountry(country)) return '--country must be a country of ISO 3166-1, such as IT';
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency))
    return '--currency must be a currency of ISO 4217, such as EUR';
  if (locale !== undefined && !LOCALES.some((known) => known === locale))
    return `--locale must be one of ${LOCALES.join(', ')}`;
  if (branch !== undefined && !KEY.test(branch)) return '--branch must be 1 to 64 characters of A–Z a–z 0–9 . _ : -';
  return null;
}

function flagsOf(values: ReadonlyMap<string, string>): ImportArguments['flags'] {
  const [timezone, country, currency] = [values.get('branch-zone'), values.get('country'), values.get('currency')];
  const locale = LOCALES.find((known) => known === values.get('locale'));
  return {
    ...(timezone !== undefined && { timezone }),
    ...(country !== undefined && { country: country.toUpperCase() }),
    ...(currency !== undefined && { currency: currency.toUpperCase() }),
    ...(locale !== undefined && { locale }),
  };
}

function defaultBranchOf(values: ReadonlyMap<string, string>): ImportArguments['defaultBranch'] {
  const [key, name] = [values.get('branch'), values.get('branch-name')];
  if (key === undefined && name === undefined) return null;
  return { key: key ?? 'main', ...(name !== undefined && { name }) };
}
