/** Algorithm 1 beside the plane: the line that was done last is lit. */
import type { PaneFacts, PaneState } from "../../../protocol/plane-messages.ts";
import { gameToLines, isLit, lineToCounter } from "./algorithm.ts";

export interface AlgorithmProps {
  readonly facts: PaneFacts;
  readonly state: PaneState | undefined;
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
              class={`${line.phase ? "" : "heading"} ${line.who}`}
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
      <p class="caption">
        {phase
          ? phase.phase === "update"
            ? "The weights have moved: rings are where the same samples were, arrows where the loss pushed them."
            : "No weight has moved yet in this step."
          : `Press P to go through a round phase by phase. D has taken ${(state?.updates.discriminator ?? 0).toLocaleString("en-US")} steps, G ${(state?.updates.generator ?? 0).toLocaleString("en-US")}.`}
      </p>
    </section>
  );
}
