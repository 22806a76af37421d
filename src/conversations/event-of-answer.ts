import type { MachineName } from '../core/conversation.ts';

/** What a patient answered, once it is known to which question. */
export type Answer =
  | {
      readonly kind: 'choice';
      readonly id: string;
      /** The whole message, where it says more than the choice. */
      readonly words?: string;
      /** There is a question in it that must not be lost. */
      readonly question?: boolean;
    }
  | { readonly kind: 'words'; readonly text: string };

/** An event without its facts; null where the machine has no ear for the answer. */
type MachineEvent = { readonly type: string; readonly [field: string]: unknown } | null;

/** Turns an answer into the event that its machine knows. Choice ids that never were offered give null. */
export function eventOfAnswer(machine: MachineName, state: string, answer: Answer): MachineEvent {
  if (answer.kind === 'words') return eventOfWords(machine, state, answer.text);
  const { id, words = null, question = false } = answer;
  switch (machine) {
    case 'confirmation':
      if (id === 'confirm') return { type: 'confirm', question };
      if (state === 'cancelling' && (id === 'no' || id === 'noThanks')) return { type: 'skipped' };
      return (
        numbered(id, 'visit', (pick) => ({ type: 'visitsChosen', pick })) ??
        named(id, {
          all: { type: 'visitsChosen', pick: 'all' },
          cancel: { type: 'cancel' },
          reschedule: { type: 'reschedule' },
          skip: { type: 'skipped' },
          ...YES_NO,
        })
      );
    case 'survey':
      if (/^[1-5]$/.test(id)) return { type: 'scored', score: Number(id), words };
      return named(id, {
        contactMe: { type: 'contactAsked' },
        noContact: { type: 'contactRefused' },
        skip: { type: 'contactRefused' },
        no: { type: 'contactRefused' },
      });
    case 'rebooking':
      if (id.startsWith('day:')) return { type: 'dayChosen', day: id.slice('day:'.length) };
      if (id.startsWith('slot:')) return { type: 'slotChosen', slot: id };
      return named(id, {
        otherDay: { type: 'otherDayAsked' },
        later: { type: 'laterAsked' },
        back: { type: 'backAsked' },
        callMe: { type: 'callAsked' },
        reschedule: { type: 'backAsked' },
        ...YES_NO,
      });
    case 'offer':
      return named(id, {
        book: { type: 'accepted' },
        yes: { type: 'accepted' },
        noThanks: { type: 'declined' },
        no: { type: 'declined' },
      });
    case 'linking':
      return named(id, YES_NO);
    case 'visits':
      return (
        numbered(id, 'visit', (pick) => ({ type: 'visitPicked', pick })) ??
        named(id, {
          confirm: { type: 'confirm' },
          cancel: { type: 'cancel' },
          reschedule: { type: 'reschedule' },
          calendar: { type: 'calendarAsked' },
          back: { type: 'backAsked' },
        })
      );
    case 'inbox':
      if (id.startsWith('locale:')) return { type: 'languageChosen', locale: id.slice('locale:'.length) };
      return numbered(id, 'question', (pick) => ({ type: 'questionChosen', pick }));
    default:
      return machine satisfies never;
  }
}

const YES_NO = {
  yes: { type: 'yes' },
  newTime: { type: 'yes' },
  no: { type: 'no' },
  noTime: { type: 'no' },
  noThanks: { type: 'no' },
};

function eventOfWords(machine: MachineName, state: string, text: string): MachineEvent {
  if (machine === 'survey') return { type: 'commented', text };
  return machine === 'confirmation' && state === 'cancelling' ? { type: 'reasonGiven', text } : null;
}

function named(id: string, table: Readonly<Record<string, NonNullable<MachineEvent>>>): MachineEvent {
  return Object.hasOwn(table, id) ? (table[id] ?? null) : null;
}

function numbered(id: string, prefix: string, make: (pick: number) => MachineEvent): MachineEvent {
  const [name, number] = id.split(':');
  return name === prefix && number !== undefined && /^\d{1,3}$/.test(number) ? make(Number(number)) : null;
}
