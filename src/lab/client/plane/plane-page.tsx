/** The page of the plane: two networks at work on points, live. */
import type { Connection } from "../socket.ts";

export function PlanePage(_: { readonly connection: Connection }) {
  return <h2 tabIndex={-1}>Plane</h2>;
}
