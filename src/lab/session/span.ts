/** History as a tree of spans: stretches of rounds under the same options. A change begins one. */
import { isDeepStrictEqual } from "node:util";
import type { RunConfig } from "../../run-folder/run-config.ts";
import type { PlaneOptions, PlayerName, SettingEffect } from "../protocol/plane-messages.ts";
import { PANE_OPTIONS } from "./option-table.ts";
import { configToValue } from "./settings.ts";

/** What one pane knows of a span. */
export interface PaneSpan {
  readonly id: number;
  /** The round at whose end it begins. */
  readonly from: number;
  readonly options: PlaneOptions;
  /** Updates of one player alone, with which it begins. */
  readonly alone?: { readonly player: PlayerName; readonly updates: number };
}

const STRENGTH: readonly SettingEffect[] = ["now", "recompiles", "restarts"];

/** The strongest effect of the differences of two runs; undefined where there is none. */
export function configsToEffect(one: RunConfig, other: RunConfig): SettingEffect | undefined {
  const effects = Object.entries(PANE_OPTIONS).flatMap(([name, { effect }]) =>
    isDeepStrictEqual(configToValue(one, name), configToValue(other, name)) ? [] : [effect],
  );
  return STRENGTH.findLast((effect) => effects.includes(effect));
}
