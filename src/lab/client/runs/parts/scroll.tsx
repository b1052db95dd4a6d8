/** What scrolls by itself, and is reached by keyboard for that. */
import type { ComponentChildren } from "preact";

export const Scroll = ({
  label,
  kind = "scroll",
  children,
}: {
  readonly label: string;
  /** A class of the style. */
  readonly kind?: string;
  readonly children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard does not scroll it
  <section class={kind} tabIndex={0} aria-label={label}>
    {children}
  </section>
);

/** A table of text. */
export const PlainTable = ({
  label,
  heads,
  rows,
}: {
  readonly label: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) => (
  <Scroll label={label}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join("\n")}>
            {row.map((cell, i) => (
              <td key={heads[i]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
