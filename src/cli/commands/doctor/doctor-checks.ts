/** The checks that `gan-eval doctor` runs. */
import { constants, existsSync, readFileSync } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, freemem, totalmem } from "node:os";
import path from "node:path";
import { instructionSet } from "../../../engine/instruction-set.ts";
import { unlessForbidden } from "../../../files/forbidden.ts";
import { packageVersion } from "../../../package-root.ts";
import { bytesToText, countToWords } from "../../../reports/quantities.ts";
import type { CommandContext } from "../../command.ts";

/** One line of the doctor's report. `absent` things are optional; `problem`s are not. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "absent" | "problem";
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

type Check = (context: CommandContext, cacheDir: string | undefined) => Promise<readonly Finding[]>;

const require = createRequire(import.meta.url);

/** The version in a package's own package.json, found without asking its `exports`. */
function versionOf(packageName: string): string | undefined {
  for (const folder of require.resolve.paths(packageName) ?? []) {
    const file = path.join(folder, packageName, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
  return undefined;
}

const PACKAGES = ["@tensorflow/tfjs-core", "sharp", "chart.js", "@napi-rs/canvas"];

const checkVersions: Check = async () => [
  { name: "gan-eval", state: "ok", detail: packageVersion() },
  { name: "node", state: "ok", detail: `${process.versions.node} (${process.platform} ${process.arch})` },
  ...PACKAGES.map((name): Finding => {
    const version = versionOf(name);
    return version === undefined
      ? { name, state: "problem", detail: "not installed", advice: "Run `npm ci` again." }
      : { name, state: "ok", detail: version };
  }),
];

/** What would make an engine appear that says nothing of it itself. */
const ENGINE_ADVICE: Readonly<Record<string, string>> = {
  tensorflow: "Optional: `npm install @tensorflow/tfjs-node` installs it (docs/engines.md).",
  wasm: "Run `npm ci` again.",
  cpu: "Run `npm ci` again.",
};

const checkEngines: Check = async ({ library }) => {
  const reports = await library.listEngines();
  return reports.map(({ engine, device, found, version, reason, advice }): Finding => {
    const name = `${engine} on ${device}`;
    if (found) return { name, state: "ok", detail: version ?? "found" };
    const isDefault = engine === "onnx" && device === "cpu";
    const detail = (reason ?? "not found").replace(/^expected engine \w+: /, "").replace(/\.$/, "");
    return isDefault
      ? { name, state: "problem", detail, advice: "Run `npm ci` again: nothing can be computed without it." }
      : { name, state: "absent", detail, advice: advice ?? ENGINE_ADVICE[engine] };
  });
};

/** A 1x1 PNG, decoded: proof that sharp's binary loads and works. */
const checkDecoding: Check = async () => {
  const { default: sharp } = await import("sharp");
  const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#102030" } })
    .png()
    .toBuffer();
  const pixels = await sharp(png).raw().toBuffer();
  return pixels[0] === 0x10 && pixels[1] === 0x20 && pixels[2] === 0x30
    ? [{ name: "sharp", state: "ok", detail: `decodes PNG, libvips ${sharp.versions.vips}` }]
    : [
        {
          name: "sharp",
          state: "problem",
          detail: "decodes a PNG incorrectly",
          advice: "Run `npm ci` again.",
        },
      ];
};

const checkNetworks: Check = async ({ library }, cacheDir) => {
  const info = await library.installedInception({ cacheDir });
  const inception: Finding = info
    ? {
        name: "inception",
        state: "ok",
        detail: `${info.manifest.id} (${info.manifest.weightsHash.slice(0, 8)}) from ${info.manifest.source.name}`,
      }
    : {
        name: "inception",
        state: "absent",
        detail: "weights are not installed",
        advice: "Run `gan-eval inception download`, or `gan-eval inception import FILE`.",
      };
  const digits = await library.digitsWeights();
  // Those that are not installed are many, and come by themselves: only what is there is said.
  const others = (await library.listNetworks({ cacheDir })).flatMap(
    ({ name, installed, problem }): Finding[] => {
      if (name === "inception" || (installed ?? problem) === undefined) return [];
      if (problem !== undefined) return [{ name, state: "problem", detail: problem }];
      const { sha256, bytes, from } = installed!;
      return [{ name, state: "ok", detail: `${sha256.slice(0, 8)}, ${bytesToText(bytes)}, from ${from}` }];
    },
  );
  return [
    inception,
    ...others,
    {
      name: "digits",
      state: "ok",
      detail: `built in (${digits.hash.slice(0, 8)}), ${bytesToText(digits.bytes)}`,
    },
  ];
};

const checkCharts: Check = async ({ library }) => {
  const { fonts, drawsText, pngBytes } = await library.checkCharts();
  const chart: Finding = {
    name: "chart",
    state: "ok",
    detail: `chart.js drew a PNG of ${bytesToText(pngBytes)}`,
  };
  const text: Finding = drawsText
    ? { name: "fonts", state: "ok", detail: countToWords(fonts, "family", "families") }
    : {
        name: "fonts",
        state: "absent",
        detail: `${countToWords(fonts, "family", "families")}; charts would be drawn without text`,
        advice: "Install a font, for example the package fonts-dejavu-core.",
      };
  return [chart, text];
};

const checkCache: Check = async ({ library }, cacheDir) => {
  const folder = await library.cacheFolder(cacheDir);
  // The folder is made when something is first put there; until then its nearest parent decides.
  let nearest = path.resolve(folder);
  const isThere = (at: string) => stat(at).then(() => true, unlessForbidden(false));
  while (!(await isThere(nearest)) && nearest !== path.dirname(nearest)) nearest = path.dirname(nearest);
  const isWritable = await access(nearest, constants.W_OK).then(
    async () => (await stat(nearest)).isDirectory(),
    () => false,
  );
  if (!isWritable) {
    return [
      {
        name: "folder",
        state: "problem",
        detail: `${folder} is not writable`,
        advice: "Choose another with --cache-dir or GAN_EVAL_CACHE.",
      },
    ];
  }
  const size =
    nearest === path.resolve(folder) ? bytesToText(await folderToBytes(folder)) : "not created yet";
  return [{ name: "folder", state: "ok", detail: `${folder}, writable, ${size}` }];
};

async function folderToBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const checkMachine: Check = async () => [
  {
    name: "memory",
    state: "ok",
    detail: `${bytesToText(freemem())} free of ${bytesToText(totalmem())}`,
  },
  { name: "threads", state: "ok", detail: String(availableParallelism()) },
  {
    name: "processor",
    state: "ok",
    detail: `instruction set ${instructionSet()}: bits are equal on others of the same, last digits differ elsewhere`,
  },
];

/** What the doctor looks at, in the order of its report. */
export const CHECKS: Readonly<Record<string, Check>> = {
  versions: checkVersions,
  engines: checkEngines,
  images: checkDecoding,
  networks: checkNetworks,
  charts: checkCharts,
  cache: checkCache,
  machine: checkMachine,
};
