/** Play, steps and the way back. */

import { useState } from "preact/hooks";
import { useDraft } from "../controls/use-draft.ts";
import type { LabState } from "../state/lab-state.ts";
import { SPEEDS, type Speed, type Wish } from "../state/wish.ts";
import { useDirector } from "../use-plane.ts";

export interface PlayBarProps {
  readonly lab: LabState;
  readonly wish: Wish;
  readonly isSlow: boolean;
}

/** Of the settings, else of the wish. */
const labToSeed = ({ panes }: LabState): string =>
  String(panes[0]?.facts.settings.find(({ name }) => name === "seed")?.value ?? "");

const anySeed = (): number => Math.floor(Math.random() * 2 ** 31);

export function PlayBar({ lab, wish, isSlow }: PlayBarProps) {
  const director = useDirector();
  const [count, setCount] = useState("100");
  const state = lab.panes[0]?.state;
  const isPlaying = lab.isPlaying || isSlow;
  const rounds = Number(count);
  const isCount = Number.isInteger(rounds) && rounds > 0;
  const rate = lab.isPlaying ? `${Math.round(lab.roundsPerSecond).toLocaleString("en-US")} rounds/s` : "";
  const seed = labToSeed(lab);
  const writtenSeed = useDraft(seed);
  return (
    <div class="play" role="toolbar" aria-label="training">
      <button
        type="button"
        class="main"
        data-part="play"
        aria-pressed={isPlaying}
        aria-keyshortcuts="Space"
        onClick={() => director.turn()}
      >
        {isPlaying ? "❚❚ Pause" : "▶ Play"}
      </button>
      <label data-part="speed">
        <span class="hidden-text">Speed</span>
        <select
          value={wish.speed}
          onChange={({ currentTarget }) => director.speed(currentTarget.value as Speed)}
        >
          {(Object.keys(SPEEDS) as Speed[])
            .sort((a, b) => (Number(a) || (a === "0" ? 1e9 : 0)) - (Number(b) || (b === "0" ? 1e9 : 0)))
            .map((speed) => (
              <option key={speed} value={speed}>
                {SPEEDS[speed]}
              </option>
            ))}
        </select>
      </label>
      <span class="group">
        <button
          type="button"
          data-part="back"
          aria-keyshortcuts="ArrowLeft"
          onClick={() => director.back(1)}
          disabled={(state?.round ?? 0) === 0 && !state?.phase}
        >
          ← Back
        </button>
        <button type="button" data-part="step-phase" aria-keyshortcuts="P" onClick={() => director.phase()}>
          Phase
        </button>
        <button
          type="button"
          data-part="step-discriminator"
          aria-keyshortcuts="D"
          onClick={() => director.player("discriminator")}
        >
          Train D
        </button>
        <button
          type="button"
          data-part="step-generator"
          aria-keyshortcuts="G"
          onClick={() => director.player("generator")}
        >
          Train G
        </button>
        <button
          type="button"
          data-part="step-round"
          aria-keyshortcuts="ArrowRight"
          onClick={() => director.rounds(1)}
        >
          Round →
        </button>
      </span>
      <form
        class="group"
        data-part="step-rounds"
        onSubmit={(event) => {
          event.preventDefault();
          if (isCount) director.rounds(rounds);
        }}
      >
        <button type="submit" disabled={!isCount}>
          Rounds
        </button>
        <input
          aria-label="how many rounds"
          inputMode="numeric"
          size={4}
          value={count}
          onInput={({ currentTarget }) => setCount(currentTarget.value)}
        />
      </form>
      <span class="group">
        <button type="button" data-part="reset" aria-keyshortcuts="R" onClick={() => director.reset()}>
          Reset
        </button>
        <button type="button" data-part="new-seed" onClick={() => director.reset(anySeed())}>
          New seed
        </button>
        <label data-part="seed" class="seed">
          Seed
          <input
            inputMode="numeric"
            size={9}
            value={writtenSeed.shown}
            onInput={({ currentTarget }) => writtenSeed.write(currentTarget.value)}
            onChange={({ currentTarget }) => {
              const next = Number(currentTarget.value);
              if (Number.isInteger(next) && next >= 0) director.reset(next);
              else writtenSeed.drop();
            }}
          />
        </label>
      </span>
      <span class="muted rate" aria-hidden="true">
        {rate}
      </span>
    </div>
  );
}
