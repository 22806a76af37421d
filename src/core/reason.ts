/** The closed list of reason codes (spec: scenarios.md, Reason codes). */
export const REASONS = [
  'killSwitch',
  'scenarioOff',
  'memoOff',
  'incognito',
  'notificationsRefused',
  'noConsent',
  'advertisingRefused',
  'noMobile',
  'foreignNumber',
  'status',
  'bookedLate',
  'bookedSameDay',
  'onlineSource',
  'telemedicine',
  'notFirst',
  'reliable',
  'noRecommendations',
  'notLastOfDay',
  'recentlyAsked',
  'futureVisit',
  'rebooked',
  'noWarmup',
  'noBooking',
  'bornToday',
  'alreadySent',
  'grouped',
  'moved',
  'tooLate',
  'noChannel',
  'noFunds',
] as const;
export type Reason = (typeof REASONS)[number];

/** Why a channel of the cascade was or was not used for a message. */
export interface ChannelTried {
  readonly channel: string;
  readonly used: boolean;
  readonly reason?: 'notConnected' | 'noIdentity' | 'notAllowed' | 'refused';
}
