import { MongoError } from '../errors.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { openSource } from '../read/open-source.ts';
import { MISS } from '../read/source.ts';
import { sizeOf } from '../values/codec.ts';
import { identityOf } from '../values/key-pattern.ts';
import { typeName } from '../values/type-name.ts';
import { field, type Value } from '../values/value.ts';
import { walk } from '../values/walk.ts';
import type { Command } from './command.ts';
import { hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

const MOST_BYTES = 16 * 1024 * 1024 - 16_384;

/** The different values of one path; the elements of an array count each. */
class Values {
  readonly found = new Map<string, Value>();
  #bytes = 0;

  add(value: Value): void {
    if (value === undefined) return;
    const identity = identityOf(value);
    if (this.found.has(identity)) return;
    this.#bytes += sizeOf({ v: value });
    if (this.#bytes > MOST_BYTES) throw new MongoError(17217, 'distinct too big, 16mb cap');
    this.found.set(identity, value);
  }
}

/** Lists the different values of a path. */
export const DISTINCT: Command = {
  name: 'distinct',
  access: 'read',
  fields: ['key', 'query', 'hint'],
  refused: ['collation'],
  *run(request, context) {
    const key = field(request, 'key');
    if (typeof key !== 'string')
      throw new MongoError(
        14,
        `BSON field 'distinct.key' is the wrong type '${typeName(key)}', expected type 'string'`,
      );
    const match = parseFilterField(field(request, 'query') ?? undefined, 'distinct.query');
    const collection = context.store.catalog.get(namespaceOf(request, context));
    if (!collection) return { values: [] };
    const parts = key.split('.');
    const values = new Values();
    const source = openSource(context, collection, { match, hint: hintField(request) });
    for (;;) {
      const hit = source.step();
      if (hit === undefined) return { values: [...values.found.values()] };
      if (hit !== MISS)
        walk(hit.doc, parts, (value, whole) => {
          if (Array.isArray(value) && !whole) for (const element of value) values.add(element);
          else values.add(value);
          return false;
        });
      yield;
    }
  },
};
