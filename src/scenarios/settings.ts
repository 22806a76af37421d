import type { Branch } from '../core/branch.ts';
import { CHANNELS } from '../core/channel-name.ts';
import type { Flaw } from '../core/errors.ts';
import { LOCALES } from '../core/locale.ts';
import type { ScenarioKey, SettingsOf } from '../core/scenario.ts';
import { unknownPlaceholders } from './placeholders.ts';

/** What is wrong with a value, in words that name the rule; null when nothing is. */
type Check = (value: unknown) => string | readonly Flaw[] | null;
type Checks = Readonly<Record<string, Check>>;

const MAX_TEXT = 4096;
const MAX_SERVICES = 300;

const common: Checks = { texts: byLocale(textOrNull), channels: someOf(CHANNELS) };

/** The settings of each scenario and what they take (spec: scenarios.md, Settings). */
const CHECKS: Readonly<Record<ScenarioKey, Checks>> = {
  details: common,
  greeting: { ...common, rule: oneOf('newOrReturning', 'firstVisit') },
  confirmation: {
    ...common,
    leadHours: whole(1, 168),
    window: hours,
    second: oneOf('nobody', 'everybody', 'unreliable'),
    secondAfterHours: whole(1, 24),
  },
  reminder: { ...common, leadHours: whole(1, 48), window: hours, minLeadHours: whole(0, 168) },
  recommendationsBefore: { ...common, generalText: text },
  recommendationsAfter: common,
  survey: {
    ...common,
    afterHours: whole(0, 24),
    lowScore: whole(1, 4),
    reviewLinks: oneOf('everyone', 'highScoresOnly'),
    sites: names,
    alertTo,
    showPhone: (value) => (typeof value === 'boolean' ? null : 'must be true or false'),
    expiresHours: whole(1, 168),
    repeatDays: whole(0, 365),
  },
  returnAfterNoShow: common,
  returnAfterCancellation: { ...common, countFrom: oneOf('cancellation', 'visit') },
  birthday: {
    ...common,
    daysBefore: whole(0, 30),
    percent: whole(1, 100),
    validDays: whole(1, 365),
    services: (value) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= MAX_SERVICES
        ? null
        : `must be "all" or words of 1 to ${MAX_SERVICES} characters`,
  },
};

/** The settings as they may be stored, or every flaw by its path. Unknown names are flaws; `branch` says which review sites there are. */
export function readSettings<K extends ScenarioKey>(
  key: K,
  given: Readonly<Record<string, unknown>>,
  branch: Branch | null,
): { readonly settings: Partial<SettingsOf[K]> } | { readonly flaws: readonly Flaw[] } {
  const checks = CHECKS[key];
  const flaws = Object.entries(given).flatMap(([name, value]) => {
    const path = `settings.${name}`;
    if (!Object.hasOwn(checks, name)) return [{ path, message: 'is not a setting of this scenario' }];
    return under(path, checks[name]?.(value) ?? null);
  });
  if (flaws.length > 0) return { flaws };
  const unknownSites = key === 'survey' ? sitesMissing(given['sites'], branch) : [];
  // Checked above, field by field: what is left has the shape of the settings (`null` in texts takes one away).
  return unknownSites.length > 0 ? { flaws: unknownSites } : { settings: given as Partial<SettingsOf[K]> };
}

function sitesMissing(given: unknown, branch: Branch | null): readonly Flaw[] {
  const sites = Array.isArray(given) ? (given as readonly string[]) : [];
  const known = branch?.reviewSites.map(({ site }) => site) ?? [];
  return sites.flatMap((site, index) =>
    known.includes(site) ? [] : [{ path: `settings.sites.${index}`, message: 'is no review site of the branch' }],
  );
}

function under(path: string, found: string | readonly Flaw[] | null): readonly Flaw[] {
  if (found === null) return [];
  if (typeof found === 'string') return [{ path, message: found }];
  return found.map((flaw) => ({ ...flaw, path: `${path}.${flaw.path}` }));
}

function whole(from: number, to: number): Check {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
      ? null
      : `must be a whole number from ${from} to ${to}`;
}

function oneOf(...values: readonly string[]): Check {
  return (value) => (values.some((one) => one === value) ? null : `must be one of ${values.join(', ')}`);
}

function someOf(values: readonly string[]): Check {
  return (value) => {
    const isList = Array.isArray(value) && value.length > 0 && new Set(value).size === value.length;
    return isList && value.every((one) => values.some((known) => known === one))
      ? null
      : `must name some of ${values.join(', ')}, each once`;
  };
}

function names(value: unknown): string | null {
  const isList = Array.isArray(value) && new Set(value).size === value.length;
  return isList && value.every((one) => typeof one === 'string') ? null : 'must be a list of names, each once';
}

function hours(value: unknown): string | readonly Flaw[] | null {
  if (!isRecord(value)) return 'must be {from, to}';
  const unknown = Object.keys(value).filter((name) => name !== 'from' && name !== 'to');
  if (unknown.length > 0) return unknown.map((path) => ({ path, message: 'is not known here' }));
  const bad = (['from', 'to'] as const).filter((name) => !isTime(value[name]));
  if (bad.length > 0) return bad.map((path) => ({ path, message: 'must be a time such as 09:00' }));
  return String(value['from']) < String(value['to']) ? null : 'must begin before it ends';
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
}

function byLocale(check: Check): Check {
  return (value) => {
    if (!isRecord(value)) return `must be texts by locale (${LOCALES.join(', ')})`;
    return Object.entries(value).flatMap(([name, one]) =>
      LOCALES.some((locale) => locale === name)
        ? under(name, check(one))
        : [{ path: name, message: `must be one of ${LOCALES.join(', ')}` }],
    );
  };
}

function textOrNull(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === 'string' && value.trim() === '' ? 'must not be empty' : text(value);
}

function text(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > MAX_TEXT) return `must have at most ${MAX_TEXT} characters`;
  const [unknown] = unknownPlaceholders(value);
  return unknown === undefined ? null : `${unknown.name} is no placeholder; the nearest is ${unknown.nearest}`;
}

function alertTo(value: unknown): string | readonly Flaw[] | null {
  if (!isRecord(value)) return 'must be {email?, telegram?}';
  return Object.entries(value).flatMap(([path, one]) => {
    if (path === 'email') return isEmail(one) ? [] : [{ path, message: 'must be an e-mail address' }];
    if (path === 'telegram') return isChatId(one) ? [] : [{ path, message: 'must be a Telegram chat id' }];
    return [{ path, message: 'is not known here' }];
  });
}

function isEmail(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 254 && /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(value);
}

function isChatId(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
