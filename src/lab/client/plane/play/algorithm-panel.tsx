/** Algorithm 1 beside the plane: the line that was done last is lit. */
import type { PaneFacts, PaneState } from "../../../protocol/plane-messages.ts";
import { gameToLines, isLit, lineToCounter, phaseToWho } from "./algorithm.ts";

export interface AlgorithmProps {
  readonly facts: PaneFacts;
  readonly state: PaneState | undefined;
}

const MOVED = {
  discriminator: "D's weights have moved: the colours are new. Its G stands still.",
  generator:
    "G's weights have moved: rings are where the same samples were, arrows where the loss pushed them.",
  together: "Both have moved: rings are where the same samples were, arrows where the loss pushed them.",
} as const;

const count = (value = 0): string => value.toLocaleString("en-US");

function stateToNote(state: PaneState | undefined): string {
  const phase = state?.phase;
  if (!phase)
    return `Press P to go through a round phase by phase. D has taken ${count(state?.updates.discriminator)} steps, G ${count(state?.updates.generator)}.`;
  return phase.phase === "update" ? MOVED[phaseToWho(phase)] : "No weight has moved yet in this step.";
}

export function AlgorithmPanel({ facts, state }: AlgorithmProps) {
  const phase = state?.phase;
  const title = facts.game === "together" ? "A round, both at once" : "A round, in turn: Algorithm 1";
  return (
    <section class="algorithm box" data-part="algorithm" aria-labelledby="algorithm-title">
      <h3 id="algorithm-title">{title}</h3>
      <ol>
        {gameToLines(facts).map((line) => {
          const counter = lineToCounter(line, phase);
          const lit = isLit(line, phase);
          return (
            <li
              key={`${line.who}-${line.phase ?? "all"}`}
              class={`${line.phase ? "" : "first"} ${line.who}`}
              aria-current={lit ? "step" : undefined}
              data-part={line.phase ? `line-${line.who}-${line.phase}` : undefined}
            >
              {line.text}
              {counter && (
                <span class="counter" data-part="counter">
                  {counter}
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <p class="caption">{stateToNote(state)}</p>
    </section>
  );
}
