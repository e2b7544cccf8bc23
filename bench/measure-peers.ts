/**
 * Prints the rows of the network once more, the generated gradient beside that of libraries, where these are installed.
 * Started by run.ts.
 */
import { askedRows, generatedGradient } from './asked.js';
import { difference } from './check.js';
import { interleave, type Loop, median, type Timing } from './interleave.js';
import { loadPeers } from './mlp-peers.js';
import { ratio, tableWith } from './table.js';
import { type Gradient } from './workload.js';
import { type Matrix } from '@chainrule/runtime';
import { useKernel } from '../runtime/matmul/choose.js';

const timing: Timing = { rounds: 15, warmUpMs: 300, sampleMs: 30 };

const rows = askedRows().filter(({ name }) => name === 'mlp');
const generated = await generatedGradient('mlp');
if (rows.length > 0 && generated) {
  for await (const { name, gradientAt } of loadPeers()) {
    console.log();
    const print = tableWith(['', 'generated µs', `${name} ÷ generated`], 38);
    for (const { title, kernel, inputs } of rows) {
      useKernel(kernel);
      const args = inputs[0] as readonly Matrix[];
      const ours = (): Gradient => generated(...args);
      const theirs = gradientAt(...args);
      // They have seven digits.
      if (!(difference(ours(), theirs()) <= 1e-4)) throw new Error(`${title}: ${name} disagrees`);

      const [own, other] = interleave([loopOf(ours), loopOf(theirs)], timing);
      print([title, median(own).toPrecision(3), ratio(other, own)]);
    }
  }
}

function loopOf(gradient: () => Gradient): Loop {
  return (calls) => {
    let sum = 0;
    for (let i = 0; i < calls; i++) sum += gradient().value;
    return sum;
  };
}
