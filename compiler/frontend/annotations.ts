import { Node, ts, type SourceFile } from 'ts-morph';
import { diagnostic, Refusal, type Diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { nearest } from '../diagnostics/nearest.js';
import { hostOf, placeOf, type Host } from './annotated-host.js';
import type { AnnotatedFunction } from './annotated.js';
import { findMentions } from './mentions.js';
import { readSettings, type NamedSpan } from './settings.js';

const tag = '@differentiable';

/** What a file says about differentiation. */
export interface Annotations {
  /** The functions whose annotation is right, in the order of the source. */
  readonly functions: AnnotatedFunction[];
  readonly diagnostics: Diagnostic[];
}

/** Finds the annotated functions of a file. An annotation that cannot be followed is reported, never ignored. */
export function findAnnotated(source: SourceFile): Annotations {
  const functions: AnnotatedFunction[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<AnnotatedFunction['node']>();

  for (const mention of findMentions(source)) {
    const place = placeOf(source, mention, tag);
    try {
      const { doc, ...host } = hostOf(source, mention, tag);
      if (seen.has(host.node))
        throw new Refusal(diagnostic('CR105', place, { what: `\`${tag}\`` }));
      seen.add(host.node);

      const { wrt, emit, diagnostics: wrong } = readSettings(source, mention.start, doc.end);
      const found = [...wrong, ...checkNames(host, wrt ?? [], place)];
      diagnostics.push(...found);
      if (found.length > 0) continue;
      const names = wrt?.map(({ name }) => name) ?? null;
      functions.push({ ...host, wrt: names, emit, summary: summaryOf(doc) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      diagnostics.push(error.diagnostic);
    }
  }
  return { functions, diagnostics };
}

/** Names in `wrt` that are no parameters, and parameters that share their key in the result. */
function checkNames(host: Host, wrt: readonly NamedSpan[], place: Span): Diagnostic[] {
  const parameters = parameterNames(host.node);
  const unknown = wrt
    .filter(({ name }) => !parameters.includes(name))
    .map(({ name, span }) => {
      const meant = nearest(name, parameters);
      const hint = meant ? `Did you mean "${meant}"?` : listOf(parameters);
      return diagnostic('CR103', span, { name, function: host.name, hint });
    });
  const shared = parameters
    .filter((name, i) => parameters.indexOf(name) < i)
    .map((name) => diagnostic('CR115', place, { name, function: host.name, key: `d${name}` }));
  return [...unknown, ...shared];
}

function listOf(parameters: readonly string[]): string {
  return parameters.length > 0
    ? `The parameters are ${parameters.join(', ')}.`
    : 'It has no parameters.';
}

/** The names of the parameters in the result's keys: a destructured parameter number i is called `arg<i>`. */
export function parameterNames(node: AnnotatedFunction['node']): string[] {
  return node
    .getParameters()
    .map((parameter, i) =>
      Node.isIdentifier(parameter.getNameNode()) ? parameter.getName() : `arg${i}`,
    );
}

/** The first paragraph of a JSDoc's description, on one line. */
function summaryOf(doc: ts.JSDoc): string {
  const description = ts.getTextOfJSDocComment(doc.comment) ?? '';
  return description
    .trim()
    .split(/\n\s*\n/)[0]
    .replace(/\s+/g, ' ');
}
