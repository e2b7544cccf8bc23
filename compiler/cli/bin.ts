#!/usr/bin/env node
import { isatty } from 'node:tty';
import pc from 'picocolors';
import { exit } from './io.js';
import { main } from './main.js';

const io = {
  cwd: process.cwd(),
  // picocolors takes CI for a terminal; what reads our output there wants text.
  isColored: pc.isColorSupported && isatty(1),
  isWatched: isatty(2),
  isGithub: process.env['GITHUB_ACTIONS'] === 'true',
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
};

// Between two steps, so that no file is left behind that was to be renamed.
process.on('SIGINT', () => process.exit(130));

main(process.argv.slice(2), io).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Nothing of the user's can lead here.
    console.error(error);
    console.error('\nThis is a bug of chainrule; please report it with the lines above.');
    process.exitCode = exit.broken;
  },
);
