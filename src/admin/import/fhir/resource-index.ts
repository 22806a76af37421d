import { type Element, element, elements, oneLine, text } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { identifierTokens, keyOf, parseReference } from './identity.ts';
import { createNames } from './names.ts';

/** The file's resources by every name that references use. */
export interface ResourceIndex {
  ofType(type: string): readonly Entry[];
  /** Null for a reference without an address, and for `urn:` and identifiers that nothing here has. */
  resolve(reference: Element, from: Entry): Target | null;
  /** The one thing of that type that is called so, by a resource of the file or by a reference with a display. */
  named(type: string, name: string): Target | null;
}

/** Makes the index; resources that another one contains are entries too. Of two versions of a resource the newer one counts. */
export function createResourceIndex(given: readonly Entry[]): ResourceIndex {
  const all = newestOnly(given.flatMap((entry) => [entry, ...contained(entry)]));
  const byIdentity = new Map(all.map((entry) => [`${entry.type}/${entry.key}`, entry]));
  const byUrl = new Map(all.flatMap((entry) => (entry.fullUrl === undefined ? [] : [[entry.fullUrl, entry] as const])));
  const byIdentifier = new Map(
    all.flatMap((entry) => identifierTokens(entry.resource).map((token) => [`${entry.type} ${token}`, entry] as const)),
  );
  const byType = new Map<string, Entry[]>();
  for (const entry of all) {
    const same = byType.get(entry.type);
    if (same === undefined) byType.set(entry.type, [entry]);
    else same.push(entry);
  }

  const ofType: ResourceIndex['ofType'] = (type) => byType.get(type) ?? [];
  const resolve: ResourceIndex['resolve'] = (reference, from) => {
    const display = oneLine(reference['display']);
    const found = (entry: Entry | undefined): Target | null =>
      entry === undefined ? null : { type: entry.type, key: entry.key, entry, display };
    const parsed = parseReference(reference);
    switch (parsed.kind) {
      case 'none':
        return null;
      case 'contained':
        return found(byUrl.get(`${from.label}#${parsed.id}`));
      case 'urn':
        return found(byUrl.get(parsed.url));
      case 'identifier': {
        const types = parsed.type === null ? [...byType.keys()] : [parsed.type];
        return found(
          types.map((type) => byIdentifier.get(`${type} ${parsed.token}`)).find((entry) => entry !== undefined),
        );
      }
      case 'literal': {
        const key = keyOf(parsed.id);
        const entry = byUrl.get(parsed.url) ?? byIdentity.get(`${parsed.type}/${key}`);
        return found(entry) ?? { type: parsed.type, key, entry: null, display };
      }
    }
  };
  return { ofType, resolve, named: createNames({ ofType, resolve }) };
}

function contained(owner: Entry): readonly Entry[] {
  return elements(owner.resource['contained']).flatMap((resource) => {
    const [type, id] = [text(resource['resourceType']), text(resource['id'])];
    if (type === undefined || id === undefined) return [];
    const label = `${owner.label} contained ${type.replace(/[^A-Za-z]/g, '').slice(0, 64)}`;
    return [{ label, type, key: keyOf(`${owner.key}.${id}`), resource, fullUrl: `${owner.label}#${id}` }];
  });
}

function newestOnly(entries: readonly Entry[]): readonly Entry[] {
  const newest = new Map<string, Entry>();
  for (const entry of entries) {
    const identity = `${entry.type}/${entry.key}`;
    const known = newest.get(identity);
    if (known === undefined || updatedAt(entry) > updatedAt(known)) newest.set(identity, entry);
  }
  return [...newest.values()];
}

function updatedAt({ resource }: Entry): number {
  const at = Date.parse(text(element(resource['meta'])['lastUpdated']) ?? '');
  return Number.isNaN(at) ? 0 : at;
}
