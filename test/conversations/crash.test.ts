import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  confirmationOpening,
  freeSlots,
  MARIA,
  openTalkingClinic,
  surveyOpening,
  type TalkingClinic,
} from '../support/talking-clinic.ts';

describe('A crash', () => {
  let clinic: TalkingClinic;
  beforeEach(async () => {
    clinic = await openTalkingClinic();
    await clinic.visit('visit');
  });
  const replies = async () => (await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 20 })).items;
  const tap = (choice: string, id: string) => ({
    id,
    from: MARIA,
    at: clinic.clock.now(),
    body: { kind: 'choice', choice } as const,
  });

  it('between the save and its effects leaves one reply and one change after the restart', async () => {
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    clinic.crashAt('conversation:saved');
    await expect(clinic.engine.receive(tap('confirm', 'in-1'))).rejects.toThrow('crash');
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'unconfirmed' });
    const engine = clinic.restarted();
    await engine.recover();
    await engine.receive(tap('confirm', 'in-1'));
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'confirmed' });
    expect(await replies()).toHaveLength(1);
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ pending: [], heard: ['in-1'] });
  });

  it('after the effects and before they are struck off repeats them without harm', async () => {
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    clinic.crashAt('effects:done');
    await expect(clinic.engine.receive(tap('cancel', 'in-1'))).rejects.toThrow('crash');
    const engine = clinic.restarted();
    await engine.receive(tap('cancel', 'in-1'));
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({ status: 'cancelled' });
    expect(await replies()).toHaveLength(1);
    expect((await clinic.stores.tasks.list({}, { limit: 10 })).items).toHaveLength(1);
  });

  it('in the middle of a booking books once', async () => {
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await freeSlots(clinic, ['2026-11-25T07:00:00Z']);
    await clinic.taps('reschedule');
    await clinic.taps('day:2026-11-25');
    await clinic.says('10:00');
    clinic.crashAt('effects:done');
    await expect(clinic.engine.receive(tap('yes', 'in-yes'))).rejects.toThrow('crash');
    await clinic.restarted().recover();
    expect(await clinic.stores.appointments.get('visit')).toMatchObject({
      start: new Date('2026-11-25T07:00:00Z'),
      version: 1,
    });
    expect(await clinic.talk('rebooking')).toMatchObject({ outcome: 'booked', pending: [] });
    expect((await replies()).filter((row) => row.content?.key === 'conversations.rebooking.moved')).toHaveLength(1);
  });

  it('keeps one comment of one message', async () => {
    await clinic.sent('survey', 'visit', surveyOpening('visit'));
    await clinic.says('2');
    clinic.crashAt('effects:done');
    const words = {
      id: 'in-words',
      from: MARIA,
      at: clinic.clock.now(),
      body: { kind: 'text', text: 'холодно' } as const,
    };
    await expect(clinic.engine.receive(words)).rejects.toThrow('crash');
    await clinic.restarted().receive(words);
    expect((await clinic.stores.surveys.list({}, { limit: 10 })).items).toMatchObject([{ comment: 'холодно' }]);
  });

  it('of two answers at once leaves one of them first, and both heard', async () => {
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    await Promise.all([clinic.engine.receive(tap('confirm', 'in-1')), clinic.engine.receive(tap('confirm', 'in-2'))]);
    const talk = await clinic.conversation('confirmation.visit.0');
    expect([...talk.heard].sort()).toEqual(['in-1', 'in-2']);
    expect(talk).toMatchObject({ state: 'confirmed', pending: [] });
  });

  it('leaves an honest restart where a snapshot does not fit any more', async () => {
    await clinic.sent('confirmation', 'visit', confirmationOpening('visit'));
    const stored = await clinic.conversation('confirmation.visit.0');
    await clinic.stores.conversations.save({ ...stored, snapshot: { value: 'wasElsewhere', context: {} } });
    expect(await clinic.taps('confirm')).toEqual(['restarted']);
    expect(await clinic.conversation('confirmation.visit.0')).toMatchObject({ status: 'closed', outcome: 'restarted' });
  });
});
