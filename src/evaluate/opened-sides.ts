/** The sides of an evaluation, opened: what each location holds, its classes where they are asked for, what it must give. */
import type { Ingredient, Role } from "../metrics/metric.ts";
import { type SideLabels, sideToLabels } from "./labels.ts";
import type { EvaluateOptions } from "./options.ts";
import type { Plan } from "./plan.ts";
import { openSide, type Side } from "./side.ts";
import { requireIngredients } from "./side-data.ts";

export type Labels = { readonly [R in "real" | "fake"]?: SideLabels };

export interface OpenedSides {
  readonly sides: ReadonlyMap<Role, Side>;
  /** The plan's, and what scores by class need besides. */
  readonly needs: ReadonlyMap<Role, ReadonlySet<Ingredient>>;
  /** Where scores by class are asked for. */
  readonly labels?: Labels;
  close(): Promise<void>;
}

async function sidesToLabels(
  sides: ReadonlyMap<Role, Side>,
  { realLabels, fakeLabels, limit }: EvaluateOptions,
): Promise<Labels> {
  const labelsOf = (role: "real" | "fake", file: string | undefined) =>
    sideToLabels(sides.get(role)!, role, {
      ...(file !== undefined && { file }),
      ...(limit !== undefined && { limit }),
    });
  const real = await labelsOf("real", realLabels);
  const fake = await labelsOf("fake", fakeLabels);
  return { ...(real && { real }), ...(fake && { fake }) };
}

/** Rows of both sides; where fakes have no labels, what a network sees in both. */
function labelsToNeeds(labels: Labels): readonly (readonly [Role, Ingredient])[] {
  const rows = [
    ["real", "features"],
    ["fake", "features"],
  ] as const;
  return labels.fake ? rows : [...rows, ["real", "logits"], ["fake", "logits"]];
}

/** Opens what the plan needs. @throws GanEvalError `input.*` for what cannot be read or lacks what a metric needs */
export async function openSides(plan: Plan, options: EvaluateOptions): Promise<OpenedSides> {
  const sides = new Map<Role, Side>();
  const close = async (): Promise<void> => {
    for (const side of sides.values()) if (side.kind === "pictures") await side.source.close();
  };
  try {
    for (const role of plan.needs.keys()) {
      const side = await openSide(options[role]!, options);
      sides.set(role, side);
      requireIngredients(plan, role, side);
    }
    if (!options.byClass) return { sides, needs: plan.needs, close };
    const labels = await sidesToLabels(sides, options);
    const needs = new Map([...plan.needs].map(([role, of]) => [role, new Set(of)]));
    for (const [role, ingredient] of labelsToNeeds(labels)) needs.get(role)!.add(ingredient);
    return { sides, needs, labels, close };
  } catch (error) {
    await close();
    throw error;
  }
}
