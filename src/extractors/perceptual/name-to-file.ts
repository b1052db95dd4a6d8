/** Where the weights of VGG or AlexNet come from: a file, or a name whose official file is fetched at its first use. */
import { type FirstUseOptions, readNetworkAtFirstUse } from "../../networks/first-use.ts";
import { NETWORK_NAMES, type NetworkName } from "./layers.ts";

const isPerceptualName = (source: string): source is NetworkName =>
  (NETWORK_NAMES as readonly string[]).includes(source);

/**
 * The path of a name's official file; any other source is a path already. A file of such a name is `./vgg19`.
 * @throws GanEvalError `unavailable.network` where the file is neither here nor to be had
 */
export async function nameToFile(source: string, options: FirstUseOptions = {}): Promise<string> {
  return isPerceptualName(source) ? (await readNetworkAtFirstUse(source, options)).location : source;
}
