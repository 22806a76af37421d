import type { Page, PageRequest } from './page.ts';

type TaskKind = 'callMe' | 'changedInChat' | 'linkNotFound' | 'contactRequested';

/** Something that reception is to do. `text` is made of a locale key when shown. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly patient: string | null;
  readonly branch: string | null;
  readonly appointment?: string;
  /** Locale key and values; never a patient's words. */
  readonly content: { readonly key: string; readonly values: Readonly<Record<string, string | number>> };
  readonly createdAt: Date;
  readonly done: boolean;
}

export interface TaskStore {
  /** The same id again changes nothing. */
  add(task: Omit<Task, 'done'>): Promise<void>;
  list(query: { branch?: string; done?: boolean }, page: PageRequest): Promise<Page<Task>>;
  setDone(id: string, done: boolean): Promise<Task | null>;
}
