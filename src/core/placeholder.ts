import type { Values } from './content.ts';

const PLACEHOLDER = /\{\{\s*([A-Za-z][A-Za-z0-9.]*)\s*\}\}/g;

/** The names that a text uses, in order, each once. */
export function placeholdersOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))];
}

/** Puts values in place of `{{names}}`, once: a value that looks like a placeholder stays as it is. A name without a value becomes empty. */
export function fillPlaceholders(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => String(values[name] ?? ''));
}
