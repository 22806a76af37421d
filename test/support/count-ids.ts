import type { NewId } from '../../src/core/clock.ts';

/** Ids that count: `a-0001`, `a-0002` … */
export function countIds(prefix: string): NewId {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${String(count).padStart(4, '0')}`;
  };
}
