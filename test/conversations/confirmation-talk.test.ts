import { describe, expect, it } from '@jest/globals';
import { confirmationOpening, freeSlots, openTalkingClinic } from '../support/talking-clinic.ts';

describe('A confirmation question in a chat', () => {
  it('confirms by a tap and says so once, however often the tap is repeated', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.hears({ kind: 'choice', choice: 'confirm' }, undefined, 'tap-1')).toEqual([
      'confirmation.confirmed',
    ]);
    expect(await clinic.hears({ kind: 'choice', choice: 'confirm' }, undefined, 'tap-1')).toEqual([]);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed', changedBy: 'patient' });
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({
      state: 'confirmed',
      status: 'closed',
      outcome: 'confirmed',
      pending: [],
      wakeAt: null,
    });
  });

  it('cancels at once, asks why, offers a new time and lists the rebooking that follows', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.says('отмените, пожалуйста')).toEqual(['confirmation.cancelled']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'cancelled', changedBy: 'patient' });
    expect((await clinic.stores.tasks.list({}, { limit: 10 })).items).toMatchObject([{ kind: 'changedInChat' }]);
    expect(await clinic.says('заболела')).toEqual(['confirmation.offerTime']);
    await freeSlots(clinic, ['2026-11-25T07:00:00Z']);
    expect(await clinic.says('да')).toEqual(['rebooking.chooseDay']);
    expect(await clinic.talk('rebooking')).toMatchObject({ status: 'open', state: 'choosingDay' });
    expect(await clinic.says('1')).toEqual(['rebooking.chooseSlot']);
    expect(await clinic.says('10:00')).toEqual(['rebooking.bookFor']);
    expect(await clinic.says('да')).toEqual(['rebooking.booked']);
    const talk = await clinic.talk('rebooking');
    const booked = await clinic.stores.appointments.list({ patient: 'maria', status: 'unconfirmed' }, { limit: 10 });
    expect(talk).toMatchObject({ status: 'closed', outcome: 'booked' });
    expect(booked.items).toMatchObject([
      { source: 'chat', insteadOf: 'visit', start: new Date('2026-11-25T07:00:00Z') },
    ]);
  });

  it('moves the visit itself, keeps the old time until the new one is written, and closes the question as moved', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    const message = await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await freeSlots(clinic, ['2026-11-24T08:00:00Z', '2026-11-25T07:00:00Z']);
    expect(await clinic.taps('reschedule', message.id)).toEqual(['rebooking.chooseDay']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ start: new Date('2026-11-24T07:00:00Z') });
    expect(await clinic.taps('day:2026-11-25')).toEqual(['rebooking.chooseSlot']);
    const slot = (await clinic.talk('rebooking')).choices[0]?.id ?? '';
    expect(await clinic.taps(slot)).toEqual(['rebooking.moveTo']);
    expect(await clinic.taps('yes')).toEqual(['rebooking.moved']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({
      start: new Date('2026-11-25T07:00:00Z'),
      status: 'unconfirmed',
      version: 1,
    });
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ status: 'closed', outcome: 'moved' });
    expect(await clinic.taps('confirm', message.id)).toEqual(['truth.stands']);
  });

  it('asks again instead of falling silent when a list of times is answered with a yes', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await freeSlots(clinic, ['2026-11-24T08:00:00Z', '2026-11-25T07:00:00Z']);
    expect(await clinic.says('перенести')).toEqual(['rebooking.chooseDay']);
    expect(await clinic.says('1')).toEqual(['rebooking.chooseSlot']);
    expect(await clinic.says('да')).toEqual(['clarify.list']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ start: new Date('2026-11-24T07:00:00Z') });
  });

  it('books a visit within the lead of the confirmation as confirmed', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await freeSlots(clinic, ['2026-11-23T12:00:00Z']);
    await clinic.taps('reschedule');
    await clinic.taps('day:2026-11-23');
    await clinic.says('15:00');
    expect(await clinic.says('да')).toEqual(['rebooking.moved']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
  });

  it('asks once before it cancels what was confirmed', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await clinic.says('да');
    expect(await clinic.says('отменить')).toEqual(['confirmation.cancelConfirmed']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
    expect(await clinic.says('да')).toEqual(['confirmation.cancelled']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'cancelled' });
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ outcome: 'cancelled', status: 'open' });
  });

  it('takes an answer to details or a reminder as one to the question that was never asked', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    const details = await clinic.sent('details', 'visit');
    expect(await clinic.says('да, приду')).toEqual(['confirmation.confirmed']);
    expect(await clinic.hears({ kind: 'text', text: 'не смогу', quote: details.id })).toEqual([
      'confirmation.cancelConfirmed',
    ]);
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ state: 'doubting' });
  });

  it('tells the truth when a closed question is answered', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    const message = await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await clinic.visit('visit', { status: 'cancelled' });
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ status: 'closed', outcome: 'cancelled' });
    expect(await clinic.taps('confirm', message.id)).toEqual(['truth.cancelled']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'cancelled', changedBy: 'clinic' });
  });

  it('only tells the present time when the clinic moved the visit', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    const message = await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await clinic.visit('visit', { start: new Date('2026-11-26T07:00:00Z'), end: new Date('2026-11-26T07:30:00Z') });
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ status: 'closed', outcome: 'moved' });
    expect(await clinic.taps('cancel', message.id)).toEqual(['truth.stands']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'unconfirmed' });
  });

  it('expires at the start of the visit', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.engine.work.nextAt()).toEqual(new Date('2026-11-24T07:00:00Z'));
    clinic.clock.set('2026-11-24T07:00:00Z');
    await clinic.engine.work.run(clinic.clock.now());
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ status: 'closed', outcome: 'expired' });
    expect(await clinic.engine.work.nextAt()).toBeNull();
    expect(await clinic.says('да')).toEqual(['truth.past']);
  });

  it('confirms a group with one answer and asks which one to cancel', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.visit('later', { start: new Date('2026-11-24T09:00:00Z'), end: new Date('2026-11-24T09:30:00Z') });
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit', ['later']));
    expect(await clinic.says('отменить')).toEqual(['confirmation.cancelWhich']);
    expect(await clinic.says('2')).toEqual(['confirmation.cancelled']);
    expect(await clinic.stores.appointments.get('later')).toMatchObject({ status: 'cancelled' });
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'unconfirmed' });
    expect(await clinic.taps('confirm')).toEqual(['confirmation.confirmed']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
  });

  it('does the yes and passes the question on', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.says('Да. А где у вас парковка?')).toEqual(['confirmation.confirmedWithQuestion']);
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
    expect(await clinic.talk('inbox')).toMatchObject({ status: 'handedOver', state: 'withPerson' });
    expect(await clinic.says('Ау?')).toEqual([]);
  });

  it.each(['всё в силе?', 'Запись в силе?', 'still on?', 'confermato?'])(
    'takes no question whether it stands for a yes: %s',
    async (words) => {
      const clinic = await openTalkingClinic();
      await clinic.visit('visit');
      await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
      expect(await clinic.says(words)).toEqual(['clarify.confirmation']);
      expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'unconfirmed' });
      expect(await clinic.says('да, всё в силе')).toEqual(['confirmation.confirmed']);
    },
  );

  it('explains once, then hands over and says so', async () => {
    const clinic = await openTalkingClinic();
    await clinic.visit('visit');
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    expect(await clinic.says('абракадабра какая-то')).toEqual(['clarify.confirmation']);
    expect(await clinic.says('ну вы же видите, как оно тут всё')).toEqual(['handedOver']);
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({
      status: 'closed',
      outcome: 'handedOver',
    });
    expect(await clinic.talk('inbox')).toMatchObject({ status: 'handedOver' });
  });
});
