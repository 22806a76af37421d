import type { AppointmentStore } from './appointment.ts';
import type { BranchStore } from './branch.ts';
import type { ChangeStore } from './change.ts';
import type { ChannelMemory } from './channel-memory.ts';
import type { ConversationStore } from './conversation.ts';
import type { SkipStore } from './decision.ts';
import type { DoctorStore } from './doctor.ts';
import type { InboundStore } from './inbound.ts';
import type { OutboxStore } from './message.ts';
import type { LedgerStore, TariffStore } from './money.ts';
import type { PaceStore } from './pace-store.ts';
import type { ParkedReceipts } from './parked-receipts.ts';
import type { IdentityStore, PatientStore, RefusalStore } from './patient.ts';
import type { KillSwitchStore, SwitchStore } from './scenario.ts';
import type { ServiceStore } from './service.ts';
import type { SimulatorStore } from './simulator.ts';
import type { SlotStore } from './slot.ts';
import type { LinkTokenStore, StaffStore } from './staff.ts';
import type { SurveyStore } from './survey.ts';
import type { TaskStore } from './task.ts';

/** Everything that is kept; rooms take the ones they need. */
export interface Stores {
  readonly branches: BranchStore;
  readonly doctors: DoctorStore;
  readonly services: ServiceStore;
  readonly patients: PatientStore;
  readonly identities: IdentityStore;
  readonly refusals: RefusalStore;
  readonly appointments: AppointmentStore;
  readonly slots: SlotStore;
  readonly outbox: OutboxStore;
  readonly conversations: ConversationStore;
  readonly inbound: InboundStore;
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly changes: ChangeStore;
  readonly skips: SkipStore;
  readonly staff: StaffStore;
  readonly linkTokens: LinkTokenStore;
  readonly ledger: LedgerStore;
  readonly tariffs: TariffStore;
  readonly switches: SwitchStore;
  readonly killSwitch: KillSwitchStore;
  readonly simulator: SimulatorStore;
  readonly channelMemory: ChannelMemory;
  readonly paces: PaceStore;
  readonly parkedReceipts: ParkedReceipts;
}
