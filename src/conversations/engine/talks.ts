import type { AnyStateMachine } from 'xstate';
import type { MachineName } from '../../core/conversation.ts';
import { confirmationMachine, confirmationVersion } from '../machines/confirmation.ts';
import { inboxMachine, inboxVersion } from '../machines/inbox.ts';
import { linkingMachine, linkingVersion } from '../machines/linking.ts';
import { offerMachine, offerVersion } from '../machines/offer.ts';
import { rebookingMachine, rebookingVersion } from '../machines/rebooking.ts';
import { surveyMachine, surveyVersion } from '../machines/survey.ts';
import { visitsMachine, visitsVersion } from '../machines/visits.ts';

/** A machine with the version that its snapshots carry. */
interface Talk {
  readonly machine: AnyStateMachine;
  readonly version: number;
}

/** Every machine that can hold a conversation. */
export const talks: Readonly<Record<MachineName, Talk>> = {
  confirmation: { machine: confirmationMachine, version: confirmationVersion },
  rebooking: { machine: rebookingMachine, version: rebookingVersion },
  survey: { machine: surveyMachine, version: surveyVersion },
  offer: { machine: offerMachine, version: offerVersion },
  linking: { machine: linkingMachine, version: linkingVersion },
  visits: { machine: visitsMachine, version: visitsVersion },
  inbox: { machine: inboxMachine, version: inboxVersion },
};
