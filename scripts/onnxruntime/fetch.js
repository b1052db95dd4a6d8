// Puts ONNX Runtime's Node binding into vendor/onnxruntime-node: what of the npm package onnxruntime-node is needed, for
// this platform, or with --all for every platform (before the package is packed). It is no dependency, because its
// install script downloads CUDA libraries from outside the npm registry and, where it cannot, fails the whole install.
// npm itself fetches the archive, with its own registry, proxy and cache; source.json says which.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { tgzToFiles } from "./read-tar.js";

const root = path.resolve(import.meta.dirname, "../..");
const source = JSON.parse(readFileSync(path.join(import.meta.dirname, "source.json"), "utf8"));
const target = path.join(root, "vendor", source.name);
const here = `${process.platform}/${process.arch}`;
const isForAll = process.argv.includes("--all");

/** Whether what is asked for lies there already. A platform that the package has nothing for is one that was looked at. */
function isThere() {
  const manifest = path.join(target, "package.json");
  if (!existsSync(manifest)) return false;
  const { version, fetchedFor } = JSON.parse(readFileSync(manifest, "utf8"));
  return version === source.version && (fetchedFor === "all" || (!isForAll && fetchedFor === here));
}

/** npm, as it was started: so that it has the same settings. */
function npmPack(folder) {
  const cli = process.env.npm_execpath;
  const isNpm = cli !== undefined && path.basename(cli) === "npm-cli.js";
  const [program, ...first] = isNpm ? [process.execPath, cli] : ["npm"];
  const spec = `${source.name}@${source.version}`;
  // A dry run or another output format of the npm around this one is not meant for this one.
  const settings = [
    "--dry-run=false",
    "--json=false",
    "--ignore-scripts",
    "--prefer-offline",
    "--loglevel=error",
  ];
  const args = [...first, "pack", spec, `--pack-destination=${folder}`, ...settings];
  const ran = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    shell: !isNpm && process.platform === "win32",
  });
  if (ran.status !== 0) {
    throw new Error(`cannot fetch ${spec} with npm:\n${ran.stderr ?? ran.error}`);
  }
  return path.join(folder, `${source.name}-${source.version}.tgz`);
}

function requireIntegrity(archive) {
  const got = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (got === source.integrity) return;
  throw new Error(`expected ${source.integrity} of ${source.name}@${source.version}, got ${got}`);
}

/** Its scripts, and the dependencies that only they need, stay away. */
const manifestOf = ({ name, version, description, license, repository, main }, platforms) =>
  `${JSON.stringify({ name, version, description, license, repository, main, fetchedFor: isForAll ? "all" : here, platforms }, null, 2)}\n`;

/** Which platform a file is for; undefined for those that every platform needs. */
const platformOf = (name) => /^bin\/napi-v6\/(\w+\/\w+)\//.exec(name)?.[1];

function isNeeded(name) {
  const platform = platformOf(name);
  if (platform === undefined) return /^dist\/\w+\.js$/.test(name);
  return (isForAll || platform === here) && !source.leaveOut.includes(name);
}

async function unpack(archive, folder) {
  const platforms = new Set();
  let manifest;
  for await (const { name: member, bytes } of tgzToFiles(archive)) {
    const name = member.replace(/^package\//, "");
    if (name === "package.json") manifest = JSON.parse(bytes.toString());
    if (!isNeeded(name)) continue;
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
    if (platformOf(name) !== undefined) platforms.add(platformOf(name));
  }
  copyFileSync(path.join(import.meta.dirname, "LICENSE.txt"), path.join(folder, "LICENSE"));
  writeFileSync(path.join(folder, "package.json"), manifestOf(manifest, [...platforms].sort()));
}

/** Whole or not at all: a build that is stopped leaves the old files. */
function replaceTarget(folder) {
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
}

if (!isThere()) {
  const vendor = path.dirname(target);
  mkdirSync(vendor, { recursive: true });
  const work = mkdtempSync(path.join(vendor, ".fetching-"));
  try {
    const archive = npmPack(work);
    requireIntegrity(archive);
    const folder = path.join(work, "files");
    await unpack(archive, folder);
    replaceTarget(folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
