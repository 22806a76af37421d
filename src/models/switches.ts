import type { Connection } from 'mongoose';
import { DEFAULT_SETTINGS } from '../core/default-settings.ts';
import {
  SCENARIOS,
  type ScenarioKey,
  type ScenarioSwitch,
  type SettingsOf,
  type Switches,
  type SwitchStore,
} from '../core/scenario.ts';
import { LOST, untilWon } from './races.ts';
import { assignment, collectionSchema, type Keyed } from './schema.ts';
import { insertNew } from './upsert.ts';

type Given = Readonly<Record<string, unknown>>;

/** A switch that was set at least once; `settings` holds only what was given. */
interface SwitchDocument extends Keyed {
  readonly key: ScenarioKey;
  readonly branch: string | null;
  readonly enabled: boolean;
  readonly enabledAt: Date | null;
  readonly firstEnabledAt: Date | null;
  readonly settings: Given;
  readonly rev: number;
}

const schema = collectionSchema<SwitchDocument>('switches', {
  key: String,
  branch: String,
  enabled: Boolean,
  enabledAt: Date,
  firstEnabledAt: Date,
  settings: {},
  rev: Number,
});
schema.index({ branch: 1 });

/** Switches and settings of the scenarios, by branch; the birthday's belong to no branch. */
export function createSwitchStore(connection: Connection): SwitchStore {
  const model = connection.model<SwitchDocument>('Switch', schema);
  const find = (branch: string | null, key: ScenarioKey) =>
    model.findOne({ _id: switchKey(branch, key) }).lean<SwitchDocument>();
  return {
    ofBranch: async (branch) => {
      const ids = SCENARIOS.map((key) => switchKey(branchOf(branch, key), key));
      const stored = await model.find({ _id: { $in: ids } }).lean<SwitchDocument[]>();
      const all = SCENARIOS.map((key) => {
        const own = stored.find((one) => one.key === key) ?? null;
        return [key, read(own, branchOf(branch, key), key)] as const;
      });
      return Object.fromEntries(all) as unknown as Switches;
    },
    get: async (branch, key) => read(await find(branch, key), branch, key),
    change: (branch, key, { enabled, settings = {}, resetTexts }, at) =>
      untilWon(async () => {
        const stored = await find(branch, key);
        const wasOn = stored?.enabled ?? false;
        const isOn = enabled ?? wasOn;
        const texts = resetTexts === true ? {} : stored?.settings['texts'];
        const enabledAt = isOn && !wasOn ? at : (stored?.enabledAt ?? null);
        const next: SwitchDocument = {
          _id: switchKey(branch, key),
          key,
          branch,
          enabled: isOn,
          enabledAt,
          firstEnabledAt: stored?.firstEnabledAt ?? enabledAt,
          settings: changedSettings({ ...stored?.settings, texts }, settings),
          rev: (stored?.rev ?? 0) + 1,
        };
        if (stored === null) return (await insertNew(model, next)) ? read(next, branch, key) : LOST;
        const written = await model.updateOne({ _id: next._id, rev: stored.rev }, assignment(schema, next));
        return written.matchedCount === 1 ? read(next, branch, key) : LOST;
      }),
  };
}

function branchOf(branch: string, key: ScenarioKey): string | null {
  return key === 'birthday' ? null : branch;
}

function switchKey(branch: string | null, key: ScenarioKey): string {
  return `${key} ${branch ?? ''}`;
}

/** Settings are replaced one by one and texts by locale; null gives the default back (spec: api.md, Scenarios). */
function changedSettings(stored: Given, given: Given): Given {
  const { texts, ...others } = given;
  return {
    ...withoutNulls({ ...stored, ...withoutUndefined(others) }),
    texts: withoutNulls({ ...(stored['texts'] as Given | undefined), ...withoutUndefined((texts ?? {}) as Given) }),
  };
}

function withoutUndefined(values: Given): Given {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function withoutNulls(values: Given): Given {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

function read<K extends ScenarioKey>(stored: SwitchDocument | null, branch: string | null, key: K): ScenarioSwitch<K> {
  return {
    key,
    branch,
    enabled: stored?.enabled ?? false,
    enabledAt: stored?.enabledAt ?? null,
    firstEnabledAt: stored?.firstEnabledAt ?? null,
    settings: { ...DEFAULT_SETTINGS[key], ...(stored?.settings as Partial<SettingsOf[K]> | undefined) },
  };
}
