import type { MachineName } from '../core/conversation.ts';
import type { Expected } from './answers.ts';

type ExpectedKind = Expected['kind'];

/** Which kind of answer a state waits for; states left out wait for none. Closed states hear second thoughts. */
const EXPECTATIONS: Readonly<Record<MachineName, Readonly<Record<string, ExpectedKind>>>> = {
  confirmation: {
    asked: 'confirmation',
    rebooking: 'confirmation',
    confirmed: 'confirmation',
    cancelled: 'confirmation',
    moved: 'confirmation',
    expired: 'confirmation',
    handedOver: 'confirmation',
    choosingVisit: 'list',
    doubting: 'yesNo',
    cancelling: 'reason',
    offeringTime: 'yesNo',
  },
  survey: {
    asked: 'score',
    commenting: 'comment',
    askingContact: 'contact',
    thanked: 'score',
    praised: 'score',
    scored: 'score',
    commented: 'score',
    expired: 'score',
    optedOut: 'score',
    handedOver: 'score',
  },
  rebooking: { choosingDay: 'days', choosingSlot: 'slots', confirming: 'yesNo', followingLink: 'yesNo' },
  offer: { offered: 'yesNo' },
  linking: { askingConsent: 'yesNo', askingAdvertising: 'yesNo' },
  visits: { choosingVisit: 'list', choosingAction: 'confirmation' },
  inbox: { menu: 'list', choosingLanguage: 'list', choosingQuestion: 'list' },
};

/** What a conversation in this state waits for, or null. */
export function expectedKind(machine: MachineName, state: string): ExpectedKind | null {
  return EXPECTATIONS[machine][state] ?? null;
}
