/** What forbids a download that nobody asked for by name. */

/** As the command line reads a switch of the environment. */
const isSet = (value: string | undefined): boolean =>
  value !== undefined && !["", "0", "false", "no", "off", "n", "disabled"].includes(value.toLowerCase());

/**
 * Why a network that is not installed may not be downloaded at its first use; undefined where it may.
 * @param offline the option `--offline`, which goes before `GAN_EVAL_OFFLINE`; nothing goes before `GAN_EVAL_NO_DOWNLOAD`
 */
export function toForbidden(
  offline: boolean | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (isSet(env.GAN_EVAL_NO_DOWNLOAD)) return "GAN_EVAL_NO_DOWNLOAD forbids downloads at first use";
  if (offline ?? isSet(env.GAN_EVAL_OFFLINE)) return "--offline or GAN_EVAL_OFFLINE forbids the download";
  return undefined;
}
