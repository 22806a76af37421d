import { creationFault } from './cloud-api-limits.ts';

type Json = Readonly<Record<string, unknown>>;

export interface StoredTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly category: string;
  status: string;
  components: readonly Json[];
}

/** The templates of an account at the stand-in of Meta, as reviewers and other users of the account see them. */
export interface CloudTemplates {
  readonly all: readonly StoredTemplate[];
  /** How often the list was asked for, its further pages too. */
  listed(): number;
  /** Templates that were approved long ago. */
  haveApproved(creations: readonly object[]): void;
  /** Every template that waits is approved. */
  approveAll(): void;
  /** Somebody changes the words in Meta's own pages. */
  edit(name: string, language: string, body: string): void;
  setStatus(name: string, language: string, status: string): void;
  /** A page as Meta answers it. */
  page(after: string | null): object;
  /** The new template, or the subcode for which it is refused. */
  create(body: Json): StoredTemplate | { readonly subcode: number };
}

/** Pages are short here, so that every reader has to turn them. */
const PAGE = 25;
const TAKEN_NAME = 2388024;

export function createCloudTemplates(): CloudTemplates {
  const all: StoredTemplate[] = [];
  let listed = 0;
  const add = (creation: Json, status: string): StoredTemplate => {
    const made = { ...(creation as unknown as StoredTemplate), id: String(572_279_198_452_000 + all.length), status };
    all.push(made);
    return made;
  };
  const named = (name: unknown, language: unknown): readonly StoredTemplate[] =>
    all.filter((one) => one.name === name && one.language === language);
  return {
    all,
    listed: () => listed,
    haveApproved(creations) {
      for (const creation of creations) add(creation as Json, 'APPROVED');
    },
    approveAll() {
      for (const template of all) template.status = 'APPROVED';
    },
    edit(name, language, text) {
      for (const template of named(name, language))
        template.components = template.components.map((one) => (one['type'] === 'BODY' ? { ...one, text } : one));
    },
    setStatus(name, language, status) {
      for (const template of named(name, language)) template.status = status;
    },
    page(after) {
      listed += 1;
      const from = Number(after ?? 0);
      const data = all.slice(from, from + PAGE);
      const end = from + data.length;
      const paging = { cursors: { before: String(from), after: String(end) } };
      const next = `https://graph.facebook.com/next?after=${end}`;
      return { data, paging: end < all.length ? { ...paging, next } : paging };
    },
    create(body) {
      const subcode = creationFault(body);
      if (subcode !== null) return { subcode };
      return named(body['name'], body['language']).length > 0 ? { subcode: TAKEN_NAME } : add(body, 'PENDING');
    },
  };
}
