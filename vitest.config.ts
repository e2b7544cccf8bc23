import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run on the TypeScript sources; nothing has to be built first.
    alias: [
      { find: /^chainrule$/, replacement: source('./compiler/index.ts') },
      { find: /^@chainrule\/runtime$/, replacement: source('./runtime/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
