import type { Page, PageRequest } from './page.ts';

export interface Survey {
  readonly id: string;
  readonly patient: string;
  readonly appointment: string;
  readonly doctor: string;
  readonly branch: string;
  readonly services: readonly string[];
  readonly score: number;
  readonly comment?: string;
  readonly contactRequested: boolean;
  readonly answeredAt: Date;
  readonly takenCareOf?: { readonly by: string; readonly at: Date };
  readonly conversation: string;
}

export interface SurveyQuery {
  readonly patient?: string;
  readonly branch?: string;
  readonly doctor?: string;
  /** This score or a lower one. */
  readonly scoreUpTo?: number;
  readonly from?: Date;
  readonly to?: Date;
}

export interface SurveyGroup {
  readonly key: string;
  readonly answers: number;
  readonly average: number;
  readonly scores: Readonly<Record<'1' | '2' | '3' | '4' | '5', number>>;
}

/** Says that somebody took care of a score: the first stands, and whoever was alerted of it is told. Null when there is no such survey. */
export type TakeCare = (survey: string, by: string) => Promise<Survey | null>;

export interface SurveyStore {
  /** The first score of a conversation stands: a second call with the same id gives the stored one. */
  score(survey: Omit<Survey, 'contactRequested' | 'comment'>): Promise<Survey>;
  /** Adds words to the comment, on a new line. */
  comment(id: string, words: string): Promise<Survey | null>;
  requestContact(id: string): Promise<Survey | null>;
  /** The first who takes care stands. */
  takeCare(id: string, by: string, at: Date): Promise<Survey | null>;
  get(id: string): Promise<Survey | null>;
  list(query: SurveyQuery, page: PageRequest): Promise<Page<Survey>>;
  summary(
    query: SurveyQuery,
    groupBy: 'branch' | 'doctor' | 'service' | 'month',
    zones: Readonly<Record<string, string>>,
  ): Promise<readonly SurveyGroup[]>;
  /** Answered surveys of a patient on a doctor, newest first. */
  newestOf(patient: string, doctor: string): Promise<Survey | null>;
}
