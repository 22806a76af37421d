import { describe, expect, it } from '@jest/globals';
import { amountWords } from '../../src/admin/commands/amount-words.ts';
import { branchChoiceId, type Command, parseChoice, parseCommand } from '../../src/admin/commands/command.ts';
import { SCENARIOS } from '../../src/core/scenario.ts';

describe('A command', () => {
  it.each([
    ['/help', { name: 'help' }],
    ['/HELP', { name: 'help' }],
    ['/unheard of', { name: 'help' }],
    ['/scenarios', { name: 'scenarios', branch: null }],
    ['/scenarios@clinic_bot  Clinic on the Hill ', { name: 'scenarios', branch: 'Clinic on the Hill' }],
    ['/on details', { name: 'on', scenario: 'details', branch: null }],
    ['/off RETURNAFTERNOSHOW hill', { name: 'off', scenario: 'returnAfterNoShow', branch: 'hill' }],
    ['/on', { name: 'on', scenario: null, branch: null }],
    ['/on horoscope', { name: 'on', scenario: null, branch: null }],
    ['/spend', { name: 'spend', period: 'month', branch: null }],
    ['/spend неделя', { name: 'spend', period: 'week', branch: null }],
    ['/spend oggi Roma', { name: 'spend', period: 'today', branch: 'Roma' }],
    ['/spend Roma Nord', { name: 'spend', period: 'month', branch: 'Roma Nord' }],
    ['/balance', { name: 'balance', branch: null }],
    ['/why +995 555 12-34-56', { name: 'why', phone: '+995 555 12-34-56' }],
    ['/pause', { name: 'pause' }],
    ['/resume', { name: 'resume' }],
  ])('is read from %s', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
  });

  it.each(['help', 'hello /help', '', '/', '/start abc', '/Start', '1', 'на/выкл'])('is none in %j', (text) => {
    expect(parseCommand(text)).toBeNull();
  });
});

describe('A branch’s button', () => {
  const commands: readonly Command[] = [
    { name: 'scenarios', branch: null },
    { name: 'balance', branch: null },
    { name: 'spend', period: 'today', branch: null },
    ...SCENARIOS.flatMap((scenario): readonly Command[] => [
      { name: 'on', scenario, branch: null },
      { name: 'off', scenario, branch: null },
    ]),
  ];

  it.each(commands)('repeats $name $scenario within 40 characters', (command) => {
    const id = branchChoiceId(command, '0a1b2c3');
    expect(id.length).toBeLessThanOrEqual(40);
    expect(parseChoice(id)).toEqual({ command, branchMark: '0a1b2c3' });
  });

  it.each(['confirm', 'cmd:help:0a1b2c3', 'cmd:on', 'day:2026-11-24', 'cmd:spend:0a1b2c3 ', 'cmd:start:0a1b2c3'])(
    'is not %s',
    (id) => {
      expect(parseChoice(id)).toBeNull();
    },
  );
});

describe('An amount in words', () => {
  it('follows the language and the currency’s own minor unit', () => {
    expect(amountWords(123_450, 'RUB', 'ru').replace(/\s/g, ' ')).toBe('1 234,50 ₽');
    expect(amountWords(123_450, 'EUR', 'it').replace(/\s/g, ' ')).toBe('1234,50 €');
    expect(amountWords(500, 'JPY', 'en')).toBe('¥500');
  });
});
