/** One player trained while the other stands still. */
import { useDirector } from "../use-plane.ts";

const UPDATES = 200;

export function AloneButtons() {
  const director = useDirector();
  return (
    <div class="alone box" data-part="alone">
      <h3>Train one alone</h3>
      <p class="caption">The other stands still. D comes near the best D for this G.</p>
      <div class="row">
        <button type="button" onClick={() => director.alone("discriminator", UPDATES)}>
          D, {UPDATES} updates
        </button>
        <button type="button" onClick={() => director.alone("generator", UPDATES)}>
          G, {UPDATES} updates
        </button>
      </div>
    </div>
  );
}
