/** What can be said of a scheme before anything is traced. */
import { GanEvalError } from "../../errors.ts";
import type { Scheme } from "./scheme.ts";

function refuse(what: string, hint?: string): never {
  throw new GanEvalError("usage.scheme", what, hint === undefined ? {} : { hint });
}

const known = (names: Iterable<string>): string => {
  const list = [...names];
  return list.length === 0 ? "none" : list.join(", ");
};

function requireKnown(names: readonly string[], all: Readonly<Record<string, unknown>>, what: string): void {
  for (const name of names)
    if (!Object.hasOwn(all, name)) refuse(`expected ${what} among ${known(Object.keys(all))}, got ${name}`);
}

/** @throws GanEvalError `usage.scheme` for names that nothing has, owners that are not one, and plans that train nobody */
export function checkScheme(scheme: Scheme): void {
  const { networks, players, passes, terms, plan, discriminators, inputs, makers, frozen = {} } = scheme;
  const owners = new Map<string, string>();
  for (const [name, { owns }] of Object.entries(players)) {
    requireKnown(owns, networks, `the networks of the player ${name}`);
    if (owns.length === 0) refuse(`expected the player ${name} to own a network, got none`);
    for (const network of owns) {
      const other = owners.get(network);
      if (other !== undefined)
        refuse(
          `expected one owner of the network ${network}, got ${other} and ${name}`,
          "Two players that share layers share a network of its own, which one of them owns.",
        );
      owners.set(network, name);
    }
  }
  for (const name of Object.keys(networks))
    if (!owners.has(name) && !Object.hasOwn(frozen, name))
      refuse(
        `expected an owner or given weights for the network ${name}, got neither`,
        "Name it in a player's `owns`, or give its weights in `frozen`.",
      );
  for (const [place, { network, for: users = [] }] of Object.entries(passes)) {
    requireKnown([network], networks, `the network of the pass ${place}`);
    requireKnown(users, players, `the players of the pass ${place}`);
  }
  for (const [name, { for: users = [] }] of Object.entries(inputs))
    requireKnown(users, players, `the players of the input ${name}`);
  const names = new Set<string>();
  for (const { name, trains } of terms) {
    if (names.has(name)) refuse(`expected terms of different names, got two called ${name}`);
    names.add(name);
    if (trains.length === 0) refuse(`expected the term ${name} to train a player, got none`);
    requireKnown(trains, players, `the players of the term ${name}`);
  }
  if (plan.length === 0) refuse("expected a plan of at least one phase, got none");
  const weighed = Object.fromEntries(
    terms.flatMap(({ name, weight }) => (weight === undefined ? [] : [[name, weight]])),
  );
  for (const { steps } of plan)
    for (const { trains, times, weights = {} } of steps) {
      requireKnown(trains, players, "the players of a step");
      if (trains.length === 0) refuse("expected a step that trains a player, got one that trains none");
      if (!(Number.isInteger(times) && times > 0)) refuse(`expected steps of at least 1 time, got ${times}`);
      requireKnown(Object.keys(weights), weighed, "the terms of a step's weights");
    }
  for (const name of Object.keys(players))
    if (!plan.some(({ steps }) => steps.some(({ trains }) => trains.includes(name))))
      refuse(`expected a step of the plan that trains the player ${name}, got none`);
  requireKnown(
    discriminators.map(({ player }) => player),
    players,
    "the players of discriminators",
  );
  for (const { name, inputs: read } of makers) requireKnown(read, inputs, `the inputs of the maker ${name}`);
}
