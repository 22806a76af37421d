import type { ChatAddress } from './address.ts';
import type { InboundMessage } from './inbound.ts';
import type { Page, PageRequest } from './page.ts';

export const ROLES = ['owner', 'manager', 'reception', 'viewer', 'doctor', 'integration'] as const;
export type Role = (typeof ROLES)[number];

export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Empty: all branches. */
  readonly branches: readonly string[];
  readonly doctor?: string;
  readonly chat?: ChatAddress;
  readonly linkedAt?: Date;
  readonly createdAt: Date;
}

export interface StaffStore {
  add(member: Omit<StaffMember, 'chat' | 'linkedAt'>): Promise<void>;
  get(id: string): Promise<StaffMember | null>;
  list(page: PageRequest): Promise<Page<StaffMember>>;
  /** Unlinks at once; false when there was none. */
  remove(id: string): Promise<boolean>;
  byChat(chat: ChatAddress): Promise<StaffMember | null>;
  /** Linked members who are this doctor. */
  ofDoctor(doctor: string): Promise<readonly StaffMember[]>;
  link(id: string, chat: ChatAddress, at: Date): Promise<void>;
}

/** A one-time code that links a Telegram chat to a patient or a member of staff; stored hashed, good for 7 days. */
export interface LinkToken {
  readonly kind: 'patient' | 'staff';
  readonly subject: string;
  readonly expiresAt: Date;
}

export interface LinkTokenStore {
  add(hash: string, token: LinkToken): Promise<void>;
  /** Uses the token up for this chat. The same chat again gets it again (a repeated update); another one gets null. */
  use(hash: string, chat: ChatAddress, now: Date): Promise<LinkToken | null>;
}

/** Bot commands of linked staff. True when the message was a command (or a tap on a command's button) and was dealt with. */
export type StaffCommands = (message: InboundMessage) => Promise<boolean>;
