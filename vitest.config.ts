import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, vitest's own, is too short for a browser on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    // One native session per process: onnxruntime-node and sharp are safer in forks than in threads.
    pool: "forks",
    // Also on two cores, where one would be left to wait.
    maxWorkers: "100%",
    // No test may reach for the network; those of downloads say where they download from.
    env: { GAN_EVAL_OFFLINE: "1" },
    globalSetup: ["./test/cli/remove-built.ts"],
    setupFiles: ["./test/own-folder.ts", "./test/fuzz-seed.ts"],
    reporters: ["default", "./test/summary-reporter.ts"],
  },
});
