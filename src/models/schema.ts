import { Schema, type SchemaDefinition, type SchemaDefinitionProperty } from 'mongoose';

/** What every stored document has: its key as a string. */
export interface Keyed {
  readonly _id: string;
}

/** A definition that names every field of `T`, so that none is forgotten when a type grows. */
export type Definition<T> = { readonly [K in keyof Omit<T, '_id'>]-?: SchemaDefinitionProperty };

/** The schema of a collection. Own writes may name known fields only; fields of a newer version stay as they are. */
export function collectionSchema<T extends Keyed>(collection: string, definition: Definition<T>): Schema<T> {
  return new Schema<T>(
    { _id: String, ...definition },
    {
      collection,
      strict: 'throw',
      versionKey: false,
      minimize: false,
      id: false,
    },
  );
}

/** The schema of a part of a document; what a newer version wrote into it is kept. */
export function partSchema<T extends object>(definition: Definition<T>): Schema<T> {
  return new Schema<T>(definition as SchemaDefinition<T>, { strict: false, _id: false, id: false, minimize: false });
}

/** The document's own values of the fields that its schema knows; undefined ones and the key are left out. */
export function knownFields<T extends Keyed>(schema: Schema<T>, document: T): Partial<Omit<T, '_id'>> {
  const stored = document as Readonly<Record<string, unknown>>;
  const names = ownNames(schema).filter((name) => stored[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, stored[name]])) as Partial<Omit<T, '_id'>>;
}

/** An update after which the stored document has exactly these values in all fields that its schema knows, but for `except`. */
export function assignment<T extends Keyed>(
  schema: Schema<T>,
  document: T,
  except: readonly string[] = [],
): { $set: Record<string, unknown>; $unset: Record<string, 1> } {
  const known: Readonly<Record<string, unknown>> = knownFields(schema, document);
  const names = ownNames(schema).filter((name) => !except.includes(name));
  return {
    $set: Object.fromEntries(names.filter((name) => name in known).map((name) => [name, known[name]])),
    $unset: Object.fromEntries(names.filter((name) => !(name in known)).map((name) => [name, 1])),
  };
}

function ownNames<T extends Keyed>(schema: Schema<T>): readonly string[] {
  return Object.keys(schema.obj).filter((name) => name !== '_id');
}
