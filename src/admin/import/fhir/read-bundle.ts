import type { Remark } from '../plan.ts';
import { type Element, element, elements, text } from './element.ts';
import type { Entry } from './entry.ts';
import { identifierTokens, keyOf } from './identity.ts';

/** What a bundle holds: resources, and those that a transaction or a history says are deleted. */
export interface BundleContents {
  readonly entries: readonly Entry[];
  readonly deleted: readonly { readonly type: string; readonly key: string; readonly label: string }[];
  readonly bad: readonly Remark[];
  readonly leftOut: readonly Remark[];
}

const NAME = /^[A-Za-z0-9._:-]{1,64}$/;

/** Reads a Bundle of any type. A resource that stands alone is a bundle of one. */
export function readBundle(document: Element): BundleContents {
  if (text(document['resourceType']) !== 'Bundle')
    return readEntries([{ label: 'resource', entry: { resource: document } }]);
  const read = readEntries(elements(document['entry']).map((entry, index) => ({ label: `entry[${index}]`, entry })));
  const more = elements(document['link']).some((link) => text(link['relation']) === 'next');
  return more
    ? { ...read, leftOut: [...read.leftOut, { label: 'link', words: 'the bundle goes on in another page' }] }
    : read;
}

/** Reads resources that stand a line each, as bulk exports have them. */
export function readResourceLines(
  lines: readonly { readonly line: number; readonly resource: Element }[],
): BundleContents {
  return readEntries(lines.map(({ line, resource }) => ({ label: `line ${line}`, entry: { resource } })));
}

function readEntries(given: readonly { readonly label: string; readonly entry: Element }[]): BundleContents {
  const entries: Entry[] = [];
  const deleted: { type: string; key: string; label: string }[] = [];
  const bad: Remark[] = [];
  const leftOut: Remark[] = [];
  for (const { label, entry } of given) {
    const [, type, id] =
      /^(?:.*\/)?([A-Z][A-Za-z]+)\/([^/?]+)$/.exec(text(element(entry['request'])['url']) ?? '') ?? [];
    const resource = element(entry['resource']);
    const resourceType = text(resource['resourceType']);
    if (text(element(entry['request'])['method']) === 'DELETE') {
      if (type === undefined || id === undefined) bad.push({ label, words: 'request.url: names no resource' });
      else deleted.push({ type, key: keyOf(id), label: named(label, type, id) });
    } else if (resourceType === undefined) {
      bad.push({ label, words: 'resource.resourceType: is missing' });
    } else {
      const fullUrl = text(entry['fullUrl']);
      const name = text(resource['id']) ?? /^urn:(?:uuid|oid):(.+)$/i.exec(fullUrl ?? '')?.[1] ?? idOf(fullUrl);
      const key = keyOf(name ?? identifierTokens(resource)[0] ?? contentOf(resource));
      entries.push({
        label: named(label, resourceType, name ?? ''),
        type: resourceType,
        key,
        resource,
        ...(fullUrl !== undefined && { fullUrl }),
      });
    }
  }
  return { entries, deleted, bad, leftOut };
}

/** A resource that has no name at all is known by what it holds. */
function contentOf(resource: Element): string {
  try {
    return JSON.stringify(resource);
  } catch {
    // Nested deeper than the stack.
    return Object.keys(resource).join();
  }
}

function idOf(fullUrl: string | undefined): string | undefined {
  return fullUrl === undefined ? undefined : /\/[A-Z][A-Za-z]+\/([^/?#]+)$/.exec(fullUrl)?.[1];
}

/** Ids that are no plain ids are not repeated: they may be anything. */
function named(label: string, type: string, id: string): string {
  if (!/^[A-Za-z]{1,64}$/.test(type)) return label;
  return NAME.test(id) ? `${label} ${type}/${id}` : `${label} ${type}`;
}
