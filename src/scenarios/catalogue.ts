import type { Repeatable } from '../core/message.ts';
import { type BRANCH_SCENARIOS, type ScenarioKey } from '../core/scenario.ts';
import type { ScenarioDefinition } from './definition.ts';
import { birthday } from './definitions/birthday.ts';
import { confirmation } from './definitions/confirmation.ts';
import { details } from './definitions/details.ts';
import { greeting } from './definitions/greeting.ts';
import { recommendationsAfter } from './definitions/recommendations-after.ts';
import { recommendationsBefore } from './definitions/recommendations-before.ts';
import { reminder } from './definitions/reminder.ts';
import { returnAfterCancellation } from './definitions/return-after-cancellation.ts';
import { returnAfterNoShow } from './definitions/return-after-no-show.ts';
import { survey } from './definitions/survey.ts';
import type { VisitFacts } from './facts.ts';

type VisitScenarioKey = (typeof BRANCH_SCENARIOS)[number];

/** The nine scenarios about an appointment, by key; a new one is entered here. */
export const VISIT_SCENARIOS: Readonly<Record<VisitScenarioKey, ScenarioDefinition<VisitFacts>>> = {
  details,
  greeting,
  confirmation,
  reminder,
  recommendationsBefore,
  recommendationsAfter,
  survey,
  returnAfterNoShow,
  returnAfterCancellation,
};

/** The one scenario about a patient. */
export const BIRTHDAY: ScenarioDefinition = birthday;

/** The parts of a definition that need no facts, of any scenario. */
export function traitsOf(
  key: ScenarioKey,
): Pick<ScenarioDefinition, 'key' | 'channels' | 'domestic' | 'grouped' | 'keepsPlan' | 'afterUnknown'> {
  return isVisitScenario(key) ? VISIT_SCENARIOS[key] : BIRTHDAY;
}

/** Whether a scenario's subject is an appointment. */
export function isVisitScenario(key: ScenarioKey): key is VisitScenarioKey {
  return key !== 'birthday';
}

/** Whether a message whose outcome is unknown may go out again (spec: reliability.md B3); delivery asks through the app. */
export function repeatableAfterUnknown(key: ScenarioKey): Repeatable {
  return traitsOf(key).afterUnknown;
}
