import type { Appointment } from '../core/appointment.ts';
import type { Facts } from './facts.ts';

/** A visit as it will be at a later time if it takes place and the patient stays silent. */
function takenPlace(appointment: Appointment, at: Date): Appointment {
  const { status, end } = appointment;
  const stands = status === 'unconfirmed' || status === 'confirmed' || status === 'started';
  return stands && end <= at ? { ...appointment, status: 'completed' } : appointment;
}

/** What earlier messages of the preview leave behind for later ones. */
export interface Ledger {
  /** Minor units left, by branch. */
  readonly available: Map<string, number>;
  /** The newest warming message, by patient. */
  readonly warmedAt: Map<string, Date>;
}

/** Facts as they will be at `at`: the visits took place, earlier messages of the preview went out. */
export function factsAt<F extends Facts>(facts: F, at: Date, ledger: Ledger): F {
  const warmedAt = ledger.warmedAt.get(facts.patient.id) ?? facts.warmedAt;
  const available = ledger.available.get(facts.branch.id) ?? facts.available;
  return { ...asIfTakenPlace(facts, at), warmedAt, available };
}

/** Facts as they will be at `at` if the visits take place and the patients stay silent. */
export function asIfTakenPlace<F extends Facts>(facts: F, at: Date): F {
  const visits = facts.visits.map((visit) =>
    visit.end <= at && (visit.status === 'unconfirmed' || visit.status === 'confirmed' || visit.status === 'started')
      ? { ...visit, status: 'completed' as const }
      : visit,
  );
  const visit = facts.visit && { ...facts.visit, appointment: takenPlace(facts.visit.appointment, at) };
  return { ...facts, visit, visits };
}

/** Keeps what a message of the preview costs and warms. */
export function keepSent(ledger: Ledger, facts: Facts, price: number, isWarming: boolean, at: Date): void {
  const left = (ledger.available.get(facts.branch.id) ?? facts.available) - price;
  ledger.available.set(facts.branch.id, left);
  if (isWarming) ledger.warmedAt.set(facts.patient.id, at);
}
