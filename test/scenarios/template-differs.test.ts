import { describe, expect, it } from '@jest/globals';
import type { Branch } from '../../src/core/branch.ts';
import type { ChannelsHealth } from '../../src/core/channel.ts';
import { CHANNELS } from '../../src/core/channel-name.ts';
import { DEFAULT_SETTINGS } from '../../src/core/default-settings.ts';
import { DEFAULT_PRICES } from '../../src/core/money.ts';
import { SCENARIOS, type Switches } from '../../src/core/scenario.ts';
import { isBlocking, problemsOfAll, type Standing } from '../../src/scenarios/preconditions.ts';

const NOW = new Date('2026-11-23T07:00:00Z');

/** A branch in good order whose reminder has these own texts. */
function standing(
  texts: { readonly en?: string },
  templated: Standing['templated'],
  channels = ['whatsapp'],
): Standing {
  const health = Object.fromEntries(CHANNELS.map((name) => [name, { state: 'up', since: NOW }]));
  const switches = SCENARIOS.map((key) => [
    key,
    {
      key,
      branch: 'hill',
      enabled: true,
      settings: { ...DEFAULT_SETTINGS[key], texts: key === 'reminder' ? texts : {} },
    },
  ]);
  return {
    branch: { id: 'hill', name: 'Hill', channels, reviewSites: [], currency: 'EUR' } as unknown as Branch,
    switches: Object.fromEntries(switches) as Switches,
    health: health as ChannelsHealth,
    prices: DEFAULT_PRICES,
    available: 100_000,
    lacking: { recommendationsBefore: false, recommendationsAfter: false },
    templated,
  };
}

describe('An own text on a channel that sends approved templates outside its window', () => {
  it('is named on the card, which works all the same', () => {
    expect(problemsOfAll('reminder', [standing({ en: 'Own words' }, ['whatsapp'])])).toEqual(['templateDiffers']);
    expect(isBlocking('templateDiffers')).toBe(false);
  });

  it('is no problem where there is none, where the channel sends any text, or where the branch does not use it', () => {
    expect(problemsOfAll('reminder', [standing({}, ['whatsapp'])])).toEqual([]);
    expect(problemsOfAll('reminder', [standing({ en: 'Own words' }, [])])).toEqual([]);
    expect(problemsOfAll('reminder', [standing({ en: 'Own words' }, ['whatsapp'], ['sms'])])).toEqual([]);
  });
});
