import type { ServerRoute } from '@hapi/hapi';
import { createClinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { appointmentRoutes } from './appointments.ts';
import { balanceRoutes } from './balance.ts';
import { batchRoute } from './batch.ts';
import { branchRoutes } from './branches.ts';
import { changeRoutes } from './changes.ts';
import { channelRoutes } from './channels.ts';
import { conversationRoutes } from './conversations.ts';
import { demoChannelRoutes } from './demo-channels.ts';
import { demoChatRoutes } from './demo-chats.ts';
import { demoClockRoutes } from './demo-clock.ts';
import { doctorRoutes } from './doctors.ts';
import { doorRoutes } from './doors.ts';
import { hookRoutes } from './hooks.ts';
import { killSwitchRoutes } from './kill-switch.ts';
import { linkRoutes } from './links.ts';
import { messageRoutes } from './messages.ts';
import { overviewRoutes } from './overview.ts';
import { patientRoutes } from './patients.ts';
import { previewRoutes } from './preview.ts';
import { scenarioRoutes } from './scenarios.ts';
import { serviceRoutes } from './services.ts';
import { slotRoutes } from './slots.ts';
import { spendRoutes } from './spend.ts';
import { staffRoutes } from './staff.ts';
import { surveyRoutes } from './surveys.ts';
import { tariffRoutes } from './tariffs.ts';
import { taskRoutes } from './tasks.ts';
import { whyRoutes } from './why.ts';

/** Every route of the HTTP contract, in its order. */
export function allRoutes(deps: AdminDependencies): readonly ServerRoute[] {
  const clinic = createClinic(deps);
  return [
    ...doorRoutes(deps),
    ...branchRoutes(deps, clinic),
    ...doctorRoutes(deps, clinic),
    ...serviceRoutes(deps, clinic),
    ...patientRoutes(deps, clinic),
    ...appointmentRoutes(deps, clinic),
    ...slotRoutes(deps),
    batchRoute(deps, clinic),
    ...changeRoutes(deps),
    ...overviewRoutes(deps),
    ...scenarioRoutes(deps),
    ...killSwitchRoutes(deps),
    ...previewRoutes(deps),
    ...whyRoutes(deps),
    ...messageRoutes(deps),
    ...spendRoutes(deps),
    ...balanceRoutes(deps),
    ...tariffRoutes(deps),
    ...surveyRoutes(deps),
    ...conversationRoutes(deps),
    ...taskRoutes(deps),
    ...channelRoutes(deps),
    ...hookRoutes(deps),
    ...linkRoutes(deps),
    ...staffRoutes(deps),
    ...(deps.demo === null
      ? []
      : [...demoClockRoutes(deps.demo), ...demoChatRoutes(deps, deps.demo), ...demoChannelRoutes(deps.demo)]),
  ];
}
