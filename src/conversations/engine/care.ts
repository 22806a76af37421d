import { dayTitle, localDay } from '../../core/day-choices.ts';
import type { Message, NewMessage } from '../../core/message.ts';
import type { Survey, TakeCare } from '../../core/survey.ts';
import type { EngineDeps } from './deps.ts';
import type { Hearing } from './hearing.ts';
import { localTime } from './visit-facts.ts';

/** Rows of one alert thread: a score, a comment, a wish to be called, a later score; to two addresses each. */
const THREAD = 100;

/** Says that somebody took care of a survey. The first stands; everybody who was alerted is told, once. Null: no such survey. */
export function createTakeCare(deps: EngineDeps): TakeCare {
  return async (id, by) => {
    const kept = await deps.stores.surveys.takeCare(id, by, deps.clock.now());
    if (kept !== null) await tellThread(deps, kept, await threadOf(deps, kept), '');
    return kept;
  };
}

/**
 * A tap on "taken care of" under an alert. Only a chat that was alerted of this very survey may: any other tap does nothing.
 * Who and when are kept and told to all who were alerted; a later tap is told who was first.
 */
export async function hearCare({ deps, message, now }: Hearing, choice: string): Promise<void> {
  const { stores, sender } = deps;
  const { from } = message;
  const survey = await stores.surveys.get(choice.slice('care.'.length));
  if (survey === null) return;
  const thread = await threadOf(deps, survey);
  const asked = thread.find(({ channel, to }) => channel === from.channel && to === from.address);
  if (asked === undefined) return;
  const branch = await stores.branches.get(survey.branch);
  const locale = branch?.locale ?? 'en';
  const member = await stores.staff.byChat(from);
  const head = () => deps.render({ key: 'conversations.alert.head', values: {} }, locale).text;
  const kept = await stores.surveys.takeCare(survey.id, member?.name ?? branch?.head?.name ?? head(), now);
  if (kept === null || (await tellThread(deps, kept, thread, message.id))) return;
  await sender.enqueue([
    {
      key: `care:${survey.id}:${message.id}`,
      kind: 'staff',
      patient: null,
      branch: survey.branch,
      dueAt: now,
      channel: from.channel,
      to: from.address,
      locale,
      content: { key: 'conversations.alert.alreadyTaken', values: takenValues(kept, branch?.timezone, locale) },
    },
  ]);
}

/** False where the thread was told before, by another tap. */
async function tellThread(deps: EngineDeps, survey: Survey, thread: readonly Message[], tap: string): Promise<boolean> {
  const keyOf = ({ channel, to }: Message) => `alert:${survey.id}:cared:${channel}:${to}`;
  const [before] = await deps.stores.outbox.byKeys(thread.map(keyOf));
  if (before !== undefined && before.content?.values['tap'] !== tap) return false;
  const branch = await deps.stores.branches.get(survey.branch);
  const at = deps.clock.now();
  const rows = thread.map((alerted): NewMessage => {
    const locale = alerted.locale ?? branch?.locale ?? 'en';
    const values = { ...takenValues(survey, branch?.timezone, locale), tap };
    return {
      key: keyOf(alerted),
      kind: 'alert',
      subject: { appointment: survey.appointment },
      patient: survey.patient,
      branch: survey.branch,
      dueAt: at,
      ...(alerted.channel !== null && { channel: alerted.channel }),
      ...(alerted.to !== null && { to: alerted.to }),
      locale,
      content: { key: 'conversations.alert.takenCare', values },
      conversation: survey.conversation,
    };
  });
  await deps.sender.enqueue(rows);
  return true;
}

/** One alert of this survey for each address that was alerted. */
async function threadOf({ stores }: EngineDeps, { id, appointment }: Survey): Promise<readonly Message[]> {
  const { items } = await stores.outbox.list({ kind: 'alert', appointment }, { limit: THREAD });
  const own = items.filter(({ key, to }) => key.startsWith(`alert:${id}:`) && to !== null);
  return [...new Map(own.map((row) => [`${row.channel} ${row.to}`, row])).values()];
}

function takenValues({ takenCareOf }: Survey, timezone: string | undefined, locale: Message['locale'] & string) {
  const at = takenCareOf?.at ?? new Date(0);
  const zone = timezone ?? 'UTC';
  return { name: takenCareOf?.by ?? '', day: dayTitle(localDay(at, zone), locale), time: localTime(at, zone) };
}
