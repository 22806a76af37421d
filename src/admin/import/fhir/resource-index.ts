import { conceptName } from './coding.ts';
import { type Element, element, elements, oneLine, text } from './element.ts';
import { identifierTokens, keyOf, parseReference } from './identity.ts';

/** A resource of the file with the key that it gets. */
export interface Entry {
  readonly label: string;
  readonly type: string;
  readonly key: string;
  readonly resource: Element;
  /** The entry's own address in the bundle. */
  readonly fullUrl?: string;
}

/** What a reference leads to; `entry` is null for what the file does not hold. */
export interface Target {
  readonly type: string;
  readonly key: string;
  readonly entry: Entry | null;
  readonly display: string | undefined;
}

/** The file's resources by every name that references use. */
export interface ResourceIndex {
  readonly entries: readonly Entry[];
  ofType(type: string): readonly Entry[];
  /** Null for a reference without an address, and for `urn:` and identifiers that nothing here has. */
  resolve(reference: Element, from: Entry): Target | null;
  /** The one resource of that type that is called so. */
  named(type: string, name: string): Entry | null;
}

const NAMED = ['Location', 'Practitioner', 'HealthcareService'];

/** Makes the index; resources that another one contains are entries too. Of two versions of a resource the newer one counts. */
export function createResourceIndex(given: readonly Entry[]): ResourceIndex {
  const all = newestOnly(given.flatMap((entry) => [entry, ...contained(entry)]));
  const byIdentity = new Map(all.map((entry) => [`${entry.type}/${entry.key}`, entry]));
  const byUrl = new Map(all.flatMap((entry) => (entry.fullUrl === undefined ? [] : [[entry.fullUrl, entry] as const])));
  const byIdentifier = new Map(
    all.flatMap((entry) => identifierTokens(entry.resource).map((token) => [`${entry.type} ${token}`, entry] as const)),
  );
  const byName = new Map<string, Entry | null>();
  for (const entry of all.filter(({ type }) => NAMED.includes(type)))
    for (const name of namesOf(entry)) {
      const known = byName.get(`${entry.type} ${name}`);
      byName.set(`${entry.type} ${name}`, known === undefined || known === entry ? entry : null);
    }

  const found = (entry: Entry, display: string | undefined): Target => ({
    type: entry.type,
    key: entry.key,
    entry,
    display,
  });
  return {
    entries: all,
    ofType: (type) => all.filter((entry) => entry.type === type),
    resolve(reference, from) {
      const display = oneLine(reference['display']);
      const parsed = parseReference(reference);
      switch (parsed.kind) {
        case 'none':
          return null;
        case 'contained': {
          const entry = all.find(({ fullUrl }) => fullUrl === `${from.label}#${parsed.id}`);
          return entry === undefined ? null : found(entry, display);
        }
        case 'urn': {
          const entry = byUrl.get(parsed.url);
          return entry === undefined ? null : found(entry, display);
        }
        case 'identifier': {
          const types = parsed.type === null ? [...new Set(all.map(({ type }) => type))] : [parsed.type];
          const entry = types
            .map((type) => byIdentifier.get(`${type} ${parsed.token}`))
            .find((each) => each !== undefined);
          return entry === undefined ? null : found(entry, display);
        }
        case 'literal': {
          const key = keyOf(parsed.id);
          const entry = byUrl.get(parsed.url) ?? byIdentity.get(`${parsed.type}/${key}`);
          return entry === undefined ? { type: parsed.type, key, entry: null, display } : found(entry, display);
        }
      }
    },
    named: (type, name) => byName.get(`${type} ${name.toLowerCase()}`) ?? null,
  };
}

function contained(owner: Entry): readonly Entry[] {
  return elements(owner.resource['contained']).flatMap((resource) => {
    const [type, id] = [text(resource['resourceType']), text(resource['id'])];
    if (type === undefined || id === undefined) return [];
    const label = `${owner.label}#${id.slice(0, 64)}`;
    return [{ label, type, key: keyOf(`${owner.key}.${id}`), resource, fullUrl: `${owner.label}#${id}` }];
  });
}

function namesOf({ resource }: Entry): readonly string[] {
  const plain = [oneLine(resource['name']), ...elements(resource['type']).map(conceptName)];
  const persons = elements(resource['name']).map((name) => oneLine(name['text']));
  return [...plain, ...persons].flatMap((name) => name?.toLowerCase() ?? []);
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
