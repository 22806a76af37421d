import { describe, expect, it } from '@jest/globals';
import { given, untaken } from '../../support/machine-spec.ts';

const OPENING = {
  appointment: 'visit',
  doctor: 'd1',
  services: [],
  lowScore: 3,
  reviewLinks: 'everyone',
  sites: [{ site: 'google', url: 'https://reviews.example' }],
  alertTo: { email: 'head@clinic.example' },
  showPhone: false,
};
const INPUT = { opening: OPENING, expiresAt: '2026-12-01T09:00:00.000Z' };
const asked = () => given('survey', INPUT);
const inState = (state: string, context = {}) => given('survey', INPUT, state, { survey: 's1', score: 2, ...context });
const score = (value: number, words: string | null = null) => ({ type: 'scored', score: value, words });
const words = { type: 'commented', text: 'cold' };

describe('The survey machine', () => {
  it('thanks for a high score and stores it at once', () => {
    asked()
      .when(score(4))
      .then('thanked')
      .says('survey.thanked')
      .does({ type: 'storeScore', survey: 'fresh', score: 4 })
      .ends('scored');
    asked()
      .when(score(5, '5, but loud'))
      .then('praised')
      .does('storeScore', { type: 'storeComment', words: '5, but loud' })
      .ends('scoredWithComment');
  });

  it('alerts at once on a low score, and asks what went wrong', () => {
    asked()
      .when(score(3))
      .then('commenting')
      .says('survey.whatWentWrong')
      .does('storeScore', { type: 'alert', survey: 'fresh', news: { kind: 'score', score: 3, words: null } })
      .offers('contactMe', 'noContact');
    asked()
      .when(score(1, '1, rude'))
      .then('askingContact')
      .says('survey.commentThanked')
      .does('storeScore', 'storeComment', 'alert');
  });

  it('stores the comment, alerts again and asks whether to call', () => {
    inState('commenting')
      .when(words)
      .then('askingContact')
      .says('survey.commentThanked')
      .does(
        { type: 'storeComment', survey: 's1', words: 'cold' },
        { type: 'alert', news: { kind: 'comment', score: 2, words: 'cold' } },
      )
      .offers('contactMe', 'noContact')
      .when(words)
      .then('askingContact')
      .says()
      .does('storeComment', 'alert')
      .when({ type: 'contactAsked' })
      .then('commented')
      .says('survey.willCall')
      .does('requestContact', 'alert', 'addTask')
      .ends('scoredWithComment');
    inState('askingContact').when({ type: 'contactRefused' }).then('commented').says('survey.noCall').does();
  });

  it('takes the wish to be called before the comment', () => {
    inState('commenting')
      .when({ type: 'contactAsked' })
      .then('commenting')
      .says('survey.willCallTellMore')
      .does('requestContact', 'alert', 'addTask')
      .when(words)
      .then('commented')
      .says('survey.allNoted')
      .does('storeComment', 'alert');
    inState('commenting').when({ type: 'contactRefused' }).then('scored').says('survey.refused').ends('scored');
    inState('scored')
      .when({ type: 'contactAsked' })
      .then('scored')
      .says('survey.willCall')
      .does('requestContact', 'alert', 'addTask');
    inState('commented').when({ type: 'contactAsked' }).then('commented').does('requestContact', 'alert', 'addTask');
    inState('commented', { contactRequested: true })
      .when({ type: 'contactAsked' })
      .then('commented')
      .says('survey.willCall')
      .does();
  });

  it('adds later words to the comment', () => {
    inState('thanked', { score: 5 }).when(words).then('praised').says('survey.wordsThanked').does('storeComment');
    inState('praised', { score: 5 }).when(words).then('praised').says().does('storeComment');
    inState('praised', { score: 2 }).when(words).then('praised').says().does('storeComment', 'alert');
    inState('scored').when(words).then('commented').says('survey.wordsThanked').does('storeComment', 'alert');
    inState('commented').when(words).then('commented').says().does('storeComment', 'alert');
    inState('commented', { score: 4 }).when(words).then('commented').says().does('storeComment');
  });

  it('keeps the first score; a later one is thanked for and told to the head when either is low', () => {
    for (const state of ['commenting', 'askingContact', 'thanked', 'praised', 'scored', 'commented']) {
      inState(state).when(score(2)).then(state).says('survey.already').does();
      inState(state)
        .when(score(5))
        .then(state)
        .says('survey.laterScore')
        .does({ type: 'alert', news: { kind: 'laterScore', score: 5, words: null } });
      inState(state, { score: 5 }).when(score(4)).then(state).says('survey.laterScore').does();
    }
  });

  it('gives links with a low score only where everyone is asked for a review', () => {
    const only = { opening: { ...OPENING, reviewLinks: 'highScoresOnly' } };
    inState('commenting').when({ type: 'contactRefused' }).says('survey.refused').adds('survey.links', 'survey.link');
    inState('commenting', only).when({ type: 'contactRefused' }).says('survey.refused').adds();
    inState('commenting', only).when(words).says('survey.commentThanked').adds();
    given('survey', { ...INPUT, ...only })
      .when(score(5))
      .says('survey.thanked')
      .adds('survey.links', 'survey.link');
  });

  it('explains the score and the wish to be called once, then hands over', () => {
    for (const [state, key] of [
      ['asked', 'score'],
      ['commenting', 'contact'],
      ['askingContact', 'contact'],
    ] as const) {
      inState(state)
        .when({ type: 'notUnderstood' })
        .then(state)
        .says(`clarify.${key}`)
        .when({ type: 'notUnderstood' })
        .then('handedOver')
        .says('handedOver')
        .does('handOver')
        .ends('handedOver');
    }
    asked().when({ type: 'personAsked' }).then('handedOver').does('handOver');
  });

  it('hands a voice note over', () => {
    inState('commenting')
      .when({ type: 'voiceCame' })
      .then('handedOver')
      .says('survey.voiceHandedOver')
      .does('handOver');
    inState('askingContact')
      .when({ type: 'voiceCame' })
      .then('handedOver')
      .says('survey.voiceHandedOver')
      .does('handOver');
  });

  it('closes when its time is over, the number is stopped, or the visit is gone', () => {
    asked().when({ type: 'timeOver' }).then('expired').says().ends('expired');
    asked().when({ type: 'stopped' }).then('optedOut').says().ends('optedOut');
    asked().when({ type: 'visitMoved' }).then('expired');
    asked().when({ type: 'visitCancelled' }).then('expired');
    inState('commenting').when({ type: 'timeOver' }).then('scored').ends('scored');
    inState('commenting').when({ type: 'stopped' }).then('scored');
    inState('askingContact').when({ type: 'timeOver' }).then('commented').ends('scoredWithComment');
    inState('askingContact').when({ type: 'stopped' }).then('commented');
    for (const state of ['expired', 'optedOut', 'handedOver']) {
      inState(state).when(score(5)).then(state).says('survey.closed').does();
      inState(state).when({ type: 'personAsked' }).then(state).says();
    }
    for (const state of ['thanked', 'praised', 'scored', 'commented']) {
      inState(state).when({ type: 'personAsked' }).then(state).says();
    }
  });

  it('has no transition that is not here', () => {
    expect(untaken('survey')).toEqual([]);
  });
});
