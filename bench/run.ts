/**
 * `npm run bench` prints the table, `npm run bench -- W3 W7` these rows of it. Processes of their own: loading the
 * TypeScript compiler detaches an ArrayBuffer, after which V8 runs all typed-array loops of the process up to 1.4 times
 * slower.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const generated = run('generate.ts');
const measured = run('measure.ts', ...process.argv.slice(2));
const compared = run('measure-peers.ts', ...process.argv.slice(2));
process.exitCode = generated || measured || compared;

function run(script: string, ...args: string[]): number {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, '--expose-gc', path, ...args],
    { stdio: 'inherit' },
  );
  return status ?? 1;
}
