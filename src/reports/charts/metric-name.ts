/** Names of values on charts: the registry's, and of values that are none of ours their keys made visible. */
import { keyToName as keyToPlainName } from "../../metrics/values.ts";
import { textToVisible } from "../page.ts";

export const keyToName = (key: string): string => textToVisible(keyToPlainName(key));
