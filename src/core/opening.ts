/** The facts that a question starts from, by machine; plain JSON, so that a stored conversation holds them as they were. */
export interface OpeningContexts {
  readonly confirmation: { readonly appointments: readonly string[] };
  readonly rebooking: RebookingContext;
  readonly survey: SurveyContext;
  readonly offer: { readonly year: number; readonly percent: number /** ISO instant. */; readonly until: string };
}

/** `move` keeps the appointment's id and changes its time; `new` makes a further appointment (source `chat`). */
export interface RebookingContext {
  readonly mode: 'move' | 'new';
  /** The appointment that is moved, or that the new one stands in for; null for an offer. */
  readonly appointment: string | null;
  readonly doctor: string | null;
  readonly services: readonly string[];
  /** Local days `YYYY-MM-DD` offered as buttons in the opening message. */
  readonly days: readonly string[];
  readonly discount: { readonly percent: number; readonly year: number } | null;
}

export interface SurveyContext {
  readonly appointment: string;
  readonly doctor: string;
  readonly services: readonly string[];
  readonly lowScore: number;
  readonly reviewLinks: 'everyone' | 'highScoresOnly';
  readonly sites: readonly { readonly site: string; readonly url: string }[];
  readonly alertTo: { readonly email?: string; readonly telegram?: string };
  readonly showPhone: boolean;
}

/** What a scenario message opens when it goes out. The same id again (a second request) goes on in the same conversation. */
export type Opening = {
  readonly [M in keyof OpeningContexts]: {
    readonly id: string;
    readonly machine: M;
    readonly context: OpeningContexts[M];
    /** The question closes by itself then. */
    readonly expiresAt: Date | null;
  };
}[keyof OpeningContexts];
