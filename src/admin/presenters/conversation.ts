import Joi from 'joi';
import type { Conversation } from '../../core/conversation.ts';
import { type BranchZones, zoneOf } from './branch-zones.ts';
import { presentInstant } from './instant.ts';

/** The schema of a conversation. */
export const conversationAnswer = Joi.object({
  id: Joi.string().required(),
  patient: Joi.string().allow(null).required(),
  branch: Joi.string().allow(null).required(),
  channel: Joi.string().required(),
  address: Joi.string().required(),
  machine: Joi.string().required(),
  state: Joi.string().required(),
  status: Joi.string().valid('open', 'handedOver', 'closed').required(),
  outcome: Joi.string(),
  openedAt: Joi.string().required(),
  changedAt: Joi.string().required(),
}).label('Conversation');

/** A conversation as the API shows it. */
export function presentConversation(conversation: Conversation, zones: BranchZones): object {
  const zone = zoneOf(zones, conversation.branch);
  return {
    id: conversation.id,
    patient: conversation.patient,
    branch: conversation.branch,
    channel: conversation.at.channel,
    address: conversation.at.address,
    machine: conversation.machine,
    state: conversation.state,
    status: conversation.status,
    outcome: conversation.outcome,
    openedAt: presentInstant(conversation.openedAt, zone),
    changedAt: presentInstant(conversation.changedAt, zone),
  };
}
