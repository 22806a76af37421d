import Joi from 'joi';
import { CHANNELS, type ChannelName } from '../../core/channel-name.ts';

/** A channel that the simulator plays. */
export const simulatedChannel = Joi.string().valid(...CHANNELS);

const BY_PHONE = ['whatsapp', 'sms', 'voice'] satisfies readonly ChannelName[];

/** The keys of a chat: E.164 with `+` for whatsapp, sms and voice, the chat id for telegram, the mail address for email. */
export const chatAddress = {
  channel: simulatedChannel.required(),
  address: Joi.string()
    .max(254)
    .required()
    .when('channel', {
      is: Joi.valid(...BY_PHONE),
      then: Joi.string()
        .pattern(/^\+\d{5,15}$/)
        .messages({ 'string.pattern.base': 'must be a number in E.164, with +' }),
    }),
};
