import type { Appointment } from '../core/appointment.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import { DAY_MS } from '../core/clock.ts';
import type { Message } from '../core/message.ts';
import { SLOTS_AHEAD_DAYS } from '../core/offered-slots.ts';
import type { Patient } from '../core/patient.ts';
import type { Reason } from '../core/reason.ts';
import type { ScenarioKey } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';
import { type Addressee, mobilesOf, refusalKeys } from './addressee.ts';
import type { Asked, Facts, Visit, VisitFacts } from './facts.ts';
import { rowKey, wentOut } from './row-key.ts';

/** The stores that facts come from. */
export type FactsStores = Pick<
  Stores,
  | 'branches'
  | 'doctors'
  | 'services'
  | 'patients'
  | 'identities'
  | 'refusals'
  | 'appointments'
  | 'slots'
  | 'outbox'
  | 'conversations'
  | 'surveys'
  | 'ledger'
  | 'tariffs'
  | 'switches'
  | 'killSwitch'
>;

/** Whose facts, and for which scenarios: what none of these looks at is not read. */
interface About {
  readonly scenarios: readonly ScenarioKey[];
  readonly now: Date;
  readonly step?: number;
  readonly waiting?: Reason | null;
  readonly refusedOn?: readonly ChannelName[];
}

/** One reading of facts: what several subjects share (branch, switches, prices) is read once. Make a new one for every decision that sends. */
export interface FactsReading {
  /** Null when the patient, doctor or branch is gone. */
  ofVisit(appointment: Appointment, about: About): Promise<VisitFacts | null>;
  /** Null when there is no such branch: the patient has no visit to tell one by. */
  ofPatient(patient: Patient, year: number, about: About): Promise<Facts | null>;
}

/** Reads facts through the stores, fresh each time a reading is begun. */
export function createFactsReader(stores: FactsStores, health: () => ChannelsHealth): () => FactsReading {
  return () => {
    const once = createOnce();
    const branchOf = (id: string) => once(`branch ${id}`, () => stores.branches.get(id));
    const patientOf = (id: string) => once(`patient ${id}`, () => stores.patients.get(id));
    const switchesOf = (id: string) => once(`switches ${id}`, () => stores.switches.ofBranch(id));
    const doctorOf = (id: string) => once(`doctor ${id}`, () => stores.doctors.get(id));
    const fundsOf = (id: string) => once(`funds ${id}`, () => stores.ledger.funds(id));
    const visitsOf = (id: string) => once(`visits ${id}`, () => stores.appointments.briefsOfPatient(id));
    const warmedOf = (id: string) => once(`warmed ${id}`, () => stores.outbox.warmedAt(id));
    const pricesOf = (currency: string, now: Date) =>
      once(`prices ${currency}`, () => stores.tariffs.at(currency, now));

    const addresseeOf = async (patient: Patient, phone: string | undefined): Promise<Omit<Addressee, 'locale'>> => {
      const guardian = patient.guardian === undefined ? null : await patientOf(patient.guardian);
      const person = guardian ?? patient;
      const mobiles = mobilesOf(patient, guardian, phone);
      const identities = await once(`identities ${person.id}`, () => stores.identities.ofPatient(person.id));
      const stopped = await stores.refusals.stopped(refusalKeys(mobiles, identities, person.email));
      return { person, mobiles, identities, stopped };
    };

    const shared = async (
      patient: Patient,
      branchId: string,
      phone: string | undefined,
      about: About,
    ): Promise<Facts | null> => {
      const [branch, switches, who, killSwitch] = await Promise.all([
        branchOf(branchId),
        switchesOf(branchId),
        addresseeOf(patient, phone),
        once('killSwitch', () => stores.killSwitch.isOn()),
      ]);
      if (branch === null) return null;
      const needs = needsOf(about);
      const { now } = about;
      const ahead = { from: now, to: new Date(now.getTime() + SLOTS_AHEAD_DAYS * DAY_MS) };
      const [visits, warmedAt, slots, prices, funds] = await Promise.all([
        needs.visits ? visitsOf(patient.id) : [],
        needs.warmUp ? warmedOf(patient.id) : null,
        needs.slots ? once(`slots ${branchId}`, () => stores.slots.free(branchId, ahead)) : [],
        pricesOf(branch.currency, now),
        fundsOf(branchId),
      ]);
      const locale = who.person.chosenLocale ?? who.person.locale ?? branch.locale;
      return {
        killSwitch,
        switches,
        branch,
        patient,
        addressee: { ...who, locale },
        visit: null,
        visits,
        warmedAt,
        year: 0,
        greetedYears: [],
        step: about.step ?? 1,
        asked: null,
        slots,
        health: health(),
        prices,
        available: funds.balance - funds.reserved,
        waiting: about.waiting ?? null,
        refusedOn: about.refusedOn ?? [],
      };
    };

    return {
      async ofVisit(appointment, about) {
        const [patient, doctor, services] = await Promise.all([
          patientOf(appointment.patient),
          doctorOf(appointment.doctor),
          stores.services.getMany(appointment.services),
        ]);
        if (patient === null || doctor === null) return null;
        const [facts, answeredAt, asked] = await Promise.all([
          shared(patient, appointment.branch, appointment.phone, about),
          about.scenarios.includes('survey') ? newestAnswer(stores, appointment) : null,
          (about.step ?? 1) > 1 ? firstRequest(stores, appointment) : null,
        ]);
        const visit: Visit = { appointment, doctor, services, answeredAt };
        return facts === null ? null : { ...facts, visit, asked };
      },
      async ofPatient(patient, year, about) {
        const visits = await visitsOf(patient.id);
        const latest = visits.find((visit) => visit.status !== 'cancelled');
        if (latest === undefined) return null;
        const facts = await shared(patient, latest.branch, undefined, about);
        const rows = await stores.outbox.ofSubject({ patient: patient.id });
        const greetedYears = rows
          .filter((row) => row.scenario === 'birthday' && wentOut(row) && row.resentAs === undefined)
          .map((row) => row.version);
        return facts === null ? null : { ...facts, visits, year, greetedYears };
      },
    };
  };
}

function needsOf({ scenarios, step = 1 }: About): { visits: boolean; warmUp: boolean; slots: boolean } {
  const returns = scenarios.some((key) => key === 'returnAfterCancellation' || key === 'returnAfterNoShow');
  const counted = scenarios.some((key) => key === 'greeting' || key === 'survey');
  return {
    visits: returns || counted || step > 1,
    warmUp: returns || scenarios.includes('birthday'),
    slots: returns,
  };
}

async function newestAnswer(stores: FactsStores, { patient, doctor }: Appointment): Promise<Date | null> {
  return (await stores.surveys.newestOf(patient, doctor))?.answeredAt ?? null;
}

/** The first request about this visit, which may have spoken for others too. */
async function firstRequest(stores: FactsStores, { id, version }: Appointment): Promise<Asked | null> {
  const [own] = await stores.outbox.byKeys([rowKey('confirmation', { appointment: id }, 1, version)]);
  const spoke: Message | null | undefined = own?.groupedIn === undefined ? own : await stores.outbox.get(own.groupedIn);
  if (!spoke?.sentAt) return null;
  const { conversation, sentAt } = spoke;
  const outcomes = conversation === null ? [] : await stores.conversations.outcomes([conversation]);
  return { at: sentAt, answered: outcomes.some((one) => one.answered), conversation };
}

function createOnce(): <T>(key: string, read: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>) => {
    const promise = (known.get(key) as Promise<T> | undefined) ?? read();
    known.set(key, promise);
    return promise;
  };
}
