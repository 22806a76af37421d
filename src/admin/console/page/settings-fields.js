/**
 * @typedef {{ name: string, kind: 'number', label: string, min: number, max: number, required?: boolean }
 *   | { name: string, kind: 'choice', label: string, options: { value: string, label: string }[] }
 *   | { name: string, kind: 'words', label: string, hint: string, blank: string }
 *   | { name: string, kind: 'flag' | 'hours' | 'paragraph' | 'sites' | 'alert', label: string }} Field
 */

/** The settings of each scenario beside texts and channels, which all have (spec: scenarios.md, Settings). @type {Record<string, Field[]>} */
export const SETTINGS_FIELDS = {
  greeting: [
    {
      name: 'rule',
      kind: 'choice',
      label: 'console.settings.rule',
      options: [
        { value: 'newOrReturning', label: 'console.settings.ruleNewOrReturning' },
        { value: 'firstVisit', label: 'console.settings.ruleFirstVisit' },
      ],
    },
  ],
  confirmation: [
    { name: 'leadHours', kind: 'number', label: 'console.settings.leadHours', min: 1, max: 168 },
    { name: 'window', kind: 'hours', label: 'console.settings.window' },
    {
      name: 'second',
      kind: 'choice',
      label: 'console.settings.second',
      options: [
        { value: 'nobody', label: 'console.settings.secondNobody' },
        { value: 'everybody', label: 'console.settings.secondEverybody' },
        { value: 'unreliable', label: 'console.settings.secondUnreliable' },
      ],
    },
    { name: 'secondAfterHours', kind: 'number', label: 'console.settings.secondAfterHours', min: 1, max: 24 },
  ],
  reminder: [
    { name: 'leadHours', kind: 'number', label: 'console.settings.leadHours', min: 1, max: 48 },
    { name: 'window', kind: 'hours', label: 'console.settings.window' },
    { name: 'minLeadHours', kind: 'number', label: 'console.settings.minLeadHours', min: 0, max: 168 },
  ],
  recommendationsBefore: [{ name: 'generalText', kind: 'paragraph', label: 'console.settings.generalText' }],
  survey: [
    { name: 'sites', kind: 'sites', label: 'console.settings.sites' },
    {
      name: 'reviewLinks',
      kind: 'choice',
      label: 'console.settings.reviewLinks',
      options: [
        { value: 'everyone', label: 'console.settings.reviewLinksEveryone' },
        { value: 'highScoresOnly', label: 'console.settings.reviewLinksHigh' },
      ],
    },
    { name: 'afterHours', kind: 'number', label: 'console.settings.afterHours', min: 0, max: 24 },
    { name: 'lowScore', kind: 'number', label: 'console.settings.lowScore', min: 1, max: 4 },
    { name: 'expiresHours', kind: 'number', label: 'console.settings.expiresHours', min: 1, max: 168 },
    { name: 'repeatDays', kind: 'number', label: 'console.settings.repeatDays', min: 0, max: 365 },
    { name: 'alertTo', kind: 'alert', label: 'console.settings.alertTo' },
    { name: 'showPhone', kind: 'flag', label: 'console.settings.showPhone' },
  ],
  returnAfterCancellation: [
    {
      name: 'countFrom',
      kind: 'choice',
      label: 'console.settings.countFrom',
      options: [
        { value: 'cancellation', label: 'console.settings.countFromCancellation' },
        { value: 'visit', label: 'console.settings.countFromVisit' },
      ],
    },
  ],
  birthday: [
    { name: 'percent', kind: 'number', label: 'console.settings.percent', min: 1, max: 100, required: true },
    { name: 'validDays', kind: 'number', label: 'console.settings.validDays', min: 1, max: 365, required: true },
    { name: 'daysBefore', kind: 'number', label: 'console.settings.daysBefore', min: 0, max: 30 },
    {
      name: 'services',
      kind: 'words',
      label: 'console.settings.services',
      hint: 'console.settings.servicesHint',
      blank: 'all',
    },
  ],
};
