import type { Content } from '../../core/content.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { NewMessage } from '../../core/message.ts';
import type { EffectParams } from '../machines/effects.ts';
import type { ConversationStores } from './deps.ts';
import { visitValues } from './tasks.ts';

/**
 * Rows that tell the head of a low score, to each of e-mail and Telegram that is set. The key begins with the survey, so that
 * further news of it belongs to the same thread. Heeds no window, price or kill switch (spec: conversations.md, Low scores).
 */
export async function alertRows(
  stores: Pick<ConversationStores, 'appointments' | 'branches' | 'doctors' | 'patients'>,
  effect: string,
  { survey, appointment, news, to, showPhone }: EffectParams['alert'],
  conversation: Conversation,
  at: Date,
): Promise<readonly NewMessage[]> {
  const branch = conversation.branch === null ? null : await stores.branches.get(conversation.branch);
  const visit = await stores.appointments.get(appointment);
  const patient = conversation.patient === null ? null : await stores.patients.get(conversation.patient);
  const phone = visit?.phone ?? patient?.phones[0];
  const parts: Content[] = [];
  if (visit !== null) parts.push({ key: 'conversations.alert.visit', values: await visitValues(stores, visit) });
  if (patient !== null) {
    parts.push({ key: 'conversations.alert.patient', values: { name: `${patient.firstName} ${patient.lastName}` } });
  }
  if (news.words !== null) parts.push({ key: 'conversations.alert.words', values: { words: news.words } });
  if (showPhone && phone !== undefined) parts.push({ key: 'conversations.alert.phone', values: { phone } });
  const content: Content = {
    key: `conversations.alert.${news.kind}`,
    values: { score: news.score, branch: branch?.nameInMessages ?? branch?.name ?? '' },
    parts,
    choices: [{ id: `care.${survey}`, key: 'conversations.alert.takenCareOf' }],
  };
  const row = (channel: 'email' | 'telegram', address: string): NewMessage => ({
    key: `alert:${survey}:${effect}:${channel}`,
    kind: 'alert',
    subject: { appointment },
    patient: conversation.patient,
    branch: conversation.branch,
    dueAt: at,
    channel,
    to: address,
    locale: branch?.locale ?? 'en',
    content,
    conversation: conversation.id,
  });
  return [
    ...(to.email === undefined ? [] : [row('email', to.email)]),
    ...(to.telegram === undefined ? [] : [row('telegram', to.telegram)]),
  ];
}
