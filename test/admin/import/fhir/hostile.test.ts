import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { convertResources } from '../../../../src/admin/import/fhir/convert.ts';
import { type Element, element } from '../../../../src/admin/import/fhir/element.ts';
import { readBundle } from '../../../../src/admin/import/fhir/read-bundle.ts';

const FILES = ['hapi-searchset', 'epic-searchset', 'oracle-searchset', 'medplum-slots', 'transaction-urn'];
const bundles = FILES.map((name): Element => {
  const json: unknown = JSON.parse(
    readFileSync(new URL(`../../../fixtures/fhir/${name}.json`, import.meta.url), 'utf8'),
  );
  return element(json);
});
const options = { flags: {}, defaultBranch: null, now: new Date('2026-11-23T05:00:00Z') };

/** Puts a value in the place of the field that comes at this count, wherever it is. */
function replaceAt(json: unknown, count: number, value: unknown): unknown {
  let left = count;
  return JSON.parse(JSON.stringify(json), (_key, field: unknown) => {
    left -= 1;
    return left === 0 ? value : field;
  });
}

describe('A bundle with anything anywhere', () => {
  it('is converted or named, and never breaks the import', () => {
    const odd = fc.constantFrom<unknown>(
      '2026-02-30',
      'Patient/1',
      '#x',
      'urn:uuid:1',
      -1,
      '\u0000',
      null,
      [],
      {},
      [[]],
      true,
    );
    const change = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.oneof(odd, fc.jsonValue()));
    fc.assert(
      fc.property(fc.constantFrom(...bundles), fc.array(change, { minLength: 1, maxLength: 4 }), (bundle, changes) => {
        const broken = changes.reduce<unknown>((json, [count, value]) => replaceAt(json, count, value), bundle);
        const plan = convertResources(readBundle(element(broken)), options);
        expect(plan.bad.every(({ label, words }) => label !== '' && words !== '')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('may be nested deeper than any stack', () => {
    const resource = JSON.parse(
      `{"resourceType":"Patient","name":${'[{"given":'.repeat(50_000)}[]${'}]'.repeat(50_000)}}`,
    ) as Element;
    expect(convertResources(readBundle(resource), options).puts).toHaveLength(1);
  });
});
