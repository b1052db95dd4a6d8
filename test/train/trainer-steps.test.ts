import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { modelToScheme } from "../../src/train/schemes/gan.ts";
import { takeOver } from "../../src/train/take-over.ts";
import type { Trainer, TrainerOptions } from "../../src/train/trainer.ts";
import { TINY, tinyAutoencoder, tinyImages } from "./games.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const OPTIONS: TrainerOptions = { seed: 5, rates: { generator: 1e-3, discriminator: 2e-3 }, rounds: 10 };

const open = (model: GanModel, change: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  openGanTrainer(engine, model, tinyImages(), { ...OPTIONS, ...change });

const toBytes = ({ state, progress }: Checkpoint) => ({
  progress,
  state: Object.fromEntries(
    Object.entries(state).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    ]),
  ),
});

/** Without running statistics, which every pass moves. */
const weightsOf = (trainer: Trainer, player: string) =>
  Object.fromEntries(
    Object.entries(trainer.toState())
      .filter(([name]) => name.startsWith(`${player}/weights/`))
      .map(([name, { data }]) => [name, [...data]]),
  );

async function playSteps(trainer: Trainer, rounds: number): Promise<void> {
  for (let steps = 0; trainer.rounds < rounds; steps++) {
    await trainer.computeStep();
    await trainer.applyStep(steps % 2 === 0);
  }
}

const IN_TURN: GanModel = { ...TINY, sharedFakes: false };
const MODELS: Readonly<Record<string, GanModel>> = {
  together: TINY,
  "in turn": IN_TURN,
  "three discriminator steps": { ...IN_TURN, discriminatorSteps: 3, emaDecay: 0.9 },
  "two steps of each": { ...IN_TURN, discriminatorSteps: 2, generatorSteps: 2 },
  "a carried balance": {
    ...IN_TURN,
    loss: "boundary-equilibrium",
    critic: { kind: "autoencoder", error: "absolute" },
    discriminator: { ...TINY.discriminator, network: tinyAutoencoder() },
  },
};

describe("a round played step by step", () => {
  it.each(Object.entries(MODELS))("ends with the bytes of one played whole: %s", async (_, model) => {
    const [whole, stepped] = [await open(model), await open(model)];
    for (let i = 0; i < 3; i++) await whole.playRound();
    await playSteps(stepped, 3);
    expect(toBytes(stepped.save())).toEqual(toBytes(whole.save()));
    await Promise.all([whole.dispose(), stepped.dispose()]);
  });

  it("moves no weight before a step is applied, and then those of its players", async () => {
    for (const model of Object.values(MODELS)) {
      const trainer = await open(model);
      do {
        const { trains } = trainer.place;
        const before = trainer.toState();
        const { losses } = await trainer.computeStep();
        for (const player of trains) expect(losses[`${player}/loss`]).toBeTypeOf("number");
        expect(trainer.place.isComputed).toBe(true);
        expect(trainer.toState()).toEqual(before);
        const [generator, discriminator] = [
          weightsOf(trainer, "generator"),
          weightsOf(trainer, "discriminator"),
        ];
        await trainer.applyStep();
        const moved = (player: string, old: object) =>
          JSON.stringify(weightsOf(trainer, player)) !== JSON.stringify(old);
        expect(moved("generator", generator)).toBe(trains.includes("generator"));
        expect(moved("discriminator", discriminator)).toBe(trains.includes("discriminator"));
      } while (trainer.isInRound);
      expect(trainer.rounds).toBe(1);
      await trainer.dispose();
    }
  });

  it("says which of its updates comes next", async () => {
    const trainer = await open({ ...IN_TURN, discriminatorSteps: 3 });
    const places: string[] = [];
    do {
      const { trains, update, updates } = trainer.place;
      places.push(`${trains} ${update}/${updates}`);
      await trainer.computeStep();
      await trainer.applyStep();
    } while (trainer.isInRound);
    expect(places).toEqual(["discriminator 1/3", "discriminator 2/3", "discriminator 3/3", "generator 1/1"]);
    await trainer.dispose();
  });

  it("is finished by playRound, and dropped by restore", async () => {
    const [whole, half] = [await open(IN_TURN), await open(IN_TURN)];
    const start = half.save();
    await half.computeStep();
    await half.applyStep();
    await half.computeStep();
    expect(() => half.save()).toThrow("half played");
    half.restore(start);
    expect(half.isInRound).toBe(false);
    await half.computeStep();
    await half.playRound();
    await whole.playRound();
    expect(toBytes(half.save())).toEqual(toBytes(whole.save()));
    await expect(half.applyStep()).rejects.toThrow("no step is computed");
    await Promise.all([whole.dispose(), half.dispose()]);
  });
});

describe("updates of one player alone", () => {
  it("move that player only, are counted, and survive a checkpoint", async () => {
    for (const model of Object.values(MODELS)) {
      const trainer = await open(model);
      await trainer.playRound();
      const generator = weightsOf(trainer, "generator");
      const before = trainer.updatesBefore("discriminator");
      await trainer.playAlone("discriminator");
      await trainer.playAlone("discriminator");
      expect(weightsOf(trainer, "generator")).toEqual(generator);
      expect(trainer.updatesBefore("discriminator")).toBe(before + 2);
      expect(trainer.rounds).toBe(1);
      const saved = trainer.save();
      expect(saved.progress.numbers["alone/discriminator"]).toBe(2);
      const other = await open(model);
      other.restore(saved);
      await other.playRound();
      await trainer.playRound();
      expect(toBytes(other.save())).toEqual(toBytes(trainer.save()));
      await Promise.all([trainer.dispose(), other.dispose()]);
    }
  });
});

describe("rules that change on the way", () => {
  const CHANGES: readonly (readonly [GanModel, GanModel])[] = [
    [IN_TURN, { ...IN_TURN, discriminatorSteps: 3 }],
    [TINY, { ...IN_TURN, generatorSteps: 2 }],
    [IN_TURN, TINY],
    [TINY, { ...TINY, clipValue: 0.02, discriminator: { ...TINY.discriminator, gradientClip: 0.1 } }],
    [TINY, { ...TINY, generator: { ...TINY.generator, optimizerOptions: { b1: 0.9, b2: 0.99 } } }],
  ];

  it("give the same bytes whether the programs stay or are compiled anew", async () => {
    for (const [model, next] of CHANGES) {
      const [kept, anew] = [await open(model), await open(next)];
      for (let i = 0; i < 3; i++) await kept.playRound();
      takeOver(anew, kept);
      kept.setRules(modelToScheme(next));
      expect(kept.updatesBefore("discriminator")).toBe(3 * model.discriminatorSteps);
      for (let i = 0; i < 2; i++) await Promise.all([kept.playRound(), anew.playRound()]);
      const [one, other] = [toBytes(kept.save()), toBytes(anew.save())];
      expect(one.progress).toEqual(other.progress);
      expect(one.state).toEqual(other.state);
      expect(kept.updatesBefore("discriminator")).toBe(
        3 * model.discriminatorSteps + 2 * next.discriminatorSteps,
      );
      await Promise.all([kept.dispose(), anew.dispose()]);
    }
  });

  it("an average that was not kept before begins at the weights", async () => {
    const [plain, averaged] = [await open(TINY), await open({ ...TINY, emaDecay: 0.99 })];
    await plain.playRound();
    takeOver(averaged, plain);
    const { state } = averaged.save();
    const name = "generator/weights/dense1/weights";
    expect(state["generator/average/weights/dense1/weights"].data).toEqual(state[name].data);
    await Promise.all([plain.dispose(), averaged.dispose()]);
  });

  it("rates hold from the next round on", async () => {
    const [changed, fast] = [
      await open(TINY),
      await open(TINY, { rates: { generator: 0, discriminator: 0 } }),
    ];
    await changed.computeStep();
    changed.setRates({ generator: 0, discriminator: 0 });
    await changed.playRound();
    const { state } = changed.save();
    expect(state).not.toEqual(fast.save().state);
    await changed.playRound();
    const weights = "generator/weights/dense1/weights";
    expect(changed.save().state[weights]).toEqual(state[weights]);
    await Promise.all([changed.dispose(), fast.dispose()]);
  });
});
