/** What is being written into a field: the page is drawn anew many times meanwhile, with the value that holds. */
import { useEffect, useState } from "preact/hooks";

export interface Draft {
  /** What stands in the field. */
  readonly shown: string;
  readonly write: (text: string) => void;
  /** Back to the value that holds. */
  readonly drop: () => void;
}

/** @param text the value that holds; another takes the place of what was written */
export function useDraft(text: string): Draft {
  const [draft, setDraft] = useState<{ readonly of: string; readonly text: string }>();
  useEffect(() => setDraft((before) => (before?.of === text ? before : undefined)), [text]);
  return {
    shown: draft?.of === text ? draft.text : text,
    write: (next) => setDraft({ of: text, text: next }),
    drop: () => setDraft(undefined),
  };
}
