// What the page reads of the API's answers; the whole of them is described at /docs.

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly name: string,
 *   readonly currency: string,
 *   readonly locale: string,
 *   readonly timezone: string,
 *   readonly channels: readonly string[],
 *   readonly reviewSites: readonly { readonly site: string; readonly url: string }[],
 *   readonly head?: { readonly name?: string; readonly email?: string; readonly telegram?: string },
 *   readonly bookingUrl?: string,
 * }} Branch
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly lastName: string,
 *   readonly firstName: string,
 *   readonly phones: readonly string[],
 *   readonly email?: string,
 * }} Patient
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly patient: string,
 *   readonly branch: string,
 *   readonly doctor: string,
 *   readonly start: string,
 *   readonly status: string,
 * }} Visit
 */

/**
 * @typedef {{
 *   readonly problem: string,
 *   readonly text: string,
 *   readonly path: string,
 * }} Fix
 */

/**
 * @typedef {{
 *   readonly count: number,
 *   readonly share: number,
 *   readonly revenue: number,
 * }} Outcome
 */

/** @typedef {Readonly<Record<string, Outcome>>} Outcomes */

/**
 * @typedef {{
 *   readonly key: string,
 *   readonly block: 'warming' | 'growth',
 *   readonly enabled: boolean,
 *   readonly state: 'off' | 'working' | 'workingWithProblems' | 'notWorking',
 *   readonly problems: readonly string[],
 *   readonly fixes: readonly Fix[],
 *   readonly price: number,
 *   readonly prices: Readonly<Record<string, number>>,
 *   readonly settings: Readonly<Record<string, unknown>>,
 *   readonly sent: number,
 *   readonly delivered: number,
 *   readonly read: number,
 *   readonly failed: number,
 *   readonly skipped: Readonly<Record<string, number>>,
 *   readonly outcomes: Outcomes,
 *   readonly spend: number,
 *   readonly next7Days: number,
 *   readonly last7Days: number,
 * }} Card
 */

/**
 * @typedef {{
 *   readonly state: 'working' | 'notWorking' | 'off',
 *   readonly working: number,
 *   readonly total: number,
 *   readonly share: number,
 *   readonly blocks: Readonly<Record<'warming' | 'growth', { readonly working: number; readonly total: number }>>,
 *   readonly outcomes: Outcomes,
 *   readonly spend: number,
 * }} Overview
 */

/**
 * @typedef {{
 *   readonly balance: number,
 *   readonly reserved: number,
 *   readonly currency: string,
 * }} Balance
 */

/** @typedef {{ readonly status: string, readonly at: string, readonly channel?: string, readonly detail?: string }} TimelineEntry */

/** @typedef {{ readonly appointment?: string; readonly patient?: string }} Subject */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly kind: string,
 *   readonly scenario: string | null,
 *   readonly subject: Subject | null,
 *   readonly patient: string | null,
 *   readonly branch: string | null,
 *   readonly channel: string | null,
 *   readonly to: string | null,
 *   readonly text: string | null,
 *   readonly status: string,
 *   readonly reason?: string,
 *   readonly dueAt: string,
 *   readonly timeline: readonly TimelineEntry[],
 *   readonly price: number,
 *   readonly currency: string | null,
 *   readonly attempts: number,
 * }} Message
 */

/**
 * @typedef {{
 *   readonly scenario: string,
 *   readonly subject: Subject,
 *   readonly decision: 'send' | 'wait' | 'skip',
 *   readonly reason?: string,
 *   readonly rule: string,
 *   readonly at: string,
 *   readonly channelsTried: readonly { readonly channel: string; readonly used: boolean; readonly reason?: string }[],
 *   readonly messages: readonly string[],
 * }} WhyRow
 */

/**
 * @typedef {{
 *   readonly scenario: string,
 *   readonly subject: Subject,
 *   readonly patient: string,
 *   readonly at: string,
 *   readonly channel?: string,
 *   readonly decision: 'send' | 'wait' | 'skip',
 *   readonly reason?: string,
 *   readonly text?: string,
 * }} PreviewRow
 */

/**
 * @typedef {{
 *   readonly currency: string,
 *   readonly total: number,
 *   readonly reserved: number,
 *   readonly groups: readonly { readonly key: string; readonly messages: number; readonly amount: number }[],
 * }} Spend
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly patient: string,
 *   readonly doctor: string,
 *   readonly score: number,
 *   readonly comment?: string,
 *   readonly contactRequested: boolean,
 *   readonly answeredAt: string,
 *   readonly takenCareOf?: { readonly by: string; readonly at: string },
 * }} Survey
 */

/**
 * @typedef {{
 *   readonly key: string,
 *   readonly answers: number,
 *   readonly average: number,
 *   readonly scores: Readonly<Record<string, number>>,
 * }} SurveyGroup
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly patient: string | null,
 *   readonly channel: string,
 *   readonly address: string,
 *   readonly machine: string,
 *   readonly state: string,
 *   readonly status: 'open' | 'handedOver' | 'closed',
 *   readonly changedAt: string,
 *   readonly messages?: readonly ConversationLine[],
 * }} Conversation
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly from?: string,
 *   readonly kind?: string,
 *   readonly at?: string,
 *   readonly text?: string | null,
 *   readonly by?: string,
 * }} ConversationLine
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly kind: string,
 *   readonly patient: string | null,
 *   readonly text: string,
 *   readonly createdAt: string,
 *   readonly done: boolean,
 * }} Task
 */

/**
 * @typedef {{
 *   readonly now: string,
 *   readonly running: boolean,
 *   readonly nextAt?: string | null,
 * }} ClockState
 */

/**
 * @typedef {{
 *   readonly channel: string,
 *   readonly address: string,
 *   readonly patient?: string | null,
 *   readonly last: ChatLine | null,
 * }} Chat
 */

/**
 * @typedef {{
 *   readonly id: string,
 *   readonly from: 'bot' | 'patient',
 *   readonly at: string,
 *   readonly text: string,
 *   readonly choices?: readonly { readonly id: string; readonly title: string }[],
 *   readonly status: string,
 * }} ChatLine
 */

/**
 * @typedef {{
 *   readonly channel: string,
 *   readonly state: string,
 *   readonly since: string,
 *   readonly detail?: string,
 * }} ChannelRow
 */

export {};
