/**
 * `node --require chainrule/register`, or `"ts-node": { "require": ["chainrule/register"] }`: writes what is stale before
 * the program starts, for runners that read files only.
 */
import childProcess = require('node:child_process');
import path = require('node:path');

const bin = path.join(__dirname, '..', '..', 'esm', 'cli', 'bin.js');
const marker = 'CHAINRULE_REGISTER';

// The command may be told by NODE_OPTIONS to load this file, too.
if (process.env[marker] === undefined) {
  const { status } = childProcess.spawnSync(process.execPath, [bin, 'build', '--quiet'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [marker]: '1' },
  });
  if (status !== 0) throw new Error('chainrule could not generate all derivatives.');
}
