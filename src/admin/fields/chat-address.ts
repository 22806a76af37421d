import Joi from 'joi';
import { CHANNELS, NUMBER_CHANNELS } from '../../core/channel-name.ts';

/** A channel that the simulator plays. */
export const simulatedChannel = Joi.string().valid(...CHANNELS);

/** The keys of a chat: E.164 with `+` for whatsapp, sms and voice, the chat id for telegram, the mail address for email. */
export const chatAddress = {
  channel: simulatedChannel.required(),
  address: Joi.string()
    .max(254)
    .required()
    .when('channel', {
      is: Joi.valid(...NUMBER_CHANNELS),
      then: Joi.string()
        .pattern(/^\+\d{5,15}$/)
        .messages({ 'string.pattern.base': 'must be a number in E.164, with +' }),
    }),
};
