/** The command `gan-eval lab`. */
import { isCode, type Warning } from "../../errors.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

type LabValues = OptionValues<"port" | "open" | "scene" | "readOnly">;

/** Where `train` and `sweep` put theirs. */
const USUAL_FOLDERS = ["runs", "sweeps"];

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** `gan-eval lab FOLDER...`: goes on until it is interrupted. */
export async function run(
  { port, open, scene, readOnly }: LabValues,
  { library, signal, env, say, steadyClock }: CommandContext,
  folders: readonly string[],
): Promise<Outcome> {
  const lab = await library.openLab({
    folders: folders.length === 0 ? USUAL_FOLDERS : folders,
    port,
    isReadOnly: readOnly,
    scene,
    cacheFolder: await library.cacheFolder(),
    steadyClock,
  });
  const warnings: Warning[] = [];
  let forget = async (): Promise<void> => {};
  try {
    say(`${lab.url}\n`);
    say(`Whoever has this address can see ${readOnly ? "" : "and stop "}the runs. Ctrl-C ends the lab.\n`);
    if (open)
      try {
        forget = await library.openInBrowser(lab.url, env);
      } catch (error) {
        if (!isCode(error, "input.no-browser")) throw error;
        const { code, message, hint } = error as Error & Warning;
        say(`${message}\n`);
        warnings.push({ code, message, ...(hint !== undefined && { hint }) });
      }
    await untilAborted(signal);
  } finally {
    await forget();
    await lab.close();
  }
  return {
    ...tableToOutcome(
      { schema: "gan-eval/lab/1", port: lab.port },
      { columns: [{ key: "port", title: "port" }], rows: [{ port: lab.port }] },
      () => "The lab is closed.\n",
    ),
    warnings,
    endsByInterrupt: true,
  };
}
