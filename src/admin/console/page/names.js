import { t } from './words.js';

/** A code of the API in words; one that is not known here shows itself. @param {Record<string, string>} keys */
const inWords = (keys) => (/** @type {string | null | undefined} */ code) => {
  const key = keys[code ?? ''];
  return key === undefined ? (code ?? '') : t(key);
};

/** @type {Record<string, string>} */
const scenarios = {
  details: 'console.scenario.details',
  greeting: 'console.scenario.greeting',
  confirmation: 'console.scenario.confirmation',
  reminder: 'console.scenario.reminder',
  recommendationsBefore: 'console.scenario.recommendationsBefore',
  recommendationsAfter: 'console.scenario.recommendationsAfter',
  survey: 'console.scenario.survey',
  returnAfterNoShow: 'console.scenario.returnAfterNoShow',
  returnAfterCancellation: 'console.scenario.returnAfterCancellation',
  birthday: 'console.scenario.birthday',
};
export const SCENARIOS = Object.keys(scenarios);
export const scenarioName = inWords(scenarios);

/** @type {Record<string, string>} */
const channels = {
  whatsapp: 'console.channel.whatsapp',
  telegram: 'console.channel.telegram',
  sms: 'console.channel.sms',
  email: 'console.channel.email',
  voice: 'console.channel.voice',
};
export const CHANNELS = Object.keys(channels);
export const channelName = inWords(channels);

/** @type {Record<string, string>} */
const statuses = {
  planned: 'console.status.planned',
  queued: 'console.status.queued',
  sending: 'console.status.sending',
  sent: 'console.status.sent',
  delivered: 'console.status.delivered',
  read: 'console.status.read',
  failed: 'console.status.failed',
  skipped: 'console.status.skipped',
  cancelled: 'console.status.cancelled',
  unknown: 'console.status.unknown',
};
export const STATUSES = Object.keys(statuses);
export const statusName = inWords(statuses);

/** @type {Record<string, string>} */
const kinds = {
  scenario: 'console.kind.scenario',
  reply: 'console.kind.reply',
  alert: 'console.kind.alert',
  staff: 'console.kind.staff',
};
export const KINDS = Object.keys(kinds);
export const kindName = inWords(kinds);

export const outcomeName = inWords({
  confirmed: 'console.outcome.confirmed',
  rebooked: 'console.outcome.rebooked',
  answered: 'console.outcome.answered',
  scored: 'console.outcome.scored',
  discountUsed: 'console.outcome.discountUsed',
});

export const decisionName = inWords({
  send: 'console.decision.send',
  wait: 'console.decision.wait',
  skip: 'console.decision.skip',
});

export const ruleName = inWords({
  moment: 'console.rule.moment',
  sent: 'console.rule.sent',
  allRulesHold: 'console.rule.allRulesHold',
  refused: 'console.rule.refused',
});

export const triedName = inWords({
  notConnected: 'console.tried.notConnected',
  noIdentity: 'console.tried.noIdentity',
  notAllowed: 'console.tried.notAllowed',
  refused: 'console.tried.refused',
});

export const channelStateName = inWords({
  up: 'console.channelState.up',
  down: 'console.channelState.down',
  connecting: 'console.channelState.connecting',
  limited: 'console.channelState.limited',
  off: 'console.channelState.off',
});

const channelDetails = inWords({
  unauthorized: 'console.channelDetail.unauthorized',
  conflict: 'console.channelDetail.conflict',
  unreachable: 'console.channelDetail.unreachable',
  noAnswer: 'console.channelDetail.noAnswer',
  rateLimited: 'console.channelDetail.rateLimited',
  accountLocked: 'console.channelDetail.accountLocked',
  accountSuspended: 'console.channelDetail.accountSuspended',
  starting: 'console.channelDetail.starting',
  syncing: 'console.channelDetail.syncing',
  noNetwork: 'console.channelDetail.noNetwork',
  browserFailed: 'console.channelDetail.browserFailed',
  notSynced: 'console.channelDetail.notSynced',
  inUse: 'console.channelDetail.inUse',
  loggedOut: 'console.channelDetail.loggedOut',
  notLinked: 'console.channelDetail.notLinked',
  openedElsewhere: 'console.channelDetail.openedElsewhere',
  banned: 'console.channelDetail.banned',
  coldLimited: 'console.channelDetail.coldLimited',
  rejected: 'console.channelDetail.rejected',
});

/** Why a channel is as it is; a code to link a phone with is shown elsewhere. @param {string} detail */
export const channelDetail = (detail) =>
  /^(?:qr|code):/.test(detail) ? t('console.channelDetail.waitsForLink') : channelDetails(detail);

export const visitStatusName = inWords({
  unconfirmed: 'console.visit.unconfirmed',
  confirmed: 'console.visit.confirmed',
  started: 'console.visit.started',
  completed: 'console.visit.completed',
  noShow: 'console.visit.noShow',
  cancelled: 'console.visit.cancelled',
});

export const machineName = inWords({
  confirmation: 'console.machine.confirmation',
  rebooking: 'console.machine.rebooking',
  survey: 'console.machine.survey',
  offer: 'console.machine.offer',
  linking: 'console.machine.linking',
  visits: 'console.machine.visits',
  inbox: 'console.machine.inbox',
});

export const errorName = inWords({
  unreachable: 'console.error.unreachable',
  invalid: 'console.error.invalid',
  unauthorized: 'console.error.unauthorized',
  forbidden: 'console.error.forbidden',
  notFound: 'console.error.notFound',
  conflict: 'console.error.conflict',
  clockBackwards: 'console.error.clockBackwards',
  idempotencyMismatch: 'console.error.idempotencyMismatch',
  preconditions: 'console.error.preconditions',
  tooManyRequests: 'console.error.tooManyRequests',
  internal: 'console.error.internal',
  notReady: 'console.error.notReady',
});
