import { describe, expect, it } from '@jest/globals';
import { given, untaken } from '../../support/machine-spec.ts';

const INPUT = {
  offer: { year: 2026, percent: 10, until: '2026-12-10T20:59:59.000Z' },
  expiresAt: '2026-12-10T20:59:59.000Z',
};
const offered = () => given('offer', INPUT);

describe('The offer machine', () => {
  it('opens rebooking with its discount', () => {
    offered()
      .when({ type: 'accepted' })
      .then('booked')
      .says()
      .does({ type: 'openOffer', offer: INPUT.offer })
      .ends('booked');
    for (const state of ['booked', 'declined', 'handedOver']) {
      given('offer', INPUT, state).when({ type: 'accepted' }).then('booked').does('openOffer');
    }
  });

  it('can be declined, and ends with the offer', () => {
    offered().when({ type: 'declined' }).then('declined').says('offer.declined').ends('declined');
    offered().when({ type: 'stopped' }).then('declined').says();
    offered().when({ type: 'timeOver' }).then('expired').says().ends('expired');
    given('offer', INPUT, 'expired').when({ type: 'accepted' }).then('expired').says('offer.over').does();
  });

  it('explains once, then hands over', () => {
    offered()
      .when({ type: 'notUnderstood' })
      .then('offered')
      .says('clarify.yesNo')
      .when({ type: 'notUnderstood' })
      .then('handedOver')
      .does('handOver')
      .ends('handedOver');
    offered().when({ type: 'personAsked' }).then('handedOver').does('handOver');
  });

  it('has no transition that is not here', () => {
    expect(untaken('offer')).toEqual([]);
  });
});
