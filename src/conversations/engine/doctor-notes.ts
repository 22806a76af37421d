import type { Appointment } from '../../core/appointment.ts';
import { MINUTE_MS } from '../../core/clock.ts';
import type { Content } from '../../core/content.ts';
import { dayTitle, localDay } from '../../core/day-choices.ts';
import { AppError } from '../../core/errors.ts';
import type { AppointmentEvent, Follower } from '../../core/follower.ts';
import type { Locale } from '../../core/locale.ts';
import type { Message } from '../../core/message.ts';
import type { StaffMember } from '../../core/staff.ts';
import type { EngineDeps } from './deps.ts';
import { localTime } from './visit-facts.ts';

/** Lines of one message; further changes of its minute are counted. */
const MOST_LINES = 20;
const RACES = 8;
/** Newest messages to staff about a visit that are looked through for a change that was told before. */
const LOOKED_THROUGH = 50;

type NoteDeps = Pick<EngineDeps, 'stores' | 'render' | 'clock' | 'hasChannel'>;

/** What one doctor is told of a change; `oldStart` is the time that fell free. */
interface Note {
  readonly doctor: string;
  readonly change: 'made' | 'moved' | 'cancelled';
  readonly start: Date;
  readonly oldStart: Date | null;
}

/**
 * Tells doctors who are linked in Telegram of visits of theirs that are made, moved or cancelled: one message a minute at most,
 * with a line for each change. Nothing of the past, of quiet imports, and of doctors whose communications are off (spec:
 * conversations.md, Staff).
 */
export function createDoctorNotes(deps: NoteDeps): Pick<Follower, 'appointmentChanged'> {
  const { stores, clock, hasChannel } = deps;
  return {
    async appointmentChanged(event) {
      if (event.quiet === true || hasChannel?.('telegram') === false) return;
      const now = clock.now();
      for (const note of notesOf(event, now)) {
        const doctor = await stores.doctors.get(note.doctor);
        if (doctor?.memo !== true) continue;
        for (const member of await stores.staff.ofDoctor(note.doctor)) {
          await tell(deps, member, event.appointment, note, now);
        }
      }
    },
  };
}

/** Who is told what: compared with what followers knew before, so that a visit given to a colleague tells both. */
function notesOf({ appointment, kind, before }: AppointmentEvent, now: Date): readonly Note[] {
  const { doctor, start, version } = appointment;
  const stands = kind !== 'removed' && appointment.status !== 'cancelled';
  const stood = before !== undefined && before.status !== 'cancelled';
  const note = (change: Note['change'], to = doctor): Note => ({
    doctor: to,
    change,
    start: change === 'cancelled' ? (before?.start ?? start) : start,
    oldStart: change === 'moved' ? (before?.start ?? null) : null,
  });
  const ahead = ({ start: at, oldStart }: Note) => at > now || (oldStart !== null && oldStart > now);
  if (!stood) return stands ? [note('made')].filter(ahead) : [];
  if (!stands) return [note('cancelled', before.doctor)].filter(ahead);
  if (before.doctor !== doctor) return [note('cancelled', before.doctor), note('made')].filter(ahead);
  return before.version === version ? [] : [note('moved')].filter(ahead);
}

async function tell(
  deps: NoteDeps,
  { id: member, chat }: StaffMember,
  visit: Appointment,
  note: Note,
  now: Date,
): Promise<void> {
  const { outbox, branches } = deps.stores;
  if (chat === undefined) return;
  const mark = `${member}:${visit.id}:${visit.rev}:${note.change}`;
  const { items } = await outbox.list({ kind: 'staff', appointment: visit.id }, { limit: LOOKED_THROUGH });
  if (items.some((row) => linesOf(row).some(({ values }) => values['mark'] === mark))) return;
  const branch = await branches.get(visit.branch);
  const locale = branch?.locale ?? 'en';
  const line = await lineOf(deps, visit, note, locale, mark);
  const named = visit.incognito ? [] : [visit.patient];
  const first = Math.floor(now.getTime() / MINUTE_MS);
  for (let minute = first, race = 0; race < RACES; race += 1) {
    const dueAt = new Date((minute + 1) * MINUTE_MS);
    const key = `note:${member}:${minute}`;
    const content: Content = { key: 'conversations.note.title', values: {}, parts: [line] };
    const [row] = await outbox.plan(
      [
        {
          key,
          kind: 'staff',
          subject: { appointment: visit.id },
          named,
          patient: null,
          branch: visit.branch,
          dueAt,
          channel: chat.channel,
          to: chat.address,
          locale,
          content,
        },
      ],
      now,
    );
    if (row === undefined || linesOf(row).some(({ values }) => values['mark'] === mark)) return;
    if (row.state !== 'planned' || row.to !== chat.address) minute += 1;
    else if ((await outbox.save(row, withLine(row, line, visit.id, named))) !== null) return;
  }
  throw new AppError('conflict', 'a note to a doctor was written by others all the time');
}

function linesOf({ content }: Message): readonly Content[] {
  return content?.parts ?? [];
}

function withLine(row: Message, line: Content, appointment: string, named: readonly string[]): Message {
  const lines = linesOf(row);
  const last = lines.at(-1);
  const counted = last?.key === 'conversations.note.more' ? Number(last.values['count']) : 0;
  const more: Content = { key: 'conversations.note.more', values: { count: counted + 1 } };
  const parts = lines.length < MOST_LINES ? [...lines, line] : [...lines.slice(0, MOST_LINES), more];
  return {
    ...row,
    content: { key: 'conversations.note.title', values: {}, parts },
    also: [...new Set([...row.also, appointment])],
    named: [...new Set([...(row.named ?? []), ...named])],
  };
}

async function lineOf(
  { stores, render }: NoteDeps,
  visit: Appointment,
  { change, start, oldStart }: Note,
  locale: Locale,
  mark: string,
): Promise<Content> {
  const branch = await stores.branches.get(visit.branch);
  const patient = visit.incognito ? null : await stores.patients.get(visit.patient);
  const services = await stores.services.getMany(visit.services);
  const zone = branch?.timezone ?? 'UTC';
  const moment = (at: Date): string => `${dayTitle(localDay(at, zone), locale)}, ${localTime(at, zone)}`;
  const anonymous = () => render({ key: 'admin.commands.anonymous', values: {} }, locale).text;
  return {
    key: `conversations.note.${change}`,
    values: {
      at: moment(start),
      before: oldStart === null ? '' : moment(oldStart),
      patient: patient === null ? anonymous() : `${patient.firstName} ${patient.lastName}`.trim(),
      services: visit.services.map((id) => services.find((service) => service.id === id)?.name ?? id).join(' + '),
      branch: branch?.name ?? '',
      mark,
    },
  };
}
