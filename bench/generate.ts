/** Compiles each workloads/NAME.ts to NAME_grad.ts: those that are named, else those of the rows. Started by run.ts. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { Project } from 'ts-morph';
import { compileSource } from '../compiler/pipeline.js';
import { fullSize } from './rows.js';

const project = new Project({
  tsConfigFilePath: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
  skipAddingFilesFromTsConfig: true,
});

const named = process.argv.slice(2);
for (const name of new Set(named.length > 0 ? named : fullSize.map((row) => row.name))) {
  const path = fileURLToPath(new URL(`workloads/${name}.ts`, import.meta.url));
  const target = path.replace(/\.ts$/, '_grad.ts');
  const { text, diagnostics } = compileSource(project.addSourceFileAtPath(path));
  for (const { message } of diagnostics) console.error(`${name}: ${message}`);
  if (text === null) {
    console.error(`${name}: nothing generated`);
    process.exitCode = 1;
    rmSync(target, { force: true });
  } else {
    const format = await prettier.resolveConfig(target);
    writeFileSync(target, await prettier.format(text, { ...format, filepath: target }));
  }
}
