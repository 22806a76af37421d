import { describe, expect, it } from '@jest/globals';
import { keyOf, parseReference } from '../../../../src/admin/import/fhir/identity.ts';

describe('A reference', () => {
  it.each([
    ['Patient/1', { kind: 'literal', url: 'Patient/1', type: 'Patient', id: '1' }],
    ['Patient/1/_history/2', { kind: 'literal', url: 'Patient/1', type: 'Patient', id: '1' }],
    [
      'https://a.example/fhir/R4/Patient/a.b-1',
      { kind: 'literal', url: 'https://a.example/fhir/R4/Patient/a.b-1', type: 'Patient', id: 'a.b-1' },
    ],
    [
      'http://a.example/Patient/1/_history/9',
      { kind: 'literal', url: 'http://a.example/Patient/1', type: 'Patient', id: '1' },
    ],
    ['urn:uuid:0c6e', { kind: 'urn', url: 'urn:uuid:0c6e' }],
    ['#p1', { kind: 'contained', id: 'p1' }],
    [
      'Practitioner?identifier=http%3A%2F%2Fnpi%7C99',
      { kind: 'identifier', type: 'Practitioner', token: 'http://npi|99' },
    ],
    ['nonsense', { kind: 'none' }],
    ['', { kind: 'none' }],
  ])('is read: %s', (reference, expected) => {
    expect(parseReference({ reference })).toEqual(expected);
  });

  it('may be by identifier alone', () => {
    expect(parseReference({ type: 'Patient', identifier: { system: 's', value: 'v' } })).toEqual({
      kind: 'identifier',
      type: 'Patient',
      token: 's|v',
    });
    expect(parseReference({ display: 'Dr. House' })).toEqual({ kind: 'none' });
  });
});

describe('A key', () => {
  it('is the id where it may be one, else the same hash every time', () => {
    expect(keyOf('eq081-VQEgP8.drUUq')).toBe('eq081-VQEgP8.drUUq');
    expect(keyOf('MRN 17/4')).toBe('fhir-99770eab459f2dbe88f5fb1323ee3b65476ed8e3');
    expect(keyOf('a'.repeat(65))).toMatch(/^fhir-[0-9a-f]{40}$/);
  });
});
