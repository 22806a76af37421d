import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { typeName } from '../values/type-name.ts';
import type { Doc } from '../values/value.ts';
import { type CommandContext, subjectOf } from './command.ts';

const MOST_BYTES = 255;

const invalid = (namespace: string): MongoError => new MongoError(73, `Invalid namespace specified '${namespace}'`);

/** Throws InvalidNamespace unless database and collection may be called so. */
export function checkNamespace(namespace: string): string {
  const dot = namespace.indexOf('.');
  const db = namespace.slice(0, Math.max(dot, 0));
  const collection = namespace.slice(dot + 1);
  if (dot < 1 || /[/\\ "$\0]/.test(db) || Buffer.byteLength(db) > 63) throw invalid(namespace);
  if (collection === '' || collection.startsWith('.') || /[$\0]/.test(collection)) throw invalid(namespace);
  if (collection.startsWith('system.'))
    throw new MongoError(73, `cannot write to or read '${namespace}': system collections do not exist here`);
  if (Buffer.byteLength(namespace) > MOST_BYTES)
    throw new MongoError(73, `Fully qualified namespace is too long. Namespace: ${namespace} Max: 255`);
  return namespace;
}

/** The namespace that a command is about: its database and the value of its own field. */
export function namespaceOf(request: Doc, { db }: CommandContext): string {
  const name = subjectOf(request);
  if (typeof name !== 'string') throw new MongoError(73, `collection name has invalid type ${typeName(name)}`);
  return checkNamespace(`${db}.${name}`);
}

/** The collection of a namespace, made when there is none yet. */
export const existingOrNew = ({ store }: CommandContext, namespace: string): Collection =>
  store.catalog.get(namespace) ?? store.catalog.create(namespace);
