/** What can be done with a run: stop it, make its report. */
import { useState } from "preact/hooks";
import type { RunEntry } from "../../../index/run-entry.ts";
import { saveFile } from "../../save-file.ts";
import { ask, order } from "../../socket.ts";

const runToFile = ({ name }: RunEntry): string =>
  `${(name.split("/").at(-1) ?? "run").replace(/[^\w.-]+/g, "-")}-report.html`;

export function RunActions({ run }: { readonly run: RunEntry }) {
  const [said, setSaid] = useState("");
  const [isMaking, setIsMaking] = useState(false);
  const isRunning = run.status === "running";
  const stop = async (): Promise<void> => {
    if (!confirm("Stop this run? It saves, and `gan-eval train --resume` continues it.")) return;
    const refusal = await order(`/api/runs/${run.id}/stop`);
    setSaid(
      refusal === undefined ? "asked to stop; it saves at the end of its round" : `not asked: ${refusal}`,
    );
  };
  const makeReport = async (): Promise<void> => {
    setIsMaking(true);
    setSaid("making the report");
    const response = await ask(`/api/runs/${run.id}/report`, { method: "POST" }).catch(() => undefined);
    setIsMaking(false);
    if (!response?.ok)
      return setSaid(
        `no report: ${response ? (await response.text()).trim() : "the server does not answer"}`,
      );
    saveFile(runToFile(run), await response.blob());
    setSaid("the report is in the run's folder, report.html, and among your downloads");
  };
  return (
    <p>
      {isRunning && (
        <button type="button" onClick={stop}>
          stop
        </button>
      )}{" "}
      <button type="button" disabled={isMaking} onClick={makeReport}>
        make report
      </button>{" "}
      <span class="muted" role="status">
        {said}
      </span>
    </p>
  );
}
