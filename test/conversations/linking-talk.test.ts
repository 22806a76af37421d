import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildBranch, buildPatient } from '../support/stored-clinic.ts';
import { openTalkingClinic, type TalkingClinic } from '../support/talking-clinic.ts';

const CHAT = { channel: 'telegram', address: '1001' } as const;

describe('Linking a Telegram chat', () => {
  let clinic: TalkingClinic;
  beforeEach(async () => {
    clinic = await openTalkingClinic();
  });
  const token = (kind: 'patient' | 'staff', subject: string) =>
    clinic.stores.linkTokens.add('hash-TOKEN', { kind, subject, expiresAt: new Date('2026-11-30T06:00:00Z') });
  const linked = async () => (await clinic.stores.identities.at(CHAT)).map(({ patient }) => patient);

  it('links a patient by a one-time token, which no other chat can use', async () => {
    await token('patient', 'maria');
    expect(await clinic.says('/start TOKEN', CHAT)).toEqual(['linking.linked']);
    expect(await linked()).toEqual(['maria']);
    expect(await clinic.talk('linking', CHAT)).toMatchObject({ patient: 'maria', status: 'closed', outcome: 'linked' });
    const other = { channel: 'telegram', address: '1002' } as const;
    expect(await clinic.says('/start TOKEN', other)).toEqual(['linking.tokenRefused']);
    expect(await clinic.stores.identities.at(other)).toEqual([]);
  });

  it('links a member of staff', async () => {
    await clinic.stores.staff.add({
      id: 's1',
      name: 'Ольга',
      role: 'manager',
      branches: [],
      createdAt: clinic.clock.now(),
    });
    await token('staff', 's1');
    expect(await clinic.says('/start TOKEN', CHAT)).toEqual(['linking.staffLinked']);
    expect(await clinic.stores.staff.byChat(CHAT)).toMatchObject({ id: 's1' });
  });

  it('greets a member of staff in the language of their own first branch', async () => {
    const at = clinic.clock.now();
    await clinic.stores.branches.put('roma', buildBranch({ locale: 'it' }), at, 'clinic');
    await clinic.stores.staff.add({ id: 's2', name: 'Marta', role: 'reception', branches: ['roma'], createdAt: at });
    await token('staff', 's2');
    await clinic.says('/start TOKEN', CHAT);
    const { items } = await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 1 });
    expect(items).toMatchObject([{ locale: 'it', content: { key: 'conversations.linking.staffLinked' } }]);
  });

  it('asks for the phone and takes only the sender’s own', async () => {
    expect(await clinic.says('/start', CHAT)).toEqual(['linking.sharePhone']);
    expect(await clinic.hears({ kind: 'contact', phone: '+79161234567', own: false }, CHAT)).toEqual([
      'linking.onlyYourOwn',
    ]);
    expect(await linked()).toEqual([]);
    expect(await clinic.hears({ kind: 'contact', phone: '79161234567', own: true }, CHAT)).toEqual(['linking.linked']);
    expect(await linked()).toEqual(['maria']);
  });

  it('gives reception a task when nobody has the number', async () => {
    await clinic.says('/start', CHAT);
    expect(await clinic.hears({ kind: 'contact', phone: '+79990000000', own: true }, CHAT)).toEqual([
      'linking.notFound',
    ]);
    expect(await clinic.talk('linking', CHAT)).toMatchObject({ status: 'closed', outcome: 'notFound' });
    expect((await clinic.stores.tasks.list({}, { limit: 10 })).items).toMatchObject([{ kind: 'linkNotFound' }]);
  });

  it('asks for consent where the branch requires it, advertising apart, and keeps it with text version and time', async () => {
    await clinic.stores.branches.put('north', buildBranch({ consentRequired: true }), clinic.clock.now(), 'clinic');
    await token('patient', 'maria');
    expect(await clinic.says('/start TOKEN', CHAT)).toEqual(['linking.askConsent']);
    expect(await clinic.taps('yes', undefined, CHAT)).toEqual(['linking.askAdvertising']);
    expect(await clinic.says('нет', CHAT)).toEqual(['linking.consentKept']);
    expect((await clinic.stores.patients.get('maria'))?.chatConsent).toMatchObject({
      messages: true,
      advertising: false,
      textVersion: '2026-1',
    });
  });

  it('does not ask again what the clinic has recorded', async () => {
    await clinic.stores.branches.put('north', buildBranch({ consentRequired: true }), clinic.clock.now(), 'clinic');
    await clinic.stores.patients.put(
      'maria',
      buildPatient({ consent: { messages: true } }),
      clinic.clock.now(),
      'clinic',
    );
    await token('patient', 'maria');
    expect(await clinic.says('/start TOKEN', CHAT)).toEqual(['linking.linked']);
  });
});
