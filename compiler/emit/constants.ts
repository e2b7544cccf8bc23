import { ts } from 'ts-morph';

const mutating: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
]);

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** Whether a copy of a variable of the module always equals the original. */
export function canBeCopied(declaration: ts.VariableDeclaration, checker: ts.TypeChecker): boolean {
  const { initializer, parent } = declaration;
  if (!(parent.flags & ts.NodeFlags.Const) || initializer === undefined || !isPure(initializer))
    return false;
  return (
    isFrozen(checker.getTypeAtLocation(declaration), checker) || !isTouched(declaration, checker)
  );
}

/** Literals and what is made of them and of other constants, without calls other than of `Math`. */
function isPure(node: ts.Expression): boolean {
  if (ts.isLiteralExpression(node) || ts.isFunctionLike(node) || ts.isIdentifier(node)) return true;
  if (
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(
      node.kind,
    )
  )
    return true;
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
  )
    return isPure(node.expression);
  if (ts.isPrefixUnaryExpression(node))
    return (
      node.operator !== ts.SyntaxKind.PlusPlusToken &&
      node.operator !== ts.SyntaxKind.MinusMinusToken &&
      isPure(node.operand)
    );
  if (ts.isBinaryExpression(node))
    return !isAssignment(node.operatorToken.kind) && isPure(node.left) && isPure(node.right);
  if (ts.isConditionalExpression(node))
    return [node.condition, node.whenTrue, node.whenFalse].every(isPure);
  if (ts.isTemplateExpression(node))
    return node.templateSpans.every((span) => isPure(span.expression));
  if (ts.isPropertyAccessExpression(node)) return isPure(node.expression);
  if (ts.isElementAccessExpression(node))
    return isPure(node.expression) && isPure(node.argumentExpression);
  if (ts.isSpreadElement(node)) return isPure(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPure);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (property) =>
        ts.isShorthandPropertyAssignment(property) ||
        (ts.isPropertyAssignment(property) &&
          !ts.isComputedPropertyName(property.name) &&
          isPure(property.initializer)) ||
        (ts.isSpreadAssignment(property) && isPure(property.expression)),
    );
  }
  if (ts.isCallExpression(node)) {
    const text = node.expression.getText();
    return /^(Math\.(?!random\b)\w+|Object\.freeze)$/.test(text) && node.arguments.every(isPure);
  }
  return (
    ts.isNewExpression(node) &&
    /^(Float|Int|Uint)\w+Array$/.test(node.expression.getText()) &&
    (node.arguments ?? []).every(isPure)
  );
}

/** Numbers, texts, functions, and arrays and objects that cannot be written at any depth. */
function isFrozen(type: ts.Type, checker: ts.TypeChecker, depth = 0): boolean {
  if (type.isUnion()) return type.types.every((member) => isFrozen(member, checker, depth));
  if (!(type.flags & ts.TypeFlags.Object)) return true;
  if (depth > 8) return false;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const target = (type as ts.TypeReference).target as ts.TupleType & ts.InterfaceType;
    const isReadonly = checker.isTupleType(type)
      ? target.readonly
      : type.symbol.name === 'ReadonlyArray';
    return (
      isReadonly &&
      checker
        .getTypeArguments(type as ts.TypeReference)
        .every((element) => isFrozen(element, checker, depth + 1))
    );
  }
  if (type.getCallSignatures().length > 0) return true;
  if (type.getNumberIndexType() !== undefined || type.getStringIndexType() !== undefined)
    return false;
  return checker.getPropertiesOfType(type).every((property) => {
    const declaration = property.valueDeclaration;
    if (declaration === undefined) return false;
    const isReadonly =
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0 ||
      ts.isMethodSignature(declaration);
    const isConst =
      ts.isPropertyAssignment(declaration) && ts.isAsExpression(declaration.parent.parent);
    return (
      (isReadonly || isConst) && isFrozen(checker.getTypeOfSymbol(property), checker, depth + 1)
    );
  });
}

/** Whether the file may write into an array or object, itself or by handing it on. */
function isTouched(declaration: ts.VariableDeclaration, checker: ts.TypeChecker): boolean {
  const symbol = checker.getSymbolAtLocation(declaration.name);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node !== declaration.name && node.text === symbol?.name) {
      const isIt =
        checker.getSymbolAtLocation(node) === symbol ||
        ts.isShorthandPropertyAssignment(node.parent);
      if (isIt && !isOnlyRead(node, checker)) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(declaration.getSourceFile());
}

function isOnlyRead(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  let node: ts.Node = name;
  for (;;) {
    const { parent } = node;
    if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)) node = parent;
    else if (
      ts.isPropertyAccessExpression(parent) ||
      (ts.isElementAccessExpression(parent) && parent.expression === node)
    )
      node = parent;
    else break;
  }
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) {
    return !ts.isPropertyAccessExpression(node) || !mutating.has(node.name.text);
  }
  const isTarget =
    (ts.isBinaryExpression(parent) &&
      parent.left === node &&
      isAssignment(parent.operatorToken.kind)) ||
    ts.isPostfixUnaryExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) &&
      parent.operator >= ts.SyntaxKind.PlusPlusToken &&
      parent.operator <= ts.SyntaxKind.MinusMinusToken) ||
    ts.isDeleteExpression(parent);
  if (isTarget) return false;
  if (ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent) || ts.isTypeQueryNode(parent))
    return true;
  if (ts.isForOfStatement(parent) && parent.expression === node) return true;
  if (!(checker.getTypeAtLocation(node).flags & ts.TypeFlags.Object)) return true;
  const wanted = ts.isExpression(node) ? checker.getContextualType(node) : undefined;
  return wanted !== undefined && isFrozen(wanted, checker);
}
