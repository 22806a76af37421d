/** A FHIR element or resource as it was parsed: nothing is known of its fields. */
export type Element = Readonly<Record<string, unknown>>;

/** The value as an element; an empty one where it is none. */
export function element(value: unknown): Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {};
}

/** The elements of a repeating field; a field of another shape has none. */
export function elements(value: unknown): readonly Element[] {
  return Array.isArray(value) ? value.map(element) : [];
}

/** A string with something in it, trimmed; undefined for anything else. */
export function text(value: unknown): string | undefined {
  const words = typeof value === 'string' ? value.trim() : '';
  return words === '' ? undefined : words;
}

/** The strings of a repeating field. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text).filter((each) => each !== undefined) : [];
}

/** The words of one line: breaks and other control characters become spaces; undefined where nothing is left. */
export function oneLine(value: unknown, longest = 200): string | undefined {
  const words = text(value)?.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return words === undefined ? undefined : text(words.slice(0, longest));
}
