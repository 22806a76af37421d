import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { getSimplePaths } from 'xstate/graph';
import { type EventBody, firstSnapshot, statusOf, stepped } from '../../../src/conversations/engine/step.ts';
import { talks } from '../../../src/conversations/engine/talks.ts';
import type { Effect } from '../../../src/conversations/machines/effects.ts';
import type { Facts } from '../../../src/conversations/machines/facts.ts';
import type { Conversation, MachineName } from '../../../src/core/conversation.ts';
import { LOCALES } from '../../../src/core/locale.ts';
import { aVisit, theFacts, throughJson } from '../../support/machine-spec.ts';

const words = LOCALES.map(
  (locale) =>
    JSON.parse(
      readFileSync(new URL(`../../../locales/${locale}/conversations.json`, import.meta.url), 'utf8'),
    ) as unknown,
);
const slots = [{ id: 'a', doctor: 'd', doctorName: 'D', start: '', end: '', day: '', time: '10:00' }];
const wish = { mode: 'move', appointment: 'visit', doctor: 'd', services: [], days: [], discount: null, further: [] };
const opening = {
  appointment: 'visit',
  doctor: 'd',
  services: [],
  lowScore: 3,
  reviewLinks: 'everyone',
  sites: [],
  alertTo: {},
  showPhone: false,
};
const common = ['notUnderstood', 'personAsked', 'timeOver', 'visitMoved', 'visitCancelled', 'stopped'].map((type) => ({
  type,
}));
const two = { visits: [aVisit(), aVisit({ id: 'second' })] };

/** What a machine starts from, and every event in each form that makes a difference to it. */
const WALKS: Readonly<Record<MachineName, { readonly input: unknown; readonly events: readonly EventBody[] }>> = {
  confirmation: {
    input: { appointments: ['visit', 'second'], versions: [0, 0], expiresAt: null },
    events: [
      { type: 'confirm', question: false },
      { type: 'confirm', question: true },
      { type: 'cancel' },
      { type: 'cancel', with: two },
      { type: 'cancel', with: { visits: [aVisit({ confirmed: true })] } },
      { type: 'reschedule' },
      { type: 'reschedule', with: two },
      { type: 'visitsChosen', pick: 0 },
      { type: 'visitsChosen', pick: 0, with: { visits: [aVisit({ confirmed: true })] } },
      { type: 'yes' },
      { type: 'no' },
      { type: 'reasonGiven', text: 'words' },
      { type: 'skipped' },
    ],
  },
  survey: {
    input: { opening, expiresAt: null },
    events: [
      { type: 'scored', score: 2, words: null },
      { type: 'scored', score: 2, words: 'words' },
      { type: 'scored', score: 5, words: null },
      { type: 'scored', score: 5, words: 'words' },
      { type: 'commented', text: 'words' },
      { type: 'contactAsked' },
      { type: 'contactRefused' },
      { type: 'voiceCame' },
    ],
  },
  rebooking: {
    input: { wish, days: [], expiresAt: null },
    events: [
      { type: 'opened' },
      { type: 'daysLoaded', days: [{ day: '2026-12-02', title: 'day' }], again: false },
      { type: 'daysLoaded', days: [], again: false },
      { type: 'daysLoaded', days: [], again: false, with: { bookingUrl: 'https://book.example' } },
      { type: 'dayChosen', day: '2026-12-02' },
      { type: 'otherDayAsked' },
      { type: 'slotsLoaded', slots },
      { type: 'slotsLoaded', slots: [] },
      { type: 'slotChosen', slot: 'slot:a' },
      { type: 'backAsked' },
      { type: 'yes' },
      { type: 'no' },
      { type: 'callAsked' },
      { type: 'booked', appointment: 'visit' },
      { type: 'slotTaken' },
      { type: 'visitGone' },
    ],
  },
  offer: {
    input: { offer: { year: 2026, percent: 10, until: '' }, expiresAt: null },
    events: [{ type: 'accepted' }, { type: 'declined' }],
  },
  linking: {
    input: undefined,
    events: [
      { type: 'started' },
      { type: 'tokenGiven', hash: 'h' },
      { type: 'contactShared', phone: '1', own: true },
      { type: 'linked', name: 'M', consentNeeded: true },
      { type: 'linked', name: 'M', consentNeeded: false },
      { type: 'staffLinked', name: 'O' },
      { type: 'tokenRefused' },
      { type: 'nobodyFound' },
      { type: 'yes' },
      { type: 'no' },
    ],
  },
  visits: {
    input: { appointments: ['visit', 'second'], expiresAt: null },
    events: [
      { type: 'opened' },
      { type: 'opened', with: two },
      { type: 'opened', with: { visits: [] } },
      { type: 'visitPicked', pick: 0 },
      { type: 'confirm' },
      { type: 'cancel' },
      { type: 'reschedule' },
      { type: 'calendarAsked' },
      { type: 'backAsked' },
    ],
  },
  inbox: {
    input: undefined,
    events: [
      ...['helpAsked', 'languageAsked', 'stopHeard', 'startHeard', 'bookAsked', 'mediaCame', 'handedOver'].map(
        (type) => ({ type }),
      ),
      { type: 'languageChosen', locale: 'it' },
      {
        type: 'questionUnclear',
        text: 'words',
        questions: [{ conversation: 'c', choice: { id: 'question:0', key: null } }],
      },
      { type: 'questionChosen', pick: 0 },
      { type: 'staffAnswered' },
      { type: 'returnedToBot' },
    ],
  },
};

describe('Every simple path of', () => {
  for (const [name, { input, events }] of Object.entries(WALKS) as [MachineName, (typeof WALKS)[MachineName]][]) {
    it(`${name} keeps its promises through JSON`, () => {
      const { machine } = talks[name];
      const told = [...events, ...common].map(({ with: known, ...event }: EventBody) => ({
        ...event,
        facts: theFacts((known as object | undefined) ?? {}),
      }));
      const paths = getSimplePaths(machine, {
        input: input as never,
        events: told,
        serializeState: (snapshot) => String(snapshot.value),
        // What may follow an end (second thoughts) is in each machine's own specs.
        stopWhen: (snapshot) => statusOf(name, String(snapshot.value)) === 'closed',
      });
      const reached = new Set<string>();
      const said = new Set<string>();
      const broken: string[] = [];
      for (const path of paths) {
        let talk = newTalk(name, input);
        const steps = path.steps.map((step) => step.event as EventBody & { readonly facts: Facts });
        for (const { facts, ...body } of steps) {
          if (body.type === 'xstate.init') continue;
          talk = stepped({ ...talk, pending: [], snapshot: throughJson(talk.snapshot) }, body, facts).conversation;
          for (const { effect } of talk.pending) keysOf(effect as Effect).forEach((key) => said.add(key));
          const faithful = JSON.stringify(throughJson(talk.pending)) === JSON.stringify(talk.pending);
          const ended = talk.status !== 'closed' || (talk.outcome !== undefined && talk.wakeAt === null);
          if (!faithful || !ended) broken.push(steps.map((step) => step.type).join(' '));
        }
        reached.add(talk.state);
      }
      expect(broken).toEqual([]);
      expect([...reached].sort()).toEqual(Object.keys(machine.states).sort());
      const unsaid = [...said].filter((key) => words.some((dictionary) => typeof lookUp(dictionary, key) !== 'string'));
      expect(unsaid).toEqual([]);
    });
  }
});

function newTalk(machine: MachineName, input: unknown): Conversation {
  const { snapshot, state } = firstSnapshot(machine, input);
  const at = new Date('2026-11-30T08:00:00Z');
  return {
    id: 'talk',
    at: { channel: 'whatsapp', address: '+390000000000' },
    patient: 'p',
    branch: 'b',
    locale: 'en',
    machine,
    version: talks[machine].version,
    snapshot,
    state,
    status: statusOf(machine, state),
    appointments: [],
    choices: [],
    messages: [],
    openedAt: at,
    changedAt: at,
    wakeAt: null,
    pending: [],
    heard: [],
    rev: 0,
  };
}

function keysOf(effect: Effect): readonly string[] {
  if (effect.type !== 'say') return [];
  const { key, parts = [], choices = [] } = effect.content;
  return [key, ...parts.map((part) => part.key), ...choices.flatMap((choice) => choice.key ?? [])];
}

function lookUp(dictionary: unknown, key: string): unknown {
  return key
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (found, part) =>
        typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[part] : undefined,
      dictionary,
    );
}
