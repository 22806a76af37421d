import { type Element, element, elements, oneLine, text } from './element.ts';

/** What a CodeableConcept is called: its own text, else the display of its chosen or first coding; a bare code is no name. */
export function conceptName(concept: Element): string | undefined {
  const codings = elements(concept['coding']);
  const chosen = codings.find((coding) => coding['userSelected'] === true);
  const displays = [chosen, ...codings].map((coding) => oneLine(element(coding)['display']));
  return oneLine(concept['text']) ?? displays.find((display) => display !== undefined);
}

/** The codes of a CodeableConcept, without their systems. */
export function conceptCodes(concept: Element): readonly string[] {
  return elements(concept['coding']).flatMap((coding) => text(coding['code']) ?? []);
}

/** `system|code` of each coding of these concepts, to compare two of them. */
export function codingTokens(concepts: readonly Element[]): readonly string[] {
  return concepts.flatMap((concept) =>
    elements(concept['coding']).flatMap((coding) => {
      const code = text(coding['code']);
      return code === undefined ? [] : [`${text(coding['system']) ?? ''}|${code}`];
    }),
  );
}
