import type { OutgoingMessage } from '../../core/channel.ts';
import type { Message } from '../../core/message.ts';
import type { Stores } from '../../core/stores.ts';

/** What goes along with a message beside its text: the branch's sender names, the visit that it is about, its thread. */
export type Enclosures = (row: Message) => Promise<Pick<OutgoingMessage, 'sender' | 'visit' | 'thread'>>;

/** Messages after which a calendar file makes sense; of the others the visit is over, or a new one is wanted. */
const WITH_CALENDAR: readonly Message['scenario'][] = ['details', 'confirmation', 'reminder'];

/** Alerts of one survey are one thread; their keys begin with it (spec: conversations.md, Low scores). */
const ALERT_OF_SURVEY = /^alert:[^:]+/;

/** Reads them fresh for each attempt. */
export function createEnclosures(stores: Pick<Stores, 'branches' | 'appointments' | 'doctors'>): Enclosures {
  return async ({ branch: branchId, scenario, subject, key }) => {
    const branch = branchId === null ? null : await stores.branches.get(branchId);
    const sender = branch?.senders ?? {};
    const [thread] = ALERT_OF_SURVEY.exec(key) ?? [];
    if (thread !== undefined) return { sender, thread };
    if (branch === null || subject === null || !('appointment' in subject) || !WITH_CALENDAR.includes(scenario))
      return { sender };
    const appointment = await stores.appointments.get(subject.appointment);
    if (appointment === null) return { sender };
    const doctor = await stores.doctors.get(appointment.doctor);
    return {
      sender,
      visit: {
        id: appointment.id,
        version: appointment.version,
        start: appointment.start,
        end: appointment.end,
        timezone: branch.timezone,
        branch: branch.nameInMessages ?? branch.name,
        doctor: doctor?.name ?? '',
        ...(branch.address !== undefined && { address: branch.address }),
      },
    };
  };
}
