#!/usr/bin/env node
import { isatty } from 'node:tty';
import pc from 'picocolors';
import { exit } from './io.js';
import { main } from './main.js';

const io = {
  cwd: process.cwd(),
  // picocolors takes CI for a terminal; what reads our output there wants text.
  isColored: pc.isColorSupported && isatty(1),
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
};

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
