/** The folders that downloaded and imported networks are kept in. */
import { homedir } from "node:os";
import path from "node:path";

/**
 * Where networks are kept: what is asked for, else `GAN_EVAL_CACHE`, else `gan-eval` in `XDG_CACHE_HOME` (the XDG
 * specification counts absolute paths only), else `~/.cache/gan-eval`.
 */
export function cacheFolder(
  cacheDir?: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const named = cacheDir || env.GAN_EVAL_CACHE;
  if (named) return path.resolve(named);
  const xdg = env.XDG_CACHE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache"), "gan-eval");
}

/** The folder of a network in a cache folder. */
export const networkFolder = (cache: string, id: string): string => path.join(cache, "networks", id);
