import { describe, expect, it } from '@jest/globals';
import { aVisit, given, untaken } from '../../support/machine-spec.ts';

const ONE = { appointments: ['visit'], versions: [0], expiresAt: '2026-12-01T09:30:00.000Z' };
const TWO = { appointments: ['visit', 'second'], versions: [0, 0], expiresAt: '2026-12-01T09:30:00.000Z' };
const both = { visits: [aVisit(), aVisit({ id: 'second', time: '12:00' })] };
const confirmed = { visits: [aVisit({ confirmed: true })] };
const cancelled = { visits: [aVisit({ state: 'cancelled' })] };
const moved = { visits: [aVisit({ version: 1, time: '15:00' })] };
const confirm = { type: 'confirm', question: false };
const cancel = { type: 'cancel' };
const reschedule = { type: 'reschedule' };
const asked = () => given('confirmation', ONE);
const inState = (state: string, context = {}) => given('confirmation', ONE, state, { chosen: ['visit'], ...context });

describe('The confirmation machine', () => {
  it('confirms', () => {
    asked().when(confirm).then('confirmed').says('confirmation.confirmed').does('setStatus').ends('confirmed');
  });

  it('confirms and keeps the question in the answer for a person', () => {
    asked()
      .when({ type: 'confirm', question: true })
      .then('confirmed')
      .says('confirmation.confirmedWithQuestion')
      .does('setStatus', 'handOver');
  });

  it('cancels an unconfirmed visit at once, then asks why and offers a new time', () => {
    asked()
      .when(cancel)
      .then('cancelling')
      .says('confirmation.cancelled')
      .does({ type: 'setStatus', appointments: ['visit'], step: 'cancel', reason: null })
      .offers('skip')
      .when({ type: 'reasonGiven', text: 'flu' }, cancelled)
      .then('offeringTime')
      .says('confirmation.offerTime')
      .does({ type: 'setStatus', reason: 'flu' })
      .offers('newTime', 'noTime')
      .when({ type: 'yes' }, cancelled)
      .then('cancelled')
      .does({ type: 'rebookNext', appointments: ['visit'] })
      .ends('cancelled');
  });

  it('lets the reason be skipped and the new time be refused', () => {
    inState('cancelling').when({ type: 'skipped' }, cancelled).then('offeringTime').says('confirmation.offerTime');
    inState('offeringTime').when({ type: 'no' }, cancelled).then('cancelled').says('confirmation.goodbye');
    inState('cancelling').when(reschedule, cancelled).then('cancelled').does('rebookNext');
    inState('offeringTime').when(reschedule, cancelled).then('cancelled').does('rebookNext');
    inState('cancelling').when(cancel, cancelled).then('cancelling').says().does();
  });

  it('asks once before it cancels a confirmed visit', () => {
    asked()
      .when(cancel, confirmed)
      .then('doubting')
      .says('confirmation.cancelConfirmed')
      .does()
      .when({ type: 'yes' }, confirmed)
      .then('cancelling')
      .does({ type: 'setStatus', step: 'cancel' });
    inState('doubting').when(cancel, confirmed).then('cancelling').does('setStatus');
    inState('doubting').when(cancel, cancelled).then('doubting').says('truth.cancelled').does();
    inState('doubting').when({ type: 'no' }, confirmed).then('confirmed').says('confirmation.kept').ends('confirmed');
    inState('doubting').when({ type: 'timeOver' }, confirmed).then('confirmed');
  });

  it('opens rebooking and keeps listening to the question meanwhile', () => {
    asked()
      .when(reschedule)
      .then('rebooking')
      .says()
      .does({ type: 'rebookNext', appointments: ['visit'] });
    inState('rebooking').when(confirm).then('confirmed');
    inState('rebooking').when(cancel).then('doubting').says('confirmation.cancelSure').does();
    inState('doubting').when({ type: 'no' }).then('asked').says('confirmation.kept').does();
    inState('doubting')
      .when({ type: 'timeOver' }, { visits: [aVisit({ state: 'past' })] })
      .then('expired');
    inState('rebooking').when({ type: 'visitMoved' }, moved).then('moved').ends('moved');
    inState('rebooking').when({ type: 'visitCancelled' }, cancelled).then('cancelled').ends('cancelled');
    inState('rebooking').when({ type: 'visitCancelled' }, both).then('rebooking');
  });

  it('answers for all visits of a group, but asks which to cancel or move', () => {
    const group = () => given('confirmation', TWO);
    group()
      .when(confirm, both)
      .then('confirmed')
      .does({ type: 'setStatus', appointments: ['visit', 'second'] });
    group()
      .when(cancel, both)
      .then('choosingVisit')
      .says('confirmation.cancelWhich')
      .offers('visit:0', 'visit:1', 'all');
    group()
      .when(reschedule, both)
      .then('choosingVisit')
      .says('confirmation.moveWhich')
      .offers('visit:0', 'visit:1', 'all');
    const choosing = (intent: string) => given('confirmation', TWO, 'choosingVisit', { intent });
    choosing('cancel')
      .when({ type: 'visitsChosen', pick: 1 }, both)
      .then('cancelling')
      .does({ type: 'setStatus', appointments: ['second'] });
    choosing('cancel')
      .when({ type: 'visitsChosen', pick: 'all' }, both)
      .then('cancelling')
      .does({ type: 'setStatus', appointments: ['visit', 'second'] });
    choosing('cancel').when({ type: 'visitsChosen', pick: 0 }, confirmed).then('doubting').does();
    choosing('cancel').when({ type: 'visitsChosen', pick: 7 }, cancelled).then('choosingVisit').says('truth.cancelled');
    choosing('reschedule')
      .when({ type: 'visitsChosen', pick: 'all' }, both)
      .then('rebooking')
      .does({ type: 'rebookNext', appointments: ['visit', 'second'] });
    choosing('cancel').when({ type: 'visitMoved' }, moved).then('moved');
    choosing('cancel').when({ type: 'visitCancelled' }, both).then('choosingVisit');
    choosing('cancel').when({ type: 'visitCancelled' }, cancelled).then('cancelled');
  });

  it('tells the truth when nothing can be changed any more', () => {
    for (const event of [confirm, cancel, reschedule]) {
      inState('cancelled').when(event, cancelled).then('cancelled').says('truth.cancelled').does();
      inState('expired')
        .when(event, { visits: [aVisit({ state: 'past' })] })
        .then('expired')
        .says('truth.past')
        .does();
      inState('confirmed')
        .when(event, { visits: [aVisit({ state: 'gone' })] })
        .then('confirmed')
        .says('truth.gone')
        .does();
    }
  });

  it('only tells the present time of a visit that was moved since', () => {
    for (const event of [confirm, cancel, reschedule]) {
      inState('confirmed').when(event, moved).then('moved').says('truth.stands').does();
      inState('moved').when(event, moved).then('moved').says('truth.stands').does();
    }
  });

  it('explains each kind of question once, then hands over', () => {
    for (const [state, key] of [
      ['asked', 'confirmation'],
      ['choosingVisit', 'list'],
      ['doubting', 'yesNo'],
      ['offeringTime', 'yesNo'],
    ] as const) {
      inState(state)
        .when({ type: 'notUnderstood' }, { choices: [{ id: 'confirm', key: 'conversations.choice.confirm' }] })
        .then(state)
        .says(`clarify.${key}`)
        .offers('confirm')
        .when({ type: 'notUnderstood' })
        .then('handedOver')
        .says('handedOver')
        .does('handOver')
        .ends('handedOver');
    }
    inState('cancelling').when({ type: 'notUnderstood' }).then('handedOver').says('handedOver').does('handOver');
  });

  it('calls a person when asked to', () => {
    asked().when({ type: 'personAsked' }).then('handedOver').says('handedOver').does('handOver');
  });

  it('closes when the visit is moved, cancelled, or begins', () => {
    asked().when({ type: 'visitMoved' }, moved).then('moved').says().ends('moved');
    asked().when({ type: 'visitCancelled' }, cancelled).then('cancelled').says().ends('cancelled');
    asked().when({ type: 'visitCancelled' }, both).then('asked');
    asked().when({ type: 'timeOver' }).then('expired').says().ends('expired');
    inState('doubting').when({ type: 'visitMoved' }, moved).then('moved');
    inState('doubting').when({ type: 'visitCancelled' }, cancelled).then('cancelled');
    inState('doubting').when({ type: 'visitCancelled' }, both).then('doubting');
    for (const state of ['cancelling', 'offeringTime']) inState(state).when({ type: 'timeOver' }).then('cancelled');
    for (const state of ['confirmed', 'cancelled', 'moved', 'expired', 'handedOver']) {
      inState(state).when({ type: 'timeOver' }).then(state).says();
    }
  });

  it('has no transition that is not here', () => {
    expect(untaken('confirmation')).toEqual([]);
  });
});
