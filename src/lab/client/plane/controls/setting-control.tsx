/** One setting: its label, its control, what a change of it does, and what the lab said to the last try. */
import { useState } from "preact/hooks";
import type { Setting } from "../../../protocol/plane-messages.ts";
import type { LabError } from "../state/lab-state.ts";
import { textToValue, valueToText } from "../state/options.ts";
import { EFFECTS, flagToLabel } from "./labels.ts";
import { numberToNext } from "./number-steps.ts";
import { useDraft } from "./use-draft.ts";

export interface SettingControlProps {
  readonly setting: Setting;
  /** Not the same in both panes. */
  readonly differs: boolean;
  readonly error: LabError | undefined;
  readonly set: (name: string, value: unknown) => void;
}

/** A number is taken when the field is left, or at Enter; arrows up and down go on by 1, 2, 5, 10, or by one. */
function NumberField({
  setting,
  id,
  described,
  set,
}: {
  readonly setting: Setting;
  readonly id: string;
  readonly described: string;
  readonly set: SettingControlProps["set"];
}) {
  const [expected, setExpected] = useState<string>();
  const text = valueToText(setting.value);
  const draft = useDraft(text);
  const control = setting.control.kind === "number" ? setting.control : undefined;
  const take = (next: string) => {
    if (next === text) {
      draft.drop();
      return setExpected(undefined);
    }
    const read = textToValue(next, setting);
    setExpected(
      "expected" in read ? `expected ${read.expected}, got ${next === "" ? "nothing" : next}` : undefined,
    );
    if ("value" in read) set(setting.name, read.value);
  };
  return (
    <>
      <input
        id={id}
        inputMode={control?.isInteger ? "numeric" : "decimal"}
        size={8}
        value={draft.shown}
        aria-describedby={described}
        aria-invalid={expected !== undefined}
        onInput={({ currentTarget }) => draft.write(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          const next = numberToNext(Number(event.currentTarget.value), event.key === "ArrowUp", control!);
          draft.write(valueToText(next));
          take(valueToText(next));
        }}
      />
      {expected && (
        <p class="said" role="alert">
          {expected}
        </p>
      )}
    </>
  );
}

export function SettingControl({ setting, differs, error, set }: SettingControlProps) {
  const { name, flag, summary, effect, control, value } = setting;
  const id = `setting-${flag}`;
  const described = `${id}-help`;
  const badge = EFFECTS[effect];
  const isChanged = valueToText(value) !== valueToText(setting.default);
  return (
    <div class={`setting${differs ? " differs" : ""}${isChanged ? " changed" : ""}`} data-part={id}>
      <label for={id}>{flagToLabel(flag)}</label>
      {control.kind === "toggle" ? (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-describedby={described}
          onChange={({ currentTarget }) => set(name, currentTarget.checked)}
        />
      ) : control.kind === "choice" ? (
        <select
          id={id}
          value={valueToText(value)}
          aria-describedby={described}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
        >
          {control.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <NumberField setting={setting} id={id} described={described} set={set} />
      )}
      <span class={`badge ${effect}`} title={badge.title}>
        {badge.badge}
      </span>
      <p class="hidden-text" id={described}>
        {summary}. A change {badge.title}.
      </p>
      {error && (
        <p class="said" role="alert">
          {error.message}
          {error.hint ? ` ${error.hint}` : ""}
        </p>
      )}
    </div>
  );
}
