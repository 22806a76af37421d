import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { CalendarVisit } from '../../core/channel.ts';
import { domainOf, type Mailbox, oneLine } from './address.ts';

/** What a calendar file says beside the visit. */
export interface CalendarFrame {
  readonly now: Date;
  /** The event's title. */
  readonly title: string;
  /** Whose calendar it comes from. */
  readonly from: Mailbox;
}

/** An `.ics` to be taken over (PUBLISH, so that nobody is asked to answer): the same visit keeps its UID, a move raises SEQUENCE. Times are UTC, which needs no zone table. */
export function visitCalendar(visit: CalendarVisit, { now, title, from }: CalendarFrame): string {
  const calendar = ical({ prodId: { company: 'Zabota', product: 'visits' }, method: ICalCalendarMethod.PUBLISH });
  calendar.createEvent({
    id: `visit-${visit.id}@zabota.${domainOf(from)}`,
    sequence: visit.version,
    stamp: now,
    start: visit.start,
    end: visit.end,
    summary: oneLine(title),
    ...(visit.doctor !== '' && { description: oneLine(visit.doctor) }),
    ...(visit.address !== undefined && { location: oneLine(`${visit.branch}, ${visit.address}`) }),
    organizer: { name: oneLine(visit.branch), email: from.address },
    status: ICalEventStatus.CONFIRMED,
  });
  return calendar.toString();
}
