import { ts, type SourceFile } from 'ts-morph';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { findMentions } from './mentions.js';

/**
 * What TypeScript reports about one file, options and all other files left aside.
 *
 * Unused names are a matter of style and stop nothing. A module of another source that is still to be generated may be
 * missing. A decorator on a function is reported by chainrule, with more advice.
 */
export function findTypeErrors(source: SourceFile): Diagnostic[] {
  const program = source.getProject().getProgram().compilerObject;
  const file = source.compilerNode;
  const syntactic = program.getSyntacticDiagnostics(file);
  const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
  const decorators = findMentions(source).filter((mention) => mention.kind === 'decorator');

  return found
    .filter((each) => each.category === ts.DiagnosticCategory.Error)
    .filter((each) => each.reportsUnnecessary === undefined && !isAboutGenerated(each))
    .filter(({ start }) => !decorators.some(({ node }) => covers(node, start)))
    .map((each) => {
      const start = each.start ?? 0;
      const span = { file: source.getFilePath(), start, end: start + (each.length ?? 0) };
      const text = `${ts.flattenDiagnosticMessageText(each.messageText, '\n')} (TS${each.code})`;
      return diagnostic('CR101', span, { text });
    });
}

const unresolved = new Set([2305, 2307, 2724]);

/** Whether a module like `./loss_grad.js`, or an export of it, is not found. */
function isAboutGenerated({ code, messageText }: ts.Diagnostic): boolean {
  if (!unresolved.has(code)) return false;
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  return /_grad(\.[cm]?[jt]s)?["']/.test(text);
}

function covers({ pos, end }: ts.Node, position: number | undefined): boolean {
  return position !== undefined && pos <= position && position < end;
}
