import { DateTime } from 'luxon';
import type { Appointment, AppointmentQuery } from '../../core/appointment.ts';
import type { Branch } from '../../core/branch.ts';
import { DAY_MS } from '../../core/clock.ts';
import { dayTitle, localDay } from '../../core/day-choices.ts';
import { type Asking, type CommandAnswer, type CommandDependencies, linesOf, say, word } from './answering.ts';

/** Telegram takes 4096 characters; the rest is for the heading and "and N more". */
const MOST_CHARACTERS = 3800;
const PAGE = 200;
/** Nowhere is local time further from UTC than this. */
const WIDEST_OFFSET_MS = 14 * 3_600_000;

/** Whose days are told: a doctor's own in all branches, or those of all doctors of a branch. */
export type DayScope = { readonly doctor: string } | { readonly branch: Branch };

/** The visits of one or more days in their order, without numbers of patients; what does not fit one message is counted. */
export async function tellDays(
  deps: CommandDependencies,
  { locale }: Asking,
  scope: DayScope,
  days: readonly string[],
): Promise<CommandAnswer> {
  const branches = new Map((await deps.stores.branches.all()).map((branch) => [branch.id, branch]));
  const zoneOf = ({ branch }: Appointment) => branches.get(branch)?.timezone ?? 'UTC';
  const visits = (await visitsOf(deps, scope, days)).filter(
    (visit) => visit.status !== 'cancelled' && days.includes(localDay(visit.start, zoneOf(visit))),
  );
  const words = await wordsFor(deps, visits, locale);
  const severalBranches = new Set(visits.map(({ branch }) => branch)).size > 1;
  const heading = (visit: Appointment): string => {
    const day = dayTitle(localDay(visit.start, zoneOf(visit)), locale);
    if ('branch' in scope) return [...(days.length > 1 ? [day] : []), words.doctor(visit)].join(' · ');
    return [...(days.length > 1 ? [day] : []), ...(severalBranches ? [branches.get(visit.branch)?.name] : [])].join(
      ' · ',
    );
  };
  const title = [
    ...('branch' in scope ? [scope.branch.name] : []),
    [...new Set([days[0] ?? '', days.at(-1) ?? ''])].map((day) => dayTitle(day, locale)).join(' – '),
  ].join(', ');
  if (visits.length === 0) return say('dayFree', { title });

  const order = 'branch' in scope ? words.doctor : () => '';
  const sorted = visits.toSorted((one, other) => {
    const byDay = compare(localDay(one.start, zoneOf(one)), localDay(other.start, zoneOf(other)));
    return byDay || compare(order(one), order(other)) || +one.start - +other.start || compare(one.id, other.id);
  });
  const lines: string[] = [];
  const named = new Set<string>();
  let under = '';
  let length = 0;
  let told = 0;
  for (const visit of sorted) {
    const above = heading(visit);
    const clock = (at: Date) => DateTime.fromJSDate(at, { zone: zoneOf(visit) }).toFormat('HH:mm');
    const values = { from: clock(visit.start), to: clock(visit.end), ...words.visit(visit) };
    const line = linesOf(deps, locale, [say('visitLine', values)]);
    const more =
      above === under ? [line] : [...(lines.length === 0 ? [] : ['']), ...(above === '' ? [] : [above]), line];
    length += more.join('\n').length + 1;
    if (length > MOST_CHARACTERS) break;
    lines.push(...more);
    under = above;
    told += 1;
    if (!visit.incognito) named.add(visit.patient);
  }
  const rest = visits.length - told;
  if (rest > 0) lines.push(linesOf(deps, locale, [say('more', { count: rest })]));
  return { ...say('day', { title, count: visits.length, lines: lines.join('\n') }), named: [...named] };
}

async function visitsOf(
  { stores }: CommandDependencies,
  scope: DayScope,
  days: readonly string[],
): Promise<readonly Appointment[]> {
  const from = new Date(Date.parse(days[0] ?? '') - WIDEST_OFFSET_MS);
  const to = new Date(Date.parse(days.at(-1) ?? '') + DAY_MS + WIDEST_OFFSET_MS);
  const query: AppointmentQuery = { ...('doctor' in scope ? scope : { branch: scope.branch.id }), from, to };
  const visits: Appointment[] = [];
  let cursor: string | null = null;
  do {
    const page = await stores.appointments.list(query, { limit: PAGE, ...(cursor !== null && { cursor }) });
    visits.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return visits;
}

async function wordsFor(deps: CommandDependencies, visits: readonly Appointment[], locale: Asking['locale']) {
  const { patients, doctors, services } = deps.stores;
  const distinct = (ids: readonly string[]) => [...new Set(ids)];
  const [people, medics, kinds] = await Promise.all([
    patients.getMany(distinct(visits.map(({ patient }) => patient))),
    doctors.getMany(distinct(visits.map(({ doctor }) => doctor))),
    services.getMany(distinct(visits.flatMap((visit) => visit.services))),
  ]);
  const names = new Map(people.map((person) => [person.id, `${person.firstName} ${person.lastName}`.trim()]));
  return {
    doctor: ({ doctor }: Appointment) => medics.find(({ id }) => id === doctor)?.name ?? doctor,
    visit: (visit: Appointment) => ({
      patient: visit.incognito
        ? word(deps, locale, 'admin.commands.anonymous')
        : names.get(visit.patient) || visit.patient,
      services: visit.services.map((id) => kinds.find((kind) => kind.id === id)?.name ?? id).join(' + '),
      status: word(deps, locale, `console.visit.${visit.status}`),
    }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
