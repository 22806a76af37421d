import type { Hearing } from './hearing.ts';
import { remembered } from './keeper.ts';

/** The head tapped "taken care of" under an alert: kept with name and time, the first who takes care stands. Others' taps do nothing. */
export async function takeCare({ deps, message, now }: Hearing, choice: string): Promise<void> {
  const { stores, sender } = deps;
  const survey = await stores.surveys.get(choice.slice('care.'.length));
  if (survey === null) return;
  const branch = await stores.branches.get(survey.branch);
  const conversation = await stores.conversations.get(survey.conversation);
  const opening = conversation === null ? null : remembered(conversation, 'opening');
  const alerted = typeof opening === 'object' && opening !== null && 'alertTo' in opening ? opening.alertTo : null;
  const telegram =
    typeof alerted === 'object' && alerted !== null && 'telegram' in alerted
      ? alerted.telegram
      : branch?.head?.telegram;
  if (message.from.channel !== 'telegram' || telegram !== message.from.address) return;
  const member = await stores.staff.byChat(message.from);
  const kept = await stores.surveys.takeCare(survey.id, member?.name ?? branch?.head?.name ?? 'head', now);
  await sender.enqueue([
    {
      key: `care:${survey.id}:${message.id}`,
      kind: 'staff',
      patient: null,
      branch: survey.branch,
      dueAt: now,
      channel: 'telegram',
      to: message.from.address,
      locale: branch?.locale ?? 'en',
      content: { key: 'conversations.alert.takenCare', values: { name: kept?.takenCareOf?.by ?? '' } },
    },
  ]);
}
