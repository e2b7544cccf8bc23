import { ts, type SourceFile } from 'ts-morph';

/** The annotations that there are. */
export type Tag = '@differentiable' | '@derivative';

/** A place where the text of a file names an annotation. */
export type Mention =
  | { readonly kind: 'jsdoc'; readonly start: number; readonly doc: ts.JSDoc }
  | { readonly kind: 'comment'; readonly start: number }
  | { readonly kind: 'decorator'; readonly start: number; readonly node: ts.Decorator };

/**
 * Every place where `@differentiable`, or another tag, is meant as an annotation, in the order of the text.
 *
 * Strings, templates and words in backquotes only talk about it. The search starts from the text and not from the
 * functions, so that an annotation cannot be overlooked because it stands in the wrong place.
 */
export function findMentions(source: SourceFile, tag: Tag = '@differentiable'): Mention[] {
  const file = source.compilerNode;
  const mentions: Mention[] = [];
  for (const { index } of file.text.matchAll(new RegExp(`${tag}(?![\\w$-])`, 'g'))) {
    const mention = mentionAt(file, index);
    if (mention) mentions.push(mention);
  }
  return mentions;
}

function mentionAt(file: ts.SourceFile, start: number): Mention | null {
  const node = innermost(file, start);
  if (ts.isJSDoc(node)) {
    const isWord = /[\s*]/.test(file.text.charAt(start - 1));
    return isWord ? { kind: 'jsdoc', start, doc: node } : null;
  }
  if (start >= node.getStart(file)) {
    return ts.isDecorator(node.parent) ? { kind: 'decorator', start, node: node.parent } : null;
  }
  return startsComment(file.text, node.pos, start) ? { kind: 'comment', start } : null;
}

/** The token, or the JSDoc comment, that covers a position. */
function innermost(file: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = file;
  while (!ts.isJSDoc(node)) {
    const inner = node
      .getChildren(file)
      .find((child) => child.pos <= position && position < child.end);
    if (!inner) break;
    node = inner;
  }
  return node;
}

/** Whether the comment at a position begins with it: prose that mentions the annotation later on is no mistake. */
function startsComment(text: string, tokenStart: number, position: number): boolean {
  const comments = [
    ...(ts.getTrailingCommentRanges(text, tokenStart) ?? []),
    ...(ts.getLeadingCommentRanges(text, tokenStart) ?? []),
  ];
  const comment = comments.find(({ pos, end }) => pos <= position && position < end);
  return comment !== undefined && /^[/*\s]*$/.test(text.slice(comment.pos, position));
}
