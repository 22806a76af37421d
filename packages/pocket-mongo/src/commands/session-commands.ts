import type { Command } from './command.ts';

/** Sessions hold nothing here: without transactions there is nothing to keep or to end. */
const session = (name: string): Command => ({ name, access: 'none', fields: [], run: () => ({}) });

export const END_SESSIONS = session('endSessions');
export const REFRESH_SESSIONS = session('refreshSessions');
export const KILL_SESSIONS = session('killSessions');
