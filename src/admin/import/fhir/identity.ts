import { createHash } from 'node:crypto';
import { type Element, element, elements, text } from './element.ts';

/** What a reference says, whether or not the file holds what it points at. */
export type ParsedReference =
  | { readonly kind: 'literal'; readonly url: string; readonly type: string; readonly id: string }
  | { readonly kind: 'urn'; readonly url: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'identifier'; readonly type: string | null; readonly token: string }
  | { readonly kind: 'none' };

const KEY = /^[A-Za-z0-9._:-]{1,64}$/;
const LITERAL = /^(.*\/)?([A-Z][A-Za-z]+)\/([^/?#]+?)(?:\/_history\/[^/]+)?\/?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?identifier=([^&]+)$/;

/** An id of FHIR as a key of ours: as it is where it may be one, else a hash that is the same every time. */
export function keyOf(id: string): string {
  return KEY.test(id) ? id : `fhir-${createHash('sha256').update(id).digest('hex').slice(0, 40)}`;
}

/** Reads relative, absolute and versioned references, `urn:uuid:`, contained ones, and those by identifier. */
export function parseReference(reference: Element): ParsedReference {
  const url = text(reference['reference']);
  if (url !== undefined) {
    if (url.startsWith('#')) return { kind: 'contained', id: url.slice(1) };
    if (/^urn:/i.test(url)) return { kind: 'urn', url };
    const [, type, token] = CONDITIONAL.exec(url) ?? [];
    if (type !== undefined && token !== undefined) return { kind: 'identifier', type, token: decoded(token) };
    const [, , resourceType, id] = LITERAL.exec(url) ?? [];
    if (resourceType !== undefined && id !== undefined)
      return { kind: 'literal', url: url.replace(/\/_history\/[^/]+\/?$/, ''), type: resourceType, id };
  }
  const token = identifierToken(element(reference['identifier']));
  return token === null ? { kind: 'none' } : { kind: 'identifier', type: text(reference['type']) ?? null, token };
}

/** `system|value` of each identifier of a resource. */
export function identifierTokens(resource: Element): readonly string[] {
  return elements(resource['identifier']).flatMap((identifier) => identifierToken(identifier) ?? []);
}

function identifierToken(identifier: Element): string | null {
  const value = text(identifier['value']);
  return value === undefined ? null : `${text(identifier['system']) ?? ''}|${value}`;
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
