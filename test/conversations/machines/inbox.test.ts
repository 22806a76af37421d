import { describe, expect, it } from '@jest/globals';
import type { CallReason } from '../../../src/conversations/machines/effects.ts';
import { given, untaken } from '../../support/machine-spec.ts';

const inState = (state: string, context = {}) => given('inbox', undefined, state, context);
const questions = [
  { conversation: 'one', choice: { id: 'question:0', key: 'conversations.visit.choice' } },
  { conversation: 'two', choice: { id: 'question:1', key: 'conversations.visit.choice' } },
];

describe('The inbox machine', () => {
  it('shows one menu, then hands over', () => {
    for (const [type, key] of [
      ['notUnderstood', 'menu'],
      ['mediaCame', 'media'],
    ] as const) {
      inState('listening')
        .when({ type })
        .then('menu')
        .says(`inbox.${key}`)
        .offers('menu:visits', 'menu:book', 'menu:person')
        .when({ type })
        .then('withPerson')
        .says('handedOver');
      inState('listening', { clarified: true }).when({ type }).then('withPerson').says('handedOver');
    }
  });

  it('answers the global words', () => {
    inState('listening').when({ type: 'helpAsked' }).then('menu').says('inbox.help');
    inState('menu').when({ type: 'helpAsked' }).then('menu').says('inbox.help');
    inState('listening').when({ type: 'stopHeard' }).then('stopped').says('inbox.stopped').ends('stopped');
    inState('listening').when({ type: 'startHeard' }).then('closed').says('inbox.started');
    for (const state of ['listening', 'menu']) {
      inState(state).when({ type: 'bookAsked' }).then('withPerson').says('inbox.book');
      inState(state).when({ type: 'personAsked' }).then('withPerson').says('handedOver');
    }
    inState('menu').when({ type: 'timeOver' }).then('closed').says();
  });

  it('sets the language and speaks it', () => {
    inState('listening')
      .when({ type: 'languageAsked' })
      .then('choosingLanguage')
      .says('inbox.chooseLanguage')
      .offers('locale:ru', 'locale:en', 'locale:it')
      .when({ type: 'languageChosen', locale: 'it' })
      .then('closed')
      .says('inbox.languageSet')
      .does({ type: 'setLocale', locale: 'it' });
    inState('choosingLanguage')
      .when({ type: 'notUnderstood' })
      .then('choosingLanguage')
      .says('inbox.chooseLanguage')
      .when({ type: 'notUnderstood' })
      .then('withPerson');
    inState('choosingLanguage').when({ type: 'timeOver' }).then('closed');
  });

  it('asks which question is meant, and passes the words on', () => {
    inState('listening')
      .when({ type: 'questionUnclear', text: 'yes', questions })
      .then('choosingQuestion')
      .says('inbox.whichQuestion')
      .offers('question:0', 'question:1')
      .when({ type: 'questionChosen', pick: 1 })
      .then('closed')
      .says()
      .does({ type: 'passOn', conversation: 'two', text: 'yes' });
    inState('choosingQuestion', { questions }).when({ type: 'questionChosen', pick: 9 }).then('choosingQuestion');
    inState('choosingQuestion').when({ type: 'notUnderstood' }).then('withPerson').says('handedOver');
    inState('choosingQuestion').when({ type: 'personAsked' }).then('withPerson').says('handedOver');
    inState('choosingQuestion').when({ type: 'timeOver' }).then('closed');
  });

  it('keeps silent with a person until it is given back', () => {
    inState('listening').when({ type: 'handedOver' }).then('withPerson').says();
    inState('withPerson').when({ type: 'staffAnswered' }).then('withPerson').says();
    inState('withPerson').when({ type: 'notUnderstood' }).then('withPerson').says();
    inState('withPerson').when({ type: 'returnedToBot' }).then('closed').says().ends('backToBot');
    inState('withPerson').when({ type: 'timeOver' }).then('closed').says().ends('backToBot');
  });

  it('calls staff with the reason, and dismisses them', () => {
    const called = (reason: CallReason) => ({ type: 'callStaff', reason }) as const;
    inState('listening').when({ type: 'bookAsked' }).does(called('booking'));
    inState('menu').when({ type: 'personAsked' }).does(called('asked'));
    inState('menu').when({ type: 'notUnderstood' }).does(called('unclear'));
    inState('menu').when({ type: 'mediaCame' }).does(called('media'));
    inState('listening').when({ type: 'handedOver' }).does(called('question'));
    inState('listening').when({ type: 'handedOver', by: 'staff' }).does(called('staff'));
    inState('withPerson').when({ type: 'staffAnswered' }).does();
    inState('withPerson').when({ type: 'returnedToBot' }).does({ type: 'dismissStaff', by: 'staff' });
    inState('withPerson').when({ type: 'timeOver' }).does({ type: 'dismissStaff', by: 'time' });
  });

  it('has no transition that is not here', () => {
    expect(untaken('inbox')).toEqual([]);
  });
});
