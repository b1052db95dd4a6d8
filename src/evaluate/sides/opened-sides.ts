/** The sides of an evaluation, opened: what each location holds, its classes where they are asked for, what it must give. */

import type { Warning } from "../../errors.ts";
import { classFoldersToWarnings } from "../../images/sources/class-labels.ts";
import type { Role } from "../../math/role.ts";
import type { Requirement } from "../../metrics/metric.ts";
import { sideToLabels } from "../classes/labels.ts";
import type { LabelsOfSides } from "../classes/row-classes.ts";
import { extractorToName } from "../own-extractor.ts";
import type { Plan } from "../plan.ts";
import type { EvaluateSettings } from "../with-option-defaults.ts";
import { openSide, requireParts, type Side } from "./side.ts";
import { requireEnough, requireSideGives } from "./side-data.ts";

export type Labels = LabelsOfSides & {
  /** Which folders were taken for classes. */
  readonly warnings: readonly Warning[];
};

export interface OpenedSides {
  readonly sides: ReadonlyMap<Role, Side>;
  /** The plan's, and what scores by class need besides. */
  readonly needs: ReadonlyMap<Role, ReadonlySet<Requirement>>;
  /** Where scores by class are asked for. */
  readonly labels?: Labels;
  close(): Promise<void>;
}

async function sidesToLabels(
  sides: ReadonlyMap<Role, Side>,
  { realLabels, fakeLabels, limit }: EvaluateSettings,
): Promise<Labels> {
  const labelsOf = (role: "real" | "fake", file: string | undefined) =>
    sideToLabels(sides.get(role)!, role, {
      ...(file !== undefined && { file }),
      ...(limit !== undefined && { limit }),
    });
  const real = await labelsOf("real", realLabels);
  const fake = await labelsOf("fake", fakeLabels);
  const sourceOf = (role: "real" | "fake") => {
    const side = sides.get(role);
    return side?.kind === "images" ? side.source : undefined;
  };
  const warningsOf = (role: "real" | "fake", file: string | undefined): Warning[] => {
    const source = file === undefined ? sourceOf(role) : undefined;
    const warnings = source === undefined ? [] : classFoldersToWarnings(source);
    return warnings.map((warning) => ({ ...warning, message: `${role}: ${warning.message}` }));
  };
  return {
    ...(real && { real }),
    ...(fake && { fake }),
    unlabelled: { real: sourceOf("real")?.unlabelled, fake: sourceOf("fake")?.unlabelled },
    warnings: [...warningsOf("real", realLabels), ...warningsOf("fake", fakeLabels)],
  };
}

/** Rows of both sides; where fakes have no labels, what a network sees in both. */
function labelsToNeeds(labels: Labels): readonly (readonly [Role, Requirement])[] {
  const rows = [
    ["real", "features"],
    ["fake", "features"],
  ] as const;
  return labels.fake ? rows : [...rows, ["real", "logits"], ["fake", "logits"]];
}

/** Opens what the plan needs. @throws GanEvalError `input.*` for what cannot be read or lacks what a metric needs */
export async function openSides(plan: Plan, options: EvaluateSettings): Promise<OpenedSides> {
  const sides = new Map<Role, Side>();
  const close = async (): Promise<void> => {
    for (const side of sides.values()) if (side.kind === "images") await side.source.close();
  };
  try {
    for (const role of plan.needs.keys()) {
      const side = await openSide(options[role]!, {
        ...options,
        extractor: extractorToName(options.extractor),
      });
      sides.set(role, side);
      requireSideGives(plan, role, side);
    }
    await requireParts(sides.values(), options.split);
    requireEnough(plan, sides);
    if (!options.byClass) return { sides, needs: plan.needs, close };
    const labels = await sidesToLabels(sides, options);
    const needs = new Map([...plan.needs].map(([role, of]) => [role, new Set(of)]));
    for (const [role, requirement] of labelsToNeeds(labels)) needs.get(role)!.add(requirement);
    return { sides, needs, labels, close };
  } catch (error) {
    await close();
    throw error;
  }
}
