/** What is to be seen, said aloud at most each five seconds. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LabState } from "../state/lab-state.ts";
import { labToSummary } from "./summary.ts";

const MOST_OFTEN_MS = 5000;

export function LiveSummary({ lab }: { readonly lab: LabState }) {
  const [text, say] = useState("");
  const newest = useRef(lab);
  newest.current = lab;
  useEffect(() => {
    const timer = setInterval(() => say(labToSummary(newest.current)), MOST_OFTEN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="hidden-text" aria-live="polite" data-part="summary">
      {text}
    </p>
  );
}
