import { DateTime } from 'luxon';
import type { Branch } from '../../core/branch.ts';
import { DAY_MS } from '../../core/clock.ts';
import type { Choice } from '../../core/content.ts';
import type { Survey, SurveyGroup } from '../../core/survey.ts';
import { type Asking, type CommandAnswer, type CommandDependencies, linesOf, say } from './answering.ts';
import { mayTakeCare } from './permissions.ts';

const PERIOD_DAYS = 30;
const MOST_LOW = 8;
/** So that eight comments fit one message. */
const MOST_COMMENT = 250;

/** `/reviews` of several branches: the last 30 days of each; the caller adds the branches as buttons. */
export async function tellScores(deps: CommandDependencies, asking: Asking): Promise<CommandAnswer> {
  const lines = await Promise.all(asking.branches.map((branch) => summaryOf(deps, asking, branch)));
  return say('reviews', { lines: lines.join('\n') });
}

/** `/reviews` of a branch: the last 30 days, and the newest low scores with a button for those that nobody took care of. */
export async function tellReviews(deps: CommandDependencies, asking: Asking, branch: Branch): Promise<CommandAnswer> {
  const { stores } = deps;
  const { settings } = await stores.switches.get(branch.id, 'survey');
  const low = await stores.surveys.list({ branch: branch.id, scoreUpTo: settings.lowScore }, { limit: MOST_LOW });
  const lines = await Promise.all(low.items.map((survey, index) => lineOf(deps, asking, branch, survey, index + 1)));
  const choices: readonly Choice[] = low.items.flatMap(({ id, takenCareOf }, index) =>
    takenCareOf !== undefined || !mayTakeCare(asking.member.role)
      ? []
      : [{ id: `care.${id}`, key: 'admin.commands.takeCare', values: { number: index + 1 } }],
  );
  return {
    ...say('reviews', { lines: await summaryOf(deps, asking, branch) }),
    parts: lines.length === 0 ? [say('noLowScores')] : [say('lowScores', { lines: lines.join('\n') })],
    choices,
    named: low.items.map(({ patient }) => patient),
  };
}

/** A tap on "taken care of" by linked staff. Null where it is not theirs to say: then it may be the head's, in the alert. */
export async function takeCareOf(deps: CommandDependencies, asking: Asking, id: string): Promise<CommandAnswer | null> {
  const { member, branches, locale } = asking;
  if (!mayTakeCare(member.role)) return null;
  const survey = await deps.stores.surveys.get(id);
  const branch = branches.find((own) => own.id === survey?.branch);
  if (survey === null || branch === undefined) return null;
  const kept = await deps.takeCare(survey.id, member.name);
  return kept === null ? null : say('takenCare', takenValues(kept, branch, locale));
}

async function summaryOf({ stores, render }: CommandDependencies, asking: Asking, branch: Branch): Promise<string> {
  const { locale, now } = asking;
  const from = new Date(now.getTime() - PERIOD_DAYS * DAY_MS);
  const [group] = await stores.surveys.summary({ branch: branch.id, from }, 'branch', {});
  const content =
    group === undefined
      ? say('noScores', { branch: branch.name })
      : say('scores', { branch: branch.name, ...figuresOf(group, locale) });
  return render(content, locale).text;
}

function figuresOf({ answers, average, scores }: SurveyGroup, locale: Asking['locale']) {
  const counts = ([5, 4, 3, 2, 1] as const).map((score) => `${score} × ${scores[score]}`).join(', ');
  return {
    average: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(average),
    count: answers,
    counts,
  };
}

async function lineOf(
  deps: CommandDependencies,
  { locale }: Asking,
  branch: Branch,
  survey: Survey,
  number: number,
): Promise<string> {
  const patient = await deps.stores.patients.get(survey.patient);
  const doctor = await deps.stores.doctors.get(survey.doctor);
  const name = patient === null ? '' : `${patient.firstName} ${patient.lastName}`.trim();
  const values = {
    number,
    at: DateTime.fromJSDate(survey.answeredAt, { zone: branch.timezone }).toFormat('dd.MM'),
    score: survey.score,
    doctor: doctor?.name ?? survey.doctor,
    patient: name || survey.patient,
  };
  return linesOf(deps, locale, [
    say('lowScore', values),
    ...(survey.comment === undefined ? [] : [say('scoreWords', { words: shortened(survey.comment) })]),
    ...(survey.contactRequested ? [say('scoreContact')] : []),
    ...(survey.takenCareOf === undefined ? [] : [say('takenCare', takenValues(survey, branch, locale))]),
  ]);
}

function takenValues({ takenCareOf }: Survey, { timezone: zone }: Branch, locale: Asking['locale']) {
  const at = DateTime.fromJSDate(takenCareOf?.at ?? new Date(0), { zone }).setLocale(locale);
  return { by: takenCareOf?.by ?? '', at: at.toFormat('dd.MM HH:mm') };
}

/** Cut between two graphemes. */
function shortened(words: string): string {
  if (words.length <= MOST_COMMENT) return words;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(words)) {
    if (kept.length + segment.length > MOST_COMMENT) break;
    kept += segment;
  }
  return `${kept}…`;
}
