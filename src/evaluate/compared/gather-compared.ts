/** Everything that metrics ask of images two at a time. */
import type { Warning } from "../../errors.ts";
import type { Role } from "../../math/role.ts";
import type { Requirement, SideData } from "../../metrics/metric.ts";
import type { Gathered, GatherOptions } from "../gather.ts";
import type { OpenedSides } from "../sides/opened-sides.ts";
import type { OpenedComparisons } from "./comparisons.ts";
import { gatherGroups } from "./gather-groups.ts";
import { gatherPairs } from "./gather-pairs.ts";

/** What is asked of images two at a time. */
const COMPARED: readonly Requirement[] = ["pairs", "groups"];

/** Whether a side's images are wanted two at a time alone: then the pass of `gatherSide` has nothing to do. */
export const isComparedAlone = (needs: ReadonlySet<Requirement>): boolean =>
  [...needs].every((requirement) => COMPARED.includes(requirement));

export interface GatheredComparisons {
  /** Of the fake side. */
  readonly data: Pick<SideData, "pairs" | "groups">;
  readonly warnings: readonly Warning[];
  /** The sides as these passes read them. */
  readonly sides: ReadonlyMap<Role, Gathered>;
}

/** The passes that the comparisons need, after those of the networks; none without comparisons. */
export async function gatherCompared(
  { sides }: OpenedSides,
  comparisons: OpenedComparisons,
  options: GatherOptions,
): Promise<GatheredComparisons> {
  const sourceOf = (role: Role) => {
    const side = sides.get(role);
    return side?.kind === "images" ? side.source : undefined;
  };
  const [real, fake] = [sourceOf("real"), sourceOf("fake")];
  const read = new Map<Role, Gathered>();
  const data: { -readonly [K in keyof GatheredComparisons["data"]]: GatheredComparisons["data"][K] } = {};
  let warnings: readonly Warning[] = [];
  if (comparisons.groups.length > 0) {
    const gathered = await gatherGroups(fake!, comparisons.groups, options);
    data.groups = gathered.groups;
    warnings = gathered.warnings;
    read.set("fake", gathered.fake);
  }
  if (comparisons.pairs.length > 0) {
    const gathered = await gatherPairs({ real: real!, fake: fake! }, comparisons.pairs, options);
    data.pairs = gathered.pairs;
    read.set("real", gathered.real).set("fake", gathered.fake);
  }
  return { data, warnings, sides: read };
}
