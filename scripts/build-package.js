/**
 * Builds the package of the current directory twice with plain tsc: dist/esm from tsconfig.build.json and
 * dist/cjs from tsconfig.cjs.json. A package.json in dist/cjs tells Node that these files are CommonJS.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync('dist', { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'tsconfig.cjs.json']) {
  execFileSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
}
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
copyFileSync(fileURLToPath(new URL('../LICENSE', import.meta.url)), 'LICENSE');
