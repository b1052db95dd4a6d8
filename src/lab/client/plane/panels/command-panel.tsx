/** The command that makes this run, and what can be taken along. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ToLab } from "../../../protocol/plane-messages.ts";
import { saveFile, textToBlob } from "../../save-file.ts";
import type { LabState } from "../state/lab-state.ts";
import { useDirector } from "../use-plane.ts";

const COPIED_MS = 2000;

export function CopyButton({ text, label }: { readonly text: () => string; readonly label: string }) {
  const [said, say] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(text()).then(
      () => say("copied"),
      () => say("the browser does not let this page copy"),
    );
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), COPIED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <>
      <button type="button" onClick={copy}>
        {label}
      </button>
      <span class="muted" role="status">
        {said}
      </span>
    </>
  );
}

type What = Extract<ToLab, { kind: "export" }>["what"];

const EXPORTS: readonly { readonly what: What; readonly label: string; readonly title: string }[] = [
  {
    what: "run",
    label: "Run folder",
    title: "as the command would have made it, for reports and comparisons",
  },
  { what: "points", label: "Points", title: "generated samples" },
  { what: "curves", label: "Curves", title: "what each round recorded, as CSV" },
  { what: "generator", label: "Generator", title: "as ONNX" },
];

function savePicture(pane: number): void {
  const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-pane="${pane}"]`);
  canvas?.toBlob((blob) => blob && saveFile(`plane-${pane + 1}.png`, blob));
}

export function CommandPanel({ lab, asked }: { readonly lab: LabState; readonly asked: string | undefined }) {
  const director = useDirector();
  const { exported, error } = lab;
  const last = useRef(exported);
  useEffect(() => {
    if (exported?.bytes !== undefined && exported !== last.current)
      saveFile(exported.name, textToBlob(exported.bytes));
    last.current = exported;
  }, [exported]);
  return (
    <section class="command box" data-part="command" aria-labelledby="command-title">
      <h3 id="command-title">The command that makes this run</h3>
      {lab.panes.map(({ facts }, pane) => (
        <div key={pane === 0 ? "left" : "right"}>
          <pre>{facts.command}</pre>
          {facts.journal.length > 0 && (
            <>
              <p class="caption">
                Settings were changed on the way, which no command can say. The run folder holds these
                changes:
              </p>
              <ul>
                {facts.journal.map(({ round, change }) => (
                  <li key={`${round} ${change}`}>
                    round {round.toLocaleString("en-US")}: {change}
                  </li>
                ))}
              </ul>
            </>
          )}
          <div class="row">
            <CopyButton text={() => facts.command} label="Copy the command" />
          </div>
          <div class="row" data-part="export">
            {EXPORTS.map(({ what, label, title }) => (
              <button key={what} type="button" title={title} onClick={() => director.export(pane, what)}>
                {label}
              </button>
            ))}
            <button type="button" onClick={() => savePicture(pane)}>
              Picture
            </button>
          </div>
        </div>
      ))}
      {exported && exported.bytes === undefined && <p role="status">Written: {exported.name}</p>}
      {asked === "export" && error && (
        <p class="said" role="alert">
          {error.message} {error.hint}
        </p>
      )}
    </section>
  );
}
