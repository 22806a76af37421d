import { DateTime } from 'luxon';
import type { Branch } from '../../core/branch.ts';
import type { Content } from '../../core/content.ts';
import type { WhyRow } from '../../core/decision.ts';
import type { Patient } from '../../core/patient.ts';
import { parsePhone } from '../../core/phone.ts';
import { type Asking, type CommandDependencies, linesOf, say, word } from './answering.ts';

const MOST_PATIENTS = 4;
const MOST_ROWS = 12;

/** `/why PHONE`: the newest decisions about everybody who is reached by this number, in the branches that the asker looks after. */
export async function tellWhy(deps: CommandDependencies, asking: Asking, phone: string): Promise<Content> {
  const number = parsePhone(
    phone,
    asking.branches.map(({ country }) => country),
  );
  if (number === null) return say('noNumber');
  const patients = await deps.stores.patients.byPhone(number.e164);
  const parts: Content[] = [];
  for (const patient of patients.slice(0, MOST_PATIENTS)) {
    const part = await ofPatient(deps, asking, patient);
    if (part !== null) parts.push(part);
  }
  const [first, ...rest] = parts;
  return first === undefined ? say('nobody') : { ...first, parts: rest };
}

async function ofPatient(deps: CommandDependencies, asking: Asking, patient: Patient): Promise<Content | null> {
  const rows = (await deps.why.ofPatient(patient.id, asking.now)) ?? [];
  const own = rows
    .flatMap((row) => {
      const branch = asking.branches.find(({ id }) => id === row.branch);
      return branch === undefined ? [] : [{ row, branch }];
    })
    .sort((one, other) => other.row.at.getTime() - one.row.at.getTime());
  if (own.length === 0) return null;
  const lines = own.slice(0, MOST_ROWS).map(({ row, branch }) => lineOf(deps, asking, row, branch));
  return say('why', { patient: patient.id, lines: linesOf(deps, asking.locale, lines) });
}

function lineOf(deps: CommandDependencies, { locale }: Asking, row: WhyRow, branch: Branch): Content {
  const at = DateTime.fromJSDate(row.at, { zone: branch.timezone }).setLocale(locale);
  const because = row.reason === undefined ? ruleWords(row.rule) : `console.reason.${row.reason}`;
  const words = {
    at: at.toFormat('dd.MM HH:mm'),
    name: word(deps, locale, `console.scenario.${row.scenario}`),
    reason: word(deps, locale, because),
  };
  // What went out is no decision any more.
  if (row.rule === 'sent') return say('whyLineSent', words);
  return say('whyLine', { ...words, decision: word(deps, locale, `console.decision.${row.decision}`) });
}

function ruleWords(rule: string): string {
  return ['moment', 'sent', 'allRulesHold'].includes(rule) ? `console.rule.${rule}` : 'console.rule.allRulesHold';
}
