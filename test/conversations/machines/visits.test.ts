import { describe, expect, it } from '@jest/globals';
import { aVisit, given, untaken } from '../../support/machine-spec.ts';

const INPUT = { appointments: ['visit', 'second'], expiresAt: '2026-12-01T09:00:00.000Z' };
const two = { visits: [aVisit(), aVisit({ id: 'second', time: '12:00' })] };
const none = { visits: [] };
const inState = (state: string) => given('visits', INPUT, state, { picked: 'visit' });

describe('The visits machine', () => {
  it('lists the visits ahead, goes straight to the only one, and says when there is none', () => {
    given('visits', INPUT)
      .when({ type: 'opened' }, two)
      .then('choosingVisit')
      .says('visits.list')
      .offers('visit:0', 'visit:1');
    given('visits', INPUT)
      .when({ type: 'opened' })
      .then('choosingAction')
      .says('visits.chooseAction')
      .offers('confirm', 'reschedule', 'cancel', 'calendar');
    given('visits', INPUT).when({ type: 'opened' }, none).then('closed').says('visits.none').ends('closed');
  });

  it('offers no confirming of what is confirmed', () => {
    inState('choosingVisit')
      .when({ type: 'visitPicked', pick: 1 }, { visits: [aVisit(), aVisit({ id: 'second', confirmed: true })] })
      .then('choosingAction')
      .offers('reschedule', 'cancel', 'calendar');
  });

  it('gives the chosen step to the confirmation question of the visit', () => {
    inState('choosingAction')
      .when({ type: 'confirm' })
      .then('confirmed')
      .says()
      .does({ type: 'answerVisit', appointment: 'visit', choice: 'confirm' })
      .ends('confirmed');
    inState('choosingAction')
      .when({ type: 'reschedule' })
      .then('moving')
      .does({ type: 'answerVisit', choice: 'reschedule' })
      .ends('moving');
    inState('choosingAction')
      .when({ type: 'cancel' })
      .then('cancelling')
      .does({ type: 'answerVisit', choice: 'cancel' })
      .ends('cancelling');
    inState('choosingAction')
      .when({ type: 'calendarAsked' })
      .then('calendar')
      .says('visits.calendarLink')
      .does()
      .ends('calendar');
    inState('choosingAction').when({ type: 'backAsked' }, two).then('choosingVisit').says('visits.list');
  });

  it('says when the picked visit is not ahead any more', () => {
    inState('choosingVisit').when({ type: 'visitPicked', pick: 5 }, two).then('choosingVisit').says('visits.notThere');
  });

  it('explains once, then hands over; closes when its time is over', () => {
    for (const state of ['choosingVisit', 'choosingAction']) {
      inState(state)
        .when({ type: 'notUnderstood' })
        .then(state)
        .says('clarify.list')
        .when({ type: 'notUnderstood' })
        .then('handedOver')
        .does('handOver')
        .ends('handedOver');
      inState(state).when({ type: 'timeOver' }).then('closed').says();
    }
    inState('choosingVisit').when({ type: 'personAsked' }).then('handedOver').does('handOver');
    for (const state of ['confirmed', 'moving', 'cancelling', 'calendar', 'closed', 'handedOver']) {
      inState(state).when({ type: 'timeOver' }).then(state).says();
    }
  });

  it('has no transition that is not here', () => {
    expect(untaken('visits')).toEqual([]);
  });
});
