import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PatientStore } from '../../src/core/patient.ts';
import { buildPatient, MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const UNTIL = new Date('2026-12-03T21:00:00Z');

/** What every store of patients keeps. */
export function patientContract({ name, create }: { name: string; create: () => Promise<PatientStore> }): void {
  let patients: PatientStore;
  const put = (id: string, body = buildPatient(), at = MONDAY) => patients.put(id, body, at, 'clinic');

  describe(name, () => {
    beforeEach(async () => {
      patients = await create();
    });

    it('gives back what was put', async () => {
      const body = buildPatient({
        birthDate: '1990-02-28',
        consent: { messages: true },
        discountPercent: 5,
        tags: ['vip'],
      });
      const { document, created } = await put('maria', body);
      expect(created).toBe(true);
      expect(document).toEqual({
        ...body,
        id: 'maria',
        storedAt: MONDAY,
        birthDateEnteredAt: MONDAY,
        changedAt: MONDAY,
        changedBy: 'clinic',
      });
      expect(await patients.get('maria')).toEqual(document);
    });

    it('answers an equal PUT with the document as it is', async () => {
      const first = await put('maria');
      expect(await put('maria', buildPatient(), NOON)).toEqual({ ...first, created: false });
    });

    it('takes a field away that the clinic leaves out', async () => {
      await put('maria', buildPatient({ email: 'm@example.org' }));
      expect((await put('maria', buildPatient(), NOON)).document).not.toHaveProperty('email');
    });

    it('makes one patient of many first PUTs', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => put('maria')));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
    });

    it('keeps what the patient chose in chat over every PUT', async () => {
      await put('maria');
      await patients.setLocale('maria', 'it', NOON);
      await patients.setChatConsent('maria', { messages: true }, 'v1', NOON);
      await patients.setChatConsent('maria', { advertising: false }, 'v2', NOON);
      expect((await put('maria', buildPatient({ town: 'Тула' }), NOON)).document).toMatchObject({
        town: 'Тула',
        chosenLocale: 'it',
        chatConsent: { messages: true, advertising: false, textVersion: 'v2', at: NOON },
      });
    });

    it('knows since when the present birth date is there', async () => {
      await put('maria');
      expect(await patients.get('maria')).not.toHaveProperty('birthDateEnteredAt');
      await put('maria', buildPatient({ birthDate: '1990-02-28' }), NOON);
      await put('maria', buildPatient({ birthDate: '1990-02-28', town: 'Тула' }), UNTIL);
      expect(await patients.get('maria')).toMatchObject({ birthDateEnteredAt: NOON });
      await put('maria', buildPatient({ birthDate: '1990-03-01' }), UNTIL);
      expect(await patients.get('maria')).toMatchObject({ birthDateEnteredAt: UNTIL });
    });

    it('finds by phone the one who has it and the wards of that one', async () => {
      await put('maria');
      await put('child', buildPatient({ phones: [], guardian: 'maria' }));
      await put('ivan', buildPatient({ phones: ['+79169999999'] }));
      expect((await patients.byPhone('+79161234567')).map(({ id }) => id)).toEqual(['maria', 'child']);
    });

    it('pages through those whose birthday is on given days', async () => {
      await put('a', buildPatient({ birthDate: '1990-02-28' }));
      await put('b', buildPatient({ birthDate: '1992-02-29' }));
      await put('c', buildPatient({ birthDate: '1992-03-01' }));
      const ids = async (after: string | null) =>
        (await patients.byBirthday(['02-28', '02-29'], after, 1)).map(({ id }) => id);
      expect([await ids(null), await ids('a'), await ids('b')]).toEqual([['a'], ['b'], []]);
    });

    it('lists each once, page by page, by key', async () => {
      for (const id of ['c', 'a', 'b']) await put(id);
      const first = await patients.list({ limit: 2 });
      const second = await patients.list({ limit: 2, cursor: first.next ?? '' });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });

    describe('with a birthday discount', () => {
      const discount = { percent: 15, until: UNTIL, year: 2026, branch: 'north' };

      beforeEach(async () => {
        await put('maria', buildPatient({ discountPercent: 5 }));
      });

      it('starts it once a year, also when many try', async () => {
        const started = await Promise.all([1, 2, 3].map(() => patients.startDiscount('maria', discount, NOON)));
        expect(started.filter(Boolean)).toHaveLength(1);
        expect(await patients.get('maria')).toMatchObject({ birthdayDiscount: discount, discountPercent: 5 });
      });

      it('does not start one of a year again that is over', async () => {
        await patients.startDiscount('maria', discount, NOON);
        await patients.endDiscount('maria', 2026, NOON);
        expect(await patients.startDiscount('maria', discount, NOON)).toBe(false);
        expect(await patients.get('maria')).not.toHaveProperty('birthdayDiscount');
      });

      it('refuses another discountPercent while it runs, and takes all else', async () => {
        await patients.startDiscount('maria', discount, NOON);
        await expect(put('maria', buildPatient({ discountPercent: 7 }), NOON)).rejects.toMatchObject({
          code: 'discountLocked',
        });
        await expect(put('maria', buildPatient(), NOON)).rejects.toMatchObject({ code: 'discountLocked' });
        const same = await put('maria', buildPatient({ discountPercent: 5, town: 'Тула' }), NOON);
        expect(same.document).toMatchObject({ town: 'Тула', birthdayDiscount: discount });
        expect((await put('maria', buildPatient({ discountPercent: 7 }), UNTIL)).document.discountPercent).toBe(7);
      });

      it('ends the one of that year only', async () => {
        await patients.startDiscount('maria', discount, NOON);
        await patients.endDiscount('maria', 2025, NOON);
        expect(await patients.get('maria')).toHaveProperty('birthdayDiscount');
      });

      it('says which are over and when the next one ends', async () => {
        expect(await patients.nextDiscountEnd()).toBeNull();
        await patients.startDiscount('maria', discount, NOON);
        expect(await patients.nextDiscountEnd()).toEqual(UNTIL);
        expect(await patients.discountsOver(NOON)).toEqual([]);
        expect((await patients.discountsOver(UNTIL)).map(({ id }) => id)).toEqual(['maria']);
      });
    });

    it('changes nothing of a patient that it does not know', async () => {
      await patients.setLocale('nobody', 'it', NOON);
      expect(await patients.erase('nobody', NOON)).toBe(false);
      expect(await patients.get('nobody')).toBeNull();
    });
  });
}
