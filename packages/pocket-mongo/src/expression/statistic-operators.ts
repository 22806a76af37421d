import { accumulatorNamed } from '../aggregation/accumulators.ts';
import type { Value } from '../values/value.ts';
import { takingAny } from './operands.ts';
import type { Operator } from './scope.ts';

/** As an expression, an accumulator of one array takes the array's elements; of several operands it takes these. */
const over = (name: string): readonly [string, Operator] =>
  takingAny(name, (values) => {
    const [only] = values;
    const taken: readonly Value[] = values.length === 1 && Array.isArray(only) ? only : values;
    const accumulator = accumulatorNamed(name)();
    for (const value of taken) accumulator.add(value);
    return accumulator.result();
  });

/** `$sum`, `$avg`, `$min` and `$max` outside of `$group`. */
export const STATISTIC_OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries(
  ['$sum', '$avg', '$min', '$max'].map(over),
);
