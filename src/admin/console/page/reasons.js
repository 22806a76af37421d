import { t } from './words.js';

/** The closed list of reason codes, each with its sentence. @type {Record<string, string>} */
const reasons = {
  killSwitch: 'console.reason.killSwitch',
  scenarioOff: 'console.reason.scenarioOff',
  memoOff: 'console.reason.memoOff',
  incognito: 'console.reason.incognito',
  notificationsRefused: 'console.reason.notificationsRefused',
  noConsent: 'console.reason.noConsent',
  advertisingRefused: 'console.reason.advertisingRefused',
  noMobile: 'console.reason.noMobile',
  foreignNumber: 'console.reason.foreignNumber',
  status: 'console.reason.status',
  bookedLate: 'console.reason.bookedLate',
  bookedSameDay: 'console.reason.bookedSameDay',
  onlineSource: 'console.reason.onlineSource',
  telemedicine: 'console.reason.telemedicine',
  notFirst: 'console.reason.notFirst',
  reliable: 'console.reason.reliable',
  noRecommendations: 'console.reason.noRecommendations',
  notLastOfDay: 'console.reason.notLastOfDay',
  recentlyAsked: 'console.reason.recentlyAsked',
  futureVisit: 'console.reason.futureVisit',
  rebooked: 'console.reason.rebooked',
  noWarmup: 'console.reason.noWarmup',
  noBooking: 'console.reason.noBooking',
  bornToday: 'console.reason.bornToday',
  alreadySent: 'console.reason.alreadySent',
  grouped: 'console.reason.grouped',
  moved: 'console.reason.moved',
  tooLate: 'console.reason.tooLate',
  noChannel: 'console.reason.noChannel',
  noFunds: 'console.reason.noFunds',
};

/** Why a message was not sent, in words; empty without a reason. @param {string | null | undefined} code */
export function reasonName(code) {
  const key = reasons[code ?? ''];
  return key === undefined ? (code ?? '') : t(key);
}
