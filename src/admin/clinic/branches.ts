import Joi from 'joi';
import type { Branch, BranchBody } from '../../core/branch.ts';
import { CHANNELS } from '../../core/channel-name.ts';
import { LOCALES } from '../../core/locale.ts';
import { isSmsSender } from '../../core/sms-sender.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { type PageQuery, pageRequest } from '../fields/page.ts';
import { country, currency, zone } from '../fields/place.ts';
import { line, mailAddress, prose, webAddress } from '../fields/text.ts';
import { presentInstant } from '../presenters/instant.ts';
import { storedAnswer } from '../presenters/stamped.ts';
import { without } from '../presenters/without.ts';
import type { ListedNoun } from './noun.ts';
import { readPhone } from './phones.ts';

const reviewSite = Joi.object({ site: key().required(), url: webAddress().required() }).label('ReviewSite');

const sendersWith = (sms: Joi.Schema) =>
  Joi.object({ sms, emailName: line(100), replyTo: mailAddress() }).label('Senders');

const smsSender = Joi.string().custom((value: string, helpers) => {
  const sender = value.trim();
  if (isSmsSender(sender)) return sender;
  return helpers.message({ custom: 'must be up to 11 letters A–Z, digits and spaces, or a number as + and digits' });
});

const schema = Joi.object<BranchBody>({
  name: line().required(),
  nameInMessages: line(),
  timezone: zone().required(),
  country: country().required(),
  currency: currency().required(),
  locale: Joi.string()
    .valid(...LOCALES)
    .required(),
  phone: line(40),
  town: line(),
  address: line(500),
  website: webAddress(),
  notes: prose(),
  head: Joi.object({ name: line(), email: mailAddress(), telegram: line(64) }).label('Head'),
  reviewSites: Joi.array().items(reviewSite).unique('site').max(20).default([]),
  channels: Joi.array()
    .items(Joi.string().valid(...CHANNELS))
    .unique()
    .default(['whatsapp', 'telegram', 'sms']),
  consentRequired: Joi.boolean().default(false),
  bookingUrl: webAddress(),
  // An id of digits alone is a person's own chat, where no answer could be told from another.
  staffChat: line(64)
    .pattern(/^(?!\d+$)[^#@\s]+$/)
    .messages({ 'string.pattern.base': 'must be the id of a Telegram group, such as -1001234567890' }),
  senders: sendersWith(smsSender),
}).label('Branch');

/** Branches, each in its own zone. */
export function createBranches({ stores }: Pick<AdminDependencies, 'stores'>): ListedNoun<BranchBody> {
  return {
    schema,
    // An earlier version took longer ones.
    answer: storedAnswer(schema.keys({ senders: sendersWith(Joi.string()) }), 'StoredBranch'),
    async put(id, body, { at }) {
      const phone = body.phone === undefined ? undefined : readPhone(body.phone, 'phone', [body.country]);
      const put = await stores.branches.put(id, { ...body, ...(phone !== undefined && { phone }) }, at, 'clinic');
      return { created: put.created, document: presentBranch(put.document) };
    },
    async get(id) {
      const branch = await stores.branches.get(id);
      return branch === null ? null : presentBranch(branch);
    },
    async list(query: PageQuery) {
      const page = await stores.branches.list(pageRequest(query));
      return { items: page.items.map(presentBranch), next: page.next };
    },
  };
}

function presentBranch(branch: Branch): object {
  return { ...without(branch, 'slotsGivenAt'), changedAt: presentInstant(branch.changedAt, branch.timezone) };
}
