import type { Content } from '../core/content.ts';
import type { VisitFacts } from './facts.ts';

/** A paragraph for each service of the visit whose recommendation is filled. */
export function serviceTexts(
  { visit }: VisitFacts,
  field: 'recommendationsBefore' | 'recommendationsAfter',
): readonly Content[] {
  return visit.services.flatMap((service) => {
    const text = service[field]?.trim();
    return text ? [{ key: 'scenarios.serviceText', values: { 'service.name': service.name, text } }] : [];
  });
}
