/** All settings in their groups, of both panes or of one. */
import { useState } from "preact/hooks";
import type { Setting } from "../../../protocol/plane-messages.ts";
import type { LabError, Pane } from "../state/lab-state.ts";
import { settingsToDifferences, valueToText } from "../state/options.ts";
import { useDirector } from "../use-plane.ts";
import { COMMON, GROUPS } from "./labels.ts";
import { SettingControl } from "./setting-control.tsx";

const PANE_NAMES = ["left", "right"];
/** What both panes have in common, or nothing could be compared. */
const SHARED: readonly string[] = ["data", "seed"];
const RATES = /^lr(-|$)/;

/** The seed stands beside Reset. */
const ELSEWHERE: readonly string[] = ["seed"];

const isHidden = (hide: readonly string[], { flag, group }: Setting): boolean =>
  ELSEWHERE.includes(flag) ||
  hide.includes(GROUPS[group].hides) ||
  hide.includes(flag) ||
  (hide.includes("rates") && RATES.test(flag));

export interface SettingsProps {
  readonly panes: readonly Pane[];
  readonly hide: readonly string[];
  readonly asked: string | undefined;
  readonly error: LabError | undefined;
}

export function SettingsPanel({ panes, hide, asked, error }: SettingsProps) {
  const director = useDirector();
  const [chosen, choose] = useState<"both" | 0 | 1>("both");
  const isPair = panes.length > 1;
  const which = isPair ? chosen : 0;
  const shown = panes[which === "both" ? 0 : which]?.facts.settings ?? [];
  const differing = settingsToDifferences(panes.map(({ facts }) => facts.settings));
  const set = (name: string, value: unknown): void => {
    const own = which === "both" || SHARED.includes(name) ? panes.map((_, i) => i) : [which];
    director.set(own, name, value);
  };
  const toControl = (setting: Setting) => (
    <SettingControl
      key={setting.name}
      setting={setting}
      differs={differing.has(setting.flag)}
      error={asked === setting.name ? error : undefined}
      set={set}
    />
  );
  /** What was changed is seen. */
  const isOpen = ({ flag, value, default: usual }: Setting): boolean =>
    COMMON.has(flag) || differing.has(flag) || valueToText(value) !== valueToText(usual);
  return (
    <section class="settings" data-part="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">Settings</h3>
      {isPair && (
        <fieldset class="which" aria-label="panes whose settings change">
          {(["both", 0, 1] as const).map((each) => (
            <button key={each} type="button" aria-pressed={which === each} onClick={() => choose(each)}>
              {each === "both" ? "both" : PANE_NAMES[each]}
            </button>
          ))}
        </fieldset>
      )}
      {(Object.keys(GROUPS) as Setting["group"][]).map((group) => {
        const rows = shown.filter((setting) => setting.group === group && !isHidden(hide, setting));
        return (
          rows.length > 0 && (
            <fieldset key={group} data-part={`group-${group}`}>
              <legend>{GROUPS[group].title}</legend>
              {rows.filter(isOpen).map(toControl)}
              {rows.some((setting) => !isOpen(setting)) && (
                <details>
                  <summary>more</summary>
                  {rows.filter((setting) => !isOpen(setting)).map(toControl)}
                </details>
              )}
            </fieldset>
          )
        );
      })}
    </section>
  );
}
