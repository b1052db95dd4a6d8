/** The place of a tour beside the plane. */
import type { Director } from "./state/director.ts";

export interface TourProps {
  /** As the address has it: `tour=algorithm1`. */
  readonly name: string;
  readonly director: Director;
}

export function Tour({ name }: TourProps) {
  return (
    <section class="tour box" data-part="tour" aria-label="tour">
      <p>There is no tour {name}.</p>
    </section>
  );
}
