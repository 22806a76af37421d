import { describe, expect, it } from '@jest/globals';
import { given, untaken } from '../../support/machine-spec.ts';

const inState = (state: string) => given('linking', undefined, state);
const token = { type: 'tokenGiven', hash: 'h' };
const own = { type: 'contactShared', phone: '+390000000000', own: true };
const foreign = { type: 'contactShared', phone: '+390000000000', own: false };
const linked = { type: 'linked', name: 'Maria', consentNeeded: false };

describe('The linking machine', () => {
  it('checks a token and links a patient or a member of staff', () => {
    inState('opening')
      .when(token)
      .then('checkingToken')
      .says()
      .does({ type: 'useToken', hash: 'h' })
      .when(linked)
      .then('linked')
      .says('linking.linked')
      .ends('linked');
    inState('checkingToken').when({ type: 'staffLinked', name: 'Olga' }).then('linked').says('linking.staffLinked');
    inState('checkingToken')
      .when({ type: 'tokenRefused' })
      .then('askingPhone')
      .says('linking.tokenRefused')
      .offers('sharePhone');
  });

  it('asks for the phone and takes only the sender’s own', () => {
    inState('opening')
      .when({ type: 'started' })
      .then('askingPhone')
      .says('linking.sharePhone')
      .when({ type: 'started' })
      .then('askingPhone')
      .says('linking.sharePhone');
    inState('askingPhone').when(foreign).then('askingPhone').says('linking.onlyYourOwn').does();
    inState('askingPhone').when(own).then('checkingPhone').says().does({ type: 'matchPhone', phone: '+390000000000' });
    inState('checkingPhone').when(linked).then('linked').says('linking.linked');
    inState('checkingPhone')
      .when({ type: 'nobodyFound' })
      .then('notFound')
      .says('linking.notFound')
      .does({ type: 'addTask', kind: 'linkNotFound' })
      .ends('notFound');
    inState('askingPhone').when({ type: 'timeOver' }).then('notFound').says();
  });

  it('asks for consent, and for advertising apart', () => {
    for (const state of ['checkingToken', 'checkingPhone']) {
      inState(state)
        .when({ ...linked, consentNeeded: true })
        .then('askingConsent')
        .says('linking.askConsent')
        .offers('yes', 'no');
    }
    inState('askingConsent')
      .when({ type: 'yes' })
      .then('askingAdvertising')
      .says('linking.askAdvertising')
      .does({ type: 'setConsent', messages: true })
      .when({ type: 'yes' })
      .then('linked')
      .says('linking.consentKept')
      .does({ type: 'setConsent', messages: true, advertising: true });
    inState('askingConsent')
      .when({ type: 'no' })
      .then('linked')
      .says('linking.noConsent')
      .does({ type: 'setConsent', messages: false, advertising: false });
    inState('askingAdvertising')
      .when({ type: 'no' })
      .then('linked')
      .does({ type: 'setConsent', messages: true, advertising: false });
    for (const state of ['askingConsent', 'askingAdvertising'])
      inState(state).when({ type: 'timeOver' }).then('linked').does();
  });

  it('explains once, then hands over', () => {
    for (const [state, key] of [
      ['askingPhone', 'phone'],
      ['askingConsent', 'yesNo'],
      ['askingAdvertising', 'yesNo'],
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
    inState('askingPhone').when({ type: 'personAsked' }).then('handedOver').does('handOver');
  });

  it('has no transition that is not here', () => {
    expect(untaken('linking')).toEqual([]);
  });
});
