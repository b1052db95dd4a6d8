/** What is wrong with a run now, and what was when. */
import { useState } from "preact/hooks";
import type { RunView, ShownEvidence, ShownSpan } from "../../../view/run-view.ts";
import { countToText } from "../parts/values.ts";

function Evidence({ of }: { readonly of: readonly ShownEvidence[] }) {
  if (of.length === 0) return null;
  return (
    <table class="evidence">
      <thead>
        <tr>
          <th scope="col">evidence</th>
          <th scope="col">value</th>
          <th scope="col">threshold</th>
          <th scope="col">source</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ metric, value, threshold, source }, i) => (
          <tr key={i}>
            <td>{metric}</td>
            <td>{value}</td>
            <td>{threshold}</td>
            <td>{source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Verdicts({ verdicts }: Pick<RunView, "verdicts">) {
  return (
    <div>
      {verdicts.map(({ title, severity, summary, evidence }) => (
        <article key={title} class={`box verdict ${severity}`}>
          <h3>
            <span class="word">{severity}</span> {title}
          </h3>
          <p>{summary}</p>
          {evidence.length > 0 && (
            <details>
              <summary>Evidence</summary>
              <Evidence of={evidence} />
            </details>
          )}
        </article>
      ))}
    </div>
  );
}

const spanToText = ({ from, to, isHeld }: ShownSpan): string =>
  isHeld
    ? `since round ${countToText(from)}`
    : from === to
      ? `at round ${countToText(from)}`
      : `from round ${countToText(from)} to ${countToText(to)}`;

function Span({
  span,
  whole,
  onChoose,
}: {
  readonly span: ShownSpan;
  readonly whole: number;
  readonly onChoose: (round: number) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { title, severity, from, to, summary, evidence } = span;
  const place = { left: `${(100 * from) / whole}%`, width: `max(4px, ${(100 * (to - from)) / whole}%)` };
  return (
    <li class={`span ${severity}`}>
      <button
        type="button"
        class="plain"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
          onChoose(from);
        }}
      >
        {title}, <span class="muted">{spanToText(span)}</span>
      </button>
      <div class="bar" aria-hidden="true">
        <div style={place} />
      </div>
      {isOpen && (
        <>
          <p>{summary}</p>
          <Evidence of={evidence} />
        </>
      )}
    </li>
  );
}

/** @param onChoose shows a round in the charts and samples */
export function Timeline({
  view,
  onChoose,
}: {
  readonly view: RunView;
  readonly onChoose: (round: number) => void;
}) {
  const { timeline, looksEvery, round, rounds } = view;
  if (timeline.length === 0) return null;
  return (
    <section class="timeline" aria-label="verdicts over the rounds">
      <h3>Verdicts over the rounds</h3>
      <p class="caption">
        What the monitor says of the records up to each round, every {countToText(looksEvery)} rounds. A bar
        spans rounds 0 to {countToText(Math.max(rounds, round))}.
      </p>
      <ul>
        {timeline.map((span) => (
          <Span
            key={`${span.title} ${span.from}`}
            span={span}
            whole={Math.max(rounds, round, 1)}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </section>
  );
}
