/** Learning tests: small models trained until they show what they have learnt. `npm run test:learning -- MODEL` */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/learning/**/*.learning.ts"],
    // Minutes of training on two cores, and several times that on a busy machine.
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    pool: "forks",
    fileParallelism: false,
    env: { GAN_EVAL_OFFLINE: "1" },
    globalSetup: ["./test/cli/remove-built.ts"],
    setupFiles: ["./test/own-folder.ts"],
  },
});
