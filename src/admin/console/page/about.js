import { t } from './words.js';

/** One line on each scenario. @type {Record<string, string>} */
const lines = {
  details: 'console.about.details',
  greeting: 'console.about.greeting',
  confirmation: 'console.about.confirmation',
  reminder: 'console.about.reminder',
  recommendationsBefore: 'console.about.recommendationsBefore',
  recommendationsAfter: 'console.about.recommendationsAfter',
  survey: 'console.about.survey',
  returnAfterNoShow: 'console.about.returnAfterNoShow',
  returnAfterCancellation: 'console.about.returnAfterCancellation',
  birthday: 'console.about.birthday',
};

/** What a scenario does, in one line. @param {string} key */
export function aboutScenario(key) {
  const line = lines[key];
  return line === undefined ? '' : t(line);
}
