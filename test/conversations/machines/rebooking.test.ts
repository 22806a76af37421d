import { describe, expect, it } from '@jest/globals';
import { given, untaken } from '../../support/machine-spec.ts';

const WISH = {
  mode: 'move',
  appointment: 'visit',
  doctor: 'd1',
  services: ['s1'],
  days: [],
  discount: null,
  further: [],
};
const DAYS = [{ day: '2026-12-02', title: 'Wed, 2 December' }];
const INPUT = { wish: WISH, days: DAYS, expiresAt: '2026-12-01T09:00:00.000Z' };
const slot = (id: string, time: string) => ({
  id,
  doctor: 'd1',
  doctorName: 'Dr Gelashvili',
  start: `2026-12-02T${time}:00.000Z`,
  end: `2026-12-02T${time}:00.000Z`,
  day: 'Wed, 2 December',
  time,
});
const TEN = slot('a', '10:00');
const MANY = ['09', '10', '11', '12', '13', '14', '15', '16', '17'].map((hour) => slot(hour, `${hour}:00`));
const inState = (state: string, context = {}) =>
  given('rebooking', INPUT, state, { day: '2026-12-02', slots: [TEN], slot: TEN, ...context });
const asNew = { wish: { ...WISH, mode: 'new' } };
const link = { bookingUrl: 'https://book.example' };

describe('The rebooking machine', () => {
  it('goes from the day over the slot and a yes to the booking', () => {
    given('rebooking', INPUT)
      .when({ type: 'dayChosen', day: '2026-12-02' })
      .then('loadingSlots')
      .says()
      .does({ type: 'loadSlots', day: '2026-12-02' })
      .when({ type: 'slotsLoaded', slots: [TEN] })
      .then('choosingSlot')
      .says('rebooking.chooseSlot')
      .offers('slot:a', 'back')
      .when({ type: 'slotChosen', slot: 'slot:a' })
      .then('confirming')
      .says('rebooking.moveTo')
      .does()
      .offers('yes', 'back')
      .when({ type: 'yes' })
      .then('booking')
      .says()
      .does({ type: 'bookSlot', id: 'chat-fresh' })
      .when({ type: 'booked', appointment: 'visit' })
      .then('booked')
      .says('rebooking.moved')
      .does()
      .ends('booked');
    inState('booking', asNew).when({ type: 'booked', appointment: 'chat-fresh' }).says('rebooking.booked');
  });

  it('goes on with the next visit of a group', () => {
    inState('booking', { wish: { ...WISH, further: ['second'] } })
      .when({ type: 'booked', appointment: 'visit' })
      .then('booked')
      .does({ type: 'rebookNext', appointments: ['second'] });
  });

  it('loads fresh days when it is opened or asked to', () => {
    for (const type of ['opened', 'daysAsked', 'yes', 'backAsked']) {
      given('rebooking', INPUT).when({ type }).then('loadingDays').does({ type: 'loadDays', after: null });
    }
    given('rebooking', INPUT)
      .when({ type: 'otherDayAsked' })
      .then('loadingDays')
      .does({ type: 'loadDays', after: '2026-12-02' });
  });

  it('offers the days that are free', () => {
    inState('loadingDays')
      .when({ type: 'daysLoaded', days: DAYS, again: false })
      .then('choosingDay')
      .says('rebooking.chooseDay')
      .offers('day:2026-12-02', 'otherDay');
  });

  it('says so when there are no other days, and offers a call', () => {
    inState('loadingDays')
      .when({ type: 'daysLoaded', days: [], again: true })
      .then('choosingDay')
      .says('rebooking.noOtherDays')
      .offers('day:2026-12-02', 'callMe');
  });

  it('gives the link or a task for reception when nothing is free', () => {
    inState('loadingDays')
      .when({ type: 'daysLoaded', days: [], again: false })
      .then('callMe')
      .says('rebooking.noSlots')
      .does({ type: 'addTask', kind: 'callMe' })
      .ends('callMe');
    inState('loadingDays')
      .when({ type: 'daysLoaded', days: [], again: false }, link)
      .then('followingLink')
      .says('rebooking.useLink')
      .offers('callMe');
    inState('followingLink').when({ type: 'yes' }).then('callMe').says('rebooking.willCall').does('addTask');
    inState('followingLink').when({ type: 'no' }).then('gaveUp').says('rebooking.gaveUp').ends('gaveUp');
    inState('followingLink').when({ type: 'timeOver' }).then('gaveUp');
    inState('choosingDay').when({ type: 'callAsked' }).then('callMe').says('rebooking.willCall').does('addTask');
    inState('callMe').when({ type: 'callAsked' }).then('callMe').says().does();
  });

  it('shows eight slots, then later ones, then the first again', () => {
    inState('loadingSlots')
      .when({ type: 'slotsLoaded', slots: MANY })
      .offers('slot:09', 'slot:10', 'slot:11', 'slot:12', 'slot:13', 'slot:14', 'slot:15', 'slot:16', 'later', 'back')
      .when({ type: 'laterAsked' })
      .offers('slot:17', 'back')
      .when({ type: 'laterAsked' })
      .then('choosingSlot')
      .says('rebooking.chooseSlot');
  });

  it('goes back to the days', () => {
    inState('choosingSlot').when({ type: 'backAsked' }).then('loadingDays').does('loadDays');
    inState('choosingSlot')
      .when({ type: 'otherDayAsked' })
      .then('loadingDays')
      .does({ type: 'loadDays', after: '2026-12-02' });
    inState('confirming').when({ type: 'otherDayAsked' }).then('loadingDays').does('loadDays');
    for (const type of ['no', 'backAsked']) inState('confirming').when({ type }).then('loadingSlots').does('loadSlots');
    inState('confirming').when({ type: 'slotChosen', slot: 'slot:a' }).then('loadingSlots').does('loadSlots');
    inState('choosingSlot').when({ type: 'slotChosen', slot: 'slot:gone' }).then('loadingSlots').does('loadSlots');
  });

  it('looks for other days when the day has filled up', () => {
    inState('loadingSlots')
      .when({ type: 'slotsLoaded', slots: [] })
      .then('loadingDays')
      .says('rebooking.dayIsFull')
      .does('loadDays');
    inState('slotTaken')
      .when({ type: 'slotsLoaded', slots: [] })
      .then('loadingDays')
      .says('rebooking.dayIsFull')
      .does('loadDays');
  });

  it('shows new slots when somebody was faster', () => {
    inState('booking').when({ type: 'slotTaken' }).then('slotTaken').says().does('loadSlots');
    inState('slotTaken')
      .when({ type: 'slotsLoaded', slots: [TEN] })
      .then('choosingSlot')
      .says('rebooking.slotTaken')
      .offers('slot:a', 'back');
  });

  it('leaves a visit alone that changed meanwhile', () => {
    inState('booking').when({ type: 'visitGone' }).then('gaveUp').says('rebooking.visitGone');
    inState('choosingDay').when({ type: 'visitMoved' }).then('moved').says().ends('moved');
    inState('choosingDay').when({ type: 'visitCancelled' }).then('gaveUp').says();
    inState('choosingDay', asNew).when({ type: 'visitCancelled' }).then('choosingDay');
    inState('choosingDay', asNew).when({ type: 'visitMoved' }).then('choosingDay');
    for (const type of ['visitMoved', 'visitCancelled']) inState('booking').when({ type }).then('booking').says();
    inState('moved').when({ type: 'visitCancelled' }).then('moved');
  });

  it('gives up when asked to, when stopped and when its time is over', () => {
    for (const state of ['choosingDay', 'choosingSlot'])
      inState(state).when({ type: 'no' }).then('gaveUp').says('rebooking.gaveUp');
    inState('choosingDay').when({ type: 'stopped' }).then('gaveUp').says().ends('gaveUp');
    inState('choosingSlot').when({ type: 'timeOver' }).then('expired').says().ends('expired');
    for (const state of ['booked', 'moved', 'gaveUp', 'callMe', 'expired', 'handedOver']) {
      inState(state).when({ type: 'timeOver' }).then(state).says();
    }
  });

  it('keeps the meaning of old buttons: a day starts its slots again, unless all is done', () => {
    const day = { type: 'dayChosen', day: '2026-12-02' };
    for (const state of ['choosingSlot', 'confirming', 'gaveUp', 'callMe', 'handedOver']) {
      inState(state).when(day).then('loadingSlots').does('loadSlots');
    }
    for (const state of ['loadingSlots', 'slotTaken', 'booking', 'moved']) inState(state).when(day).then(state).does();
    inState('booked').when(day).then('booked').says('rebooking.already');
    for (const state of ['gaveUp', 'callMe', 'moved', 'expired', 'handedOver']) {
      inState(state).when({ type: 'yes' }).then(state).says('rebooking.closed');
      inState(state).when({ type: 'slotChosen', slot: 'slot:a' }).then(state).says('rebooking.closed');
    }
    for (const type of ['otherDayAsked', 'laterAsked', 'backAsked'] as const) {
      for (const state of ['gaveUp', 'callMe', 'moved', 'handedOver']) {
        inState(state).when({ type }).then(state).says('rebooking.closed');
      }
      inState('booked').when({ type }).then('booked').says('rebooking.already');
    }
    inState('booked').when({ type: 'yes' }).then('booked').says('rebooking.already');
    inState('expired').when(day).then('expired').says('rebooking.closed');
    for (const type of ['otherDayAsked', 'laterAsked', 'backAsked']) {
      inState('expired').when({ type }).then('expired').says('rebooking.closed');
    }
    inState('expired').when({ type: 'slotChosen', slot: 'slot:a' }).then('expired').says('rebooking.closed');
    inState('booked').when({ type: 'slotChosen', slot: 'slot:a' }).then('booked').says('rebooking.already');
    inState('booked').when({ type: 'otherDayAsked' }).then('booked').says('rebooking.already');
  });

  it('explains once, then hands over', () => {
    for (const [state, key] of [
      ['choosingDay', 'list'],
      ['choosingSlot', 'list'],
      ['confirming', 'yesNo'],
      ['followingLink', 'yesNo'],
    ] as const) {
      inState(state)
        .when({ type: 'notUnderstood' })
        .then(state)
        .says(`clarify.${key}`)
        .when({ type: 'notUnderstood' })
        .then('handedOver')
        .does('handOver')
        .ends('handedOver');
    }
    inState('choosingSlot').when({ type: 'personAsked' }).then('handedOver').says('handedOver').does('handOver');
  });

  it('has no transition that is not here', () => {
    expect(untaken('rebooking')).toEqual([]);
  });
});
