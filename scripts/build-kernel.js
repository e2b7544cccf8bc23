/**
 * Assembles runtime/matmul/kernel.wat and writes the bytes, as base64, to runtime/matmul/kernel-bytes.ts.
 * With --check it writes nothing, and fails where the file is not what the source gives.
 */
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

const folder = new URL('../runtime/matmul/', import.meta.url);
const source = new URL('kernel.wat', folder);
const target = new URL('kernel-bytes.ts', folder);

const text = tsModule(await assemble(readFileSync(source, 'utf8')));
if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${fileURLToPath(target)} is not what kernel.wat gives: run npm run build:kernel`);
  process.exitCode = 1;
}

async function assemble(wat) {
  const wabt = await createWabt();
  const module = wabt.parseWat('kernel.wat', wat, { simd: true });
  module.validate();
  return Buffer.from(module.toBinary({}).buffer);
}

function tsModule(bytes) {
  const lines = bytes
    .toString('base64')
    .match(/.{1,90}/g)
    .map((line) => `  '${line}'`);
  return `// Written by scripts/build-kernel.js from kernel.wat (${bytes.length} bytes): npm run build:kernel
export const kernelBytes =
${lines.join(' +\n')};
`;
}
