import type { BranchBody } from '../../core/branch.ts';
import type { DoctorBody } from '../../core/doctor.ts';
import type { ServiceBody } from '../../core/service.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { type Appointments, createAppointments } from './appointments.ts';
import { createBranches } from './branches.ts';
import { createDoctors } from './doctors.ts';
import type { ListedNoun } from './noun.ts';
import { createPatients, type PatientInput } from './patients.ts';
import { createServices } from './services.ts';

/** The clinic's data by the names that the batch uses. */
export interface Clinic {
  readonly branch: ListedNoun<BranchBody>;
  readonly doctor: ListedNoun<DoctorBody>;
  readonly service: ListedNoun<ServiceBody>;
  readonly patient: ListedNoun<PatientInput>;
  readonly appointment: Appointments;
}

/** All kinds of clinic data; the routes, the batch and the import put through it. */
export function createClinic(deps: Pick<AdminDependencies, 'stores'>): Clinic {
  return {
    branch: createBranches(deps),
    doctor: createDoctors(deps),
    service: createServices(deps),
    patient: createPatients(deps),
    appointment: createAppointments(deps),
  };
}
