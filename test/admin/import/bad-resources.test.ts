import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../../support/admin-server.ts';
import { importCommand } from '../../support/import-command.ts';

const admin = await openAdminServer();
const { file: fileOf, run } = importCommand(admin);
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/fhir/${name}`, import.meta.url));

const flags = ['--branch-zone', 'Europe/Rome', '--country', 'IT', '--currency', 'EUR'];

describe('Bad resources of a bundle', () => {
  it('are named by entry and field without repeating what they hold, and the rest is loaded', async () => {
    await run(fixture('hapi-searchset.json'), ...flags);
    const entry = (resource: object): object => ({ resource });
    const patient = { resourceType: 'Patient', name: [{ family: 'Secretov', given: ['Ivan'] }] };
    const booked = (id: string, who: string, more: object = {}): object =>
      entry({
        resourceType: 'Appointment',
        id,
        status: 'booked',
        start: '2026-11-26T10:00:00Z',
        end: '2026-11-26T10:30:00Z',
        participant: [
          { actor: { reference: `Patient/${who}` }, status: 'accepted' },
          { actor: { reference: 'Practitioner/1010' }, status: 'accepted' },
          { actor: { reference: 'Location/1020' }, status: 'accepted' },
        ],
        ...more,
      });
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        entry({ ...patient, id: 'p-good', telecom: [{ system: 'phone', value: '+39 320 000 1001' }] }),
        entry({
          ...patient,
          id: 'p-phone',
          telecom: [
            { system: 'fax', value: '1' },
            { system: 'phone', value: '12-34' },
          ],
        }),
        entry({ ...patient, id: 'p-born', birthDate: '1985-13-40' }),
        entry({ resourceType: 'Patient', id: 'p-nameless' }),
        booked('v-good', 'p-good'),
        booked('v-nobody', 'p-nobody'),
        booked('v-late', 'p-good', { end: '2026-11-26T09:30:00Z' }),
        booked('v-local', 'p-good', { start: '2026-11-26T10:00:00' }),
        booked('v-odd', 'p-good', { status: 'dreamt' }),
        booked('v-alone', 'p-good', { participant: [{ actor: { display: 'Ivan Secretov' }, status: 'accepted' }] }),
        {},
        entry({
          resourceType: 'Slot',
          id: 's-1',
          status: 'free',
          start: '2026-11-26T10:00:00Z',
          end: '2026-11-26T10:30:00Z',
        }),
      ],
    };
    const { code, out, err } = await run(fileOf('bad.json', JSON.stringify(bundle, null, 2)), ...flags);
    expect(err).toEqual([
      'entry[10]: resource.resourceType: is missing',
      'entry[8] Appointment/v-odd: status: is no status of FHIR R4',
      'entry[9] Appointment/v-alone: participant.actor: names no patient by reference; participant.actor: names no location (give --branch-name to use one for all such visits)',
      'entry[11] Slot/s-1: schedule: leads to no practitioner',
      'entry[1] Patient/p-phone: telecom[1].value: is no telephone number (with + and country code, or of a branch’s country)',
      'entry[2] Patient/p-born: birthDate: must be a day that exists, as YYYY-MM-DD',
      'entry[3] Patient/p-nameless: name.family: is required; name.given: is required',
      'entry[5] Appointment/v-nobody: participant.actor: there is no patient p-nobody',
      'entry[6] Appointment/v-late: end: must be after start',
      'entry[7] Appointment/v-local: start: must be an instant with an offset, such as 2026-12-01T09:00:00+03:00, from 1900 to 2200',
    ]);
    expect([code, out]).toEqual([1, ['loaded 2, bad 10']]);
    expect(err.join(' ')).not.toMatch(/Secretov|Ivan|12-34|1985/);
  });
});
