import type { Appointment } from '../../core/appointment.ts';
import type { Conversation } from '../../core/conversation.ts';
import { dayTitle, localDay } from '../../core/day-choices.ts';
import type { Task } from '../../core/task.ts';
import type { EffectParams } from '../machines/effects.ts';
import type { ConversationStores } from './deps.ts';
import { localTime } from './visit-facts.ts';

type TaskStores = Pick<ConversationStores, 'appointments' | 'branches' | 'doctors'>;

/** A task that reception gets for what a machine asked of it. */
export async function taskOf(
  stores: TaskStores,
  id: string,
  params: EffectParams['addTask'],
  conversation: Conversation,
  at: Date,
): Promise<Omit<Task, 'done'>> {
  const visit = params.appointment === null ? null : await stores.appointments.get(params.appointment);
  return {
    id,
    kind: params.kind,
    patient: conversation.patient,
    branch: conversation.branch,
    ...(params.appointment !== null && { appointment: params.appointment }),
    content: {
      key: visit === null ? params.key : `${params.key}About`,
      values: visit === null ? {} : await visitValues(stores, visit),
    },
    createdAt: at,
  };
}

/** The task that says what a patient changed in chat, so that reception sees it without polling `GET /changes`. */
export async function changedTask(
  stores: TaskStores,
  id: string,
  change: 'cancelled' | 'moved' | 'booked',
  visit: Appointment,
  at: Date,
): Promise<Omit<Task, 'done'>> {
  return {
    id,
    kind: 'changedInChat',
    patient: visit.patient,
    branch: visit.branch,
    appointment: visit.id,
    content: { key: `conversations.task.${change}`, values: await visitValues(stores, visit) },
    createdAt: at,
  };
}

/** Day, time and doctor of a visit in the branch's language, for staff. */
export async function visitValues(
  stores: Pick<ConversationStores, 'branches' | 'doctors'>,
  visit: Appointment,
): Promise<{ readonly day: string; readonly time: string; readonly doctor: string }> {
  const branch = await stores.branches.get(visit.branch);
  const doctor = await stores.doctors.get(visit.doctor);
  const zone = branch?.timezone ?? 'UTC';
  return {
    day: dayTitle(localDay(visit.start, zone), branch?.locale ?? 'en'),
    time: localTime(visit.start, zone),
    doctor: doctor?.name ?? '',
  };
}
