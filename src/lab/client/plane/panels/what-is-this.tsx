/** "What is this?": while it is on, pressing or reaching anything says what it is, and does nothing else. */
import { useEffect, useState } from "preact/hooks";
import type { Setting } from "../../../protocol/plane-messages.ts";
import { EFFECTS, flagToLabel, readingToHelp, readingToLabel } from "../controls/labels.ts";
import { PARTS, type Part } from "../parts.ts";
import { KEYS } from "../play/hotkeys.ts";

function nameToPart(name: string, settings: readonly Setting[]): Part | undefined {
  if (Object.hasOwn(PARTS, name)) return PARTS[name];
  const [, kind, rest] = /^(setting|reading|line|group)-(.*)$/.exec(name) ?? [];
  if (kind === "line") return PARTS.algorithm;
  if (kind === "group") return PARTS.settings;
  if (kind === "reading")
    return { title: readingToLabel(rest), help: readingToHelp(rest) || PARTS.readings.help };
  const setting = kind === "setting" ? settings.find(({ flag }) => flag === rest) : undefined;
  return (
    setting && {
      title: `${flagToLabel(rest)} (--${rest})`,
      help: `${setting.summary}. A change ${EFFECTS[setting.effect].title}.`,
    }
  );
}

const targetToName = (target: EventTarget | null): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>("[data-part]")?.dataset.part : undefined;

export interface WhatIsThisProps {
  readonly settings: readonly Setting[];
  readonly close: () => void;
}

export function WhatIsThis({ settings, close }: WhatIsThisProps) {
  const [name, setName] = useState<string>();
  useEffect(() => {
    const show = (event: Event) => {
      const found = targetToName(event.target);
      if (found === undefined) return;
      setName(found);
      if (event.type === "focusin") return;
      event.preventDefault();
      event.stopPropagation();
    };
    const leave = (event: KeyboardEvent) => event.key === "Escape" && close();
    const types = ["click", "pointerdown", "change", "submit"];
    for (const type of types) document.addEventListener(type, show, { capture: true });
    document.addEventListener("focusin", show);
    document.addEventListener("keydown", leave);
    document.documentElement.classList.add("asks");
    return () => {
      for (const type of types) document.removeEventListener(type, show, { capture: true });
      document.removeEventListener("focusin", show);
      document.removeEventListener("keydown", leave);
      document.documentElement.classList.remove("asks");
    };
  }, [close]);
  const part = name === undefined ? undefined : nameToPart(name, settings);
  return (
    <div class="what" role="dialog" aria-label="what is this?">
      <div aria-live="polite">
        {part ? (
          <>
            <h3>{part.title}</h3>
            <p>{part.help}</p>
          </>
        ) : (
          <>
            <h3>What is this?</h3>
            <p>Press anything on the page, or reach it with Tab, to read what it is.</p>
          </>
        )}
      </div>
      <details>
        <summary>All keys</summary>
        <dl>
          {KEYS.map(({ keys, does }) => (
            <>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </>
          ))}
        </dl>
      </details>
      <button type="button" onClick={close}>
        Done
      </button>
    </div>
  );
}
