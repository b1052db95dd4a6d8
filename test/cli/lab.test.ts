/** `gan-eval lab` from its words to its end. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openInBrowser } from "../../src/lab/open-in-browser.ts";
import { openLab } from "../../src/lab/open-lab.ts";
import { emptyFolder, libraryOf, run } from "./command-line.ts";

let cache: string;
beforeAll(async () => {
  cache = await emptyFolder();
});

/** Runs a lab until `use` is done with its address. */
async function runLab(
  argv: readonly string[],
  use: (url: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
) {
  const controller = new AbortController();
  let during = "";
  let used: Promise<void> | undefined;
  const finished = await run(["lab", ...argv], {
    env,
    signal: controller.signal,
    library: libraryOf({ openLab, openInBrowser, cacheFolder: async () => cache }),
    stderr: {
      isTTY: false,
      columns: 80,
      write: (text) => {
        during += text;
        const [url] = /http:\S+/.exec(during) ?? [];
        if (url === undefined || !during.includes("Ctrl-C")) return;
        used ??= use(url).finally(() => controller.abort());
      },
    },
  });
  await used;
  return { ...finished, during };
}

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200 && !(await holds()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe("gan-eval lab", () => {
  it("prints one address at once, serves the page there, and ends well when it is interrupted", async () => {
    let page = "";
    let address = "";
    const { exitCode, stdout, during } = await runLab(["--port", "0", "-q"], async (url) => {
      address = url;
      page = await (await fetch(url)).text();
    });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{43}$/);
    expect(during.match(/http/g)).toHaveLength(1);
    expect(page).toContain("<title>gan-eval lab</title>");
    expect(exitCode).toBe(0);
    expect(stdout).toBe("The lab is closed.\n");
    await expect(fetch(address)).rejects.toThrow();
  });

  it("begins with a scene where one is named", async () => {
    let address = "";
    await runLab(["--port", "0", "--scene", "two-players"], async (url) => {
      address = url;
    });
    expect(address).toMatch(/#t=[\w-]{43}&plane\?data=two-gaussians&.*tour=two-players$/);
  });

  it("has another token each time", async () => {
    const tokens = new Set<string>();
    for (let i = 0; i < 3; i++)
      await runLab(["--port", "0"], async (url) => void tokens.add(url.split("#")[1]));
    expect(tokens.size).toBe(3);
  });

  it("shows runs and sweeps, or the folders that are named", async () => {
    const asked: unknown[] = [];
    const library = libraryOf({
      cacheFolder: async () => cache,
      openLab: async (options) => {
        asked.push(options);
        return { port: 1, url: "http://127.0.0.1:1/#t=x", close: async () => {} };
      },
    });
    const signal = AbortSignal.abort();
    await run(["lab"], { library, signal });
    await run(["lab", "a", "b", "--read-only", "--port", "81", "--scene", "shift"], { library, signal });
    expect(asked).toMatchObject([
      { folders: ["runs", "sweeps"], port: undefined, isReadOnly: false },
      { folders: ["a", "b"], port: 81, isReadOnly: true, scene: "shift", cacheFolder: cache },
    ]);
  });

  it("refuses a port that is taken", async () => {
    await runLab(["--port", "0"], async (url) => {
      const { port } = new URL(url);
      const second = await run(["lab", "--port", port], {
        library: libraryOf({ openLab, cacheFolder: async () => cache }),
      });
      expect(second.exitCode).toBe(2);
      expect(second.stderr).toContain(`expected a free port, got ${port}`);
    });
  });

  it.skipIf(process.platform === "win32")(
    "opens a file that only its user can read, never the address",
    async () => {
      const folder = emptyFolder();
      const browser = path.join(folder, "browser.sh");
      const seen = path.join(folder, "seen");
      await writeFile(
        browser,
        `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}.tmp\nls -l "$1" >> ${seen}.tmp\ncat "$1" >> ${seen}.tmp\nmv ${seen}.tmp ${seen}\n`,
      );
      await chmod(browser, 0o755);
      const read = () => readFile(seen, "utf8").catch(() => "");
      let address = "";
      const ran = await runLab(
        ["--port", "0", "--open"],
        async (url) => {
          address = url;
          await until(async () => (await read()) !== "");
        },
        { BROWSER: browser },
      );
      const [words, listed, page] = (await read()).split("\n");
      expect(words).not.toContain("t=");
      expect(listed).toMatch(/^-rw------- /);
      expect(page).toContain(`url=${address}`);
      expect(ran.exitCode).toBe(0);
      await expect(readFile(words)).rejects.toThrow("ENOENT");
    },
  );

  it("goes on where there is no browser to open", async () => {
    const ran = await runLab(["--port", "0", "--open"], async () => {}, { BROWSER: "/no/such/browser" });
    expect(ran.exitCode).toBe(0);
    expect(ran.during).toContain("expected a browser to open");
  });
});
