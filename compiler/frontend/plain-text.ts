import { ts } from 'ts-morph';

const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n\r]*/g;

/**
 * The text of a node without its comments, so that what is said about the code does not change what is generated from
 * it. `replace` may give another text for a part.
 */
export function plainText(
  node: ts.Node,
  replace: (part: ts.Node) => string | null = () => null,
): string {
  const file = node.getSourceFile();
  let text = '';
  const visit = (part: ts.Node): void => {
    // Between tokens there is nothing but blanks and comments.
    const between = file.text.slice(part.getFullStart(), part.getStart(file, false));
    const replaced = part === node ? null : replace(part);
    const children = replaced === null ? part.getChildren(file) : [];
    if (children.length === 0) {
      if (text !== '') text += between.replace(comment, '');
      text += replaced ?? part.getText(file);
      return;
    }
    for (const child of children) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(node);
  return text;
}
