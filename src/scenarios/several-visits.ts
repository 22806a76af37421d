import type { Content } from '../core/content.ts';
import type { Saying, Telling } from './definition.ts';
import type { VisitFacts } from './facts.ts';
import { visitValues } from './values.ts';

/**
 * The wording where one message speaks for several visits of a day: a line for each, with the patients' names when there
 * are several. An own text stands for the first visit, and the others follow it.
 */
export function severalVisits(facts: VisitFacts, { also, locale }: Telling, key: string): Saying {
  if (also.length === 0) return {};
  const all = [facts, ...also];
  const line = new Set(all.map(({ patient }) => patient.id)).size > 1 ? 'scenarios.visitLineOf' : 'scenarios.visitLine';
  const lines = all.map((one): Content => ({ key: line, values: visitValues(one, locale) }));
  return { key, parts: lines, partsWithOwn: lines.slice(1) };
}
