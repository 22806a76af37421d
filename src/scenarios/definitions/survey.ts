import { DAY_MS, HOUR_MS } from '../../core/clock.ts';
import { localDay } from '../../core/day-choices.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { deferredMoment } from '../moment.ts';
import { daysBetween } from '../windows.ts';

const SCORES = ['1', '2', '3', '4', '5'] as const;

/** Asks for a score once a doctor a day, some hours after the visit (spec: scenarios.md, survey). */
export const survey: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'survey',
  channels: ['whatsapp', 'telegram', 'sms'],
  statuses: ['started', 'completed'],
  awaits: ['unconfirmed', 'confirmed'],
  domestic: true,
  afterUnknown: 'atMostOnce',
  moment({ visit, switches, branch }) {
    const end = visit.appointment.end.getTime();
    const due = new Date(end + switches.survey.settings.afterHours * HOUR_MS);
    return deferredMoment(due, new Date(end + 2 * DAY_MS), { from: '10:00', to: '20:00' }, branch.timezone);
  },
  conditions: [
    ({ visit: { appointment } }) =>
      appointment.source === 'telemedicine' && appointment.partner === 'prodoctorov' ? 'telemedicine' : null,
    (facts) => (isLastOfDay(facts) ? null : 'notLastOfDay'),
    ({ visit, switches, branch }, _now, { at }) => {
      if (visit.answeredAt === null) return null;
      const days = daysBetween(localDay(visit.answeredAt, branch.timezone), localDay(at, branch.timezone));
      return days < switches.survey.settings.repeatDays ? 'recentlyAsked' : null;
    },
  ],
  say: ({ switches }) => ({
    values: { count: switches.survey.settings.expiresHours },
    choices: SCORES.map((score) => ({ id: score, key: `scenarios.survey.score${score}` })),
  }),
  opening({ visit: { appointment }, switches, branch }, { now }) {
    const { lowScore, reviewLinks, sites, alertTo, showPhone, expiresHours } = switches.survey.settings;
    return {
      id: `survey.${appointment.id}.${appointment.version}`,
      machine: 'survey',
      context: {
        appointment: appointment.id,
        doctor: appointment.doctor,
        services: appointment.services,
        lowScore,
        reviewLinks,
        sites: branch.reviewSites.filter(({ site }) => sites.includes(site)),
        alertTo: { ...headsChats(branch.head), ...alertTo },
        showPhone,
      },
      expiresAt: new Date(now.getTime() + expiresHours * HOUR_MS),
    };
  },
};

/** Where a low score is told, unless the settings name another place. */
function headsChats(head: VisitFacts['branch']['head']): { email?: string; telegram?: string } {
  return { ...(head?.email && { email: head.email }), ...(head?.telegram && { telegram: head.telegram }) };
}

function isLastOfDay({ visit: { appointment }, visits, branch }: VisitFacts): boolean {
  const day = localDay(appointment.start, branch.timezone);
  return !visits.some(
    (other) =>
      other.id !== appointment.id &&
      other.doctor === appointment.doctor &&
      other.status !== 'cancelled' &&
      other.status !== 'noShow' &&
      localDay(other.start, branch.timezone) === day &&
      (other.start > appointment.start ||
        (other.start.getTime() === appointment.start.getTime() && other.id > appointment.id)),
  );
}
