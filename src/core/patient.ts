import type { ChatAddress } from './address.ts';
import type { Author, PutResult, Stamped } from './author.ts';
import type { ChannelName } from './channel-name.ts';
import type { Locale } from './locale.ts';
import type { Page, PageRequest } from './page.ts';

export interface Consent {
  readonly messages?: boolean;
  readonly advertising?: boolean;
}

/** The clinic system's own fields of a patient; phones are E.164. */
export interface PatientBody {
  readonly lastName: string;
  readonly firstName: string;
  readonly patronymic?: string;
  readonly sex?: 'female' | 'male';
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  readonly town?: string;
  readonly address?: string;
  readonly phones: readonly string[];
  readonly email?: string;
  readonly locale?: Locale;
  /** The preferred channel, or `none`: no communications at all. */
  readonly channel?: ChannelName | 'none';
  readonly consent?: Consent;
  /** The patient through whom this one is written to. */
  readonly guardian?: string;
  readonly tags: readonly string[];
  readonly discountPercent?: number;
}

/** A birthday discount that runs: on the card from the day of the message to `until`, its last whole day's end. */
export interface BirthdayDiscount {
  readonly percent: number;
  readonly until: Date;
  readonly year: number;
  readonly branch: string;
}

export interface Patient extends PatientBody, Stamped {
  readonly storedAt: Date;
  /** A language chosen in chat outlives every PUT. */
  readonly chosenLocale?: Locale;
  /** Consents given in chat, with the version of the text agreed to; a clinic's own value stands above them. */
  readonly chatConsent?: Consent & { readonly textVersion: string; readonly at: Date };
  /** When the present birth date was first entered. */
  readonly birthDateEnteredAt?: Date;
  readonly birthdayDiscount?: BirthdayDiscount;
  readonly erasedAt?: Date;
}

/** A chat that a patient is known by: linked, or an address that wrote or took a message. */
export interface Identity extends ChatAddress {
  readonly patient: string;
  readonly linkedAt?: Date;
  readonly lastInboundAt?: Date;
  readonly lastOutboundAt?: Date;
  /** The platform says that this chat takes nothing any more (blocked, deleted). */
  readonly closedAt?: Date;
}

/** Share of no-shows: no-shows ÷ (started + completed + no-shows); unreliable from 30 % over at least 3 visits (spec: scenarios.md, D). */
export interface Reliability {
  readonly visits: number;
  readonly noShows: number;
  readonly share: number;
  readonly unreliable: boolean;
}

export interface PatientStore {
  /** Throws `AppError('discountLocked')` when `discountPercent` would change while a birthday discount runs. */
  put(id: string, body: PatientBody, at: Date, by: Author): Promise<PutResult<Patient>>;
  get(id: string): Promise<Patient | null>;
  getMany(ids: readonly string[]): Promise<readonly Patient[]>;
  list(page: PageRequest): Promise<Page<Patient>>;
  /** Patients who have this number, and those whose guardian has it. */
  byPhone(e164: string): Promise<readonly Patient[]>;
  /** Patients whose birthday is on one of these `MM-DD`, a page at a time by id. */
  byBirthday(days: readonly string[], after: string | null, limit: number): Promise<readonly Patient[]>;
  setLocale(id: string, locale: Locale, at: Date): Promise<void>;
  setChatConsent(id: string, consent: Consent, textVersion: string, at: Date): Promise<void>;
  /** Sets the discount unless one of that year is there; false when it was there already. */
  startDiscount(id: string, discount: BirthdayDiscount, at: Date): Promise<boolean>;
  /** Ends the running discount, at its end or when a visit that carries it is completed. Repeating it changes nothing. */
  endDiscount(id: string, year: number, at: Date): Promise<void>;
  /** Running discounts that are over at `now`; and the next end. */
  discountsOver(now: Date): Promise<readonly Patient[]>;
  nextDiscountEnd(): Promise<Date | null>;
  /** Erases names, phones and texts of the patient in every collection; keeps figures. */
  erase(id: string, at: Date): Promise<boolean>;
}

export interface IdentityStore {
  ofPatient(patient: string): Promise<readonly Identity[]>;
  ofPatients(patients: readonly string[]): Promise<readonly Identity[]>;
  at(address: ChatAddress): Promise<readonly Identity[]>;
  /** Links a chat to a patient (Telegram); opens it again if it was closed. */
  link(address: ChatAddress, patient: string, at: Date): Promise<void>;
  sawInbound(address: ChatAddress, patients: readonly string[], at: Date): Promise<void>;
  sawOutbound(address: ChatAddress, patient: string, at: Date): Promise<void>;
  /** Not what was linked or written from since that moment. */
  close(address: ChatAddress, at: Date): Promise<void>;
}

/** STOP and START: one write on the number or chat (`refusalKey`). */
export interface RefusalStore {
  stop(key: string, at: Date): Promise<void>;
  start(key: string, at: Date): Promise<void>;
  /** Which of these keys are stopped. */
  stopped(keys: readonly string[]): Promise<ReadonlySet<string>>;
}
