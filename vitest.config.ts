// One project a kind of test; e2e and browser run the built command as a real process.
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  test: {
    ...{ name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
    // A busy machine takes its time; what is awaited is said in full, so that waiting longer hides nothing.
    expect: { poll: { timeout: 10_000 } },
  },
});

export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default'] : ['dot'],
    projects: [
      project('unit', 20_000),
      project('contract', 30_000),
      project('integration', 60_000),
      project('e2e', 300_000),
      project('browser', 120_000),
    ],
  },
});
