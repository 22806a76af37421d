import { type AppError, invalid } from '../../core/errors.ts';

const DEEPEST = 20;
const MOST_FIELDS = 200;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const LONE_SURROGATE = /\p{Surrogate}/u;

interface Place {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/**
 * What no body may hold, whatever its schema: keys that reach into prototypes, nesting over 20, arrays and objects too long to
 * be meant, NUL and half characters. Walks without recursion, so that no depth can break it; null when there is nothing wrong.
 */
export function findDanger(json: unknown, maxItems: number): AppError | null {
  const open: Place[] = [{ value: json, path: '', depth: 1 }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path, depth } = place;
    if (typeof value === 'string') {
      if (!isPlain(value)) return invalid(path || 'body', 'holds a character that is no text');
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return invalid(path.slice(0, 100), `is nested deeper than ${DEEPEST}`);
    if (Array.isArray(value)) {
      if (value.length > maxItems) return invalid(path || 'body', `has more than ${maxItems} elements`);
      value.forEach((item: unknown, index) =>
        open.push({ value: item, path: join(path, String(index)), depth: depth + 1 }),
      );
      continue;
    }
    const entries = Object.entries(value);
    if (entries.length > MOST_FIELDS) return invalid(path || 'body', `has more than ${MOST_FIELDS} fields`);
    for (const [key, item] of entries) {
      if (FORBIDDEN.has(key)) return invalid(join(path, key), 'is not allowed');
      if (!isPlain(key)) return invalid(path || 'body', 'holds a field name that is no text');
      open.push({ value: item, path: join(path, key), depth: depth + 1 });
    }
  }
  return null;
}

function isPlain(text: string): boolean {
  return !text.includes('\u0000') && !LONE_SURROGATE.test(text);
}

function join(path: string, key: string): string {
  return path === '' ? key.slice(0, 64) : `${path}.${key.slice(0, 64)}`;
}
