/** How parts of the page reach the director and the state. */
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Director } from "./state/director.ts";
import type { PlaneState } from "./state/store.ts";

export const DirectorContext = createContext<Director | undefined>(undefined);

export const useDirector = (): Director => useContext(DirectorContext)!;

/** Draws the part again whenever the state changes. */
export function usePlaneState(director: Director): PlaneState {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => director.store.subscribe(() => again(undefined as never)), [director]);
  return director.store.current;
}
