import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { isReference } from '../ir/ir.js';
import { addedTo } from './in-place.js';
import { sharedBy } from './shared-memory.js';
import { bare, methodOf, returnedBy, type FunctionNode, type Source } from './source.js';

/** Numbers that go from expressions into a variable, or into the memory that it refers to. */
export interface Flow {
  readonly target: ts.Symbol;
  readonly sources: readonly ts.Expression[];
}

/** What the statements of a function do with its variables, in the order of the source. */
export interface Flows {
  readonly flows: readonly Flow[];
  /** Pairs of variables that may share memory. */
  readonly shared: readonly (readonly [ts.Symbol, ts.Symbol])[];
  /** Variables whose memory is changed in place. */
  readonly written: readonly ts.Symbol[];
  /** Variables that are, or hold, matrices that are added to in place. */
  readonly grown: readonly ts.Symbol[];
  /** Variables that are assigned after their declaration. */
  readonly assigned: ReadonlySet<ts.Symbol>;
  /** Calls of functions of the project. */
  readonly calls: readonly ts.CallExpression[];
}

const writing: ReadonlySet<string> = new Set(['push', 'unshift', 'fill', 'set']);
export const iterating: ReadonlySet<string> = new Set([
  ...['map', 'forEach', 'filter', 'some', 'every', 'find', 'findIndex', 'reduce', 'flatMap'],
]);

/** Collects what the statements of a function do, those of callbacks and inner blocks included. */
export function collectFlows(root: FunctionNode, source: Source): Flows {
  const collector = new Collector(source);
  collector.parameters(root);
  if (root.body !== undefined) collector.visit(root.body);
  return collector;
}

class Collector {
  readonly flows: Flow[] = [];
  readonly shared: [ts.Symbol, ts.Symbol][] = [];
  readonly written: ts.Symbol[] = [];
  readonly grown: ts.Symbol[] = [];
  readonly assigned = new Set<ts.Symbol>();
  readonly calls: ts.CallExpression[] = [];

  constructor(private readonly source: Source) {}

  /** Destructured parameters and defaults. */
  parameters(root: FunctionNode): void {
    for (const { name, initializer } of root.parameters) {
      if (initializer !== undefined) this.bind(name, initializer);
      if (!ts.isIdentifier(name)) this.bindParts(name, null);
    }
  }

  visit(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined)
      this.bind(node.name, node.initializer);
    else if (isAssignment(node)) this.assign(node);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
      this.increment(node);
    else if (ts.isForOfStatement(node)) this.forOf(node);
    else if (ts.isCallExpression(node)) this.call(node);
    ts.forEachChild(node, (child) => {
      this.visit(child);
    });
  }

  /** `isShared`: whether references go along, and not just numbers. */
  private flow(
    target: ts.Symbol | undefined,
    sources: readonly ts.Expression[],
    isShared = true,
  ): void {
    if (target === undefined) return;
    this.flows.push({ target, sources });
    for (const given of sources) {
      if (!isShared || !this.source.isReference(target)) continue;
      for (const other of sharedBy(this.source, given)) this.shared.push([target, other]);
    }
  }

  /** Gives the names of a pattern what they are made of. */
  private bind(name: ts.BindingName, from: ts.Expression): void {
    if (ts.isIdentifier(name)) {
      this.flow(this.source.symbolOf(name), [from]);
      return;
    }
    const literal = bare(from);
    if (ts.isArrayBindingPattern(name) && ts.isArrayLiteralExpression(literal)) {
      const isPlain = !literal.elements.some(ts.isSpreadElement);
      if (isPlain) {
        name.elements.forEach((element, i) => {
          const part = literal.elements[i];
          if (ts.isOmittedExpression(element)) return;
          if (element.dotDotDotToken !== undefined)
            for (const rest of literal.elements.slice(i)) this.bind(element.name, rest);
          else if (part !== undefined) this.bind(element.name, part);
          if (element.initializer !== undefined) this.bind(element.name, element.initializer);
        });
        return;
      }
    }
    this.bindParts(name, from);
  }

  private bindParts(name: ts.BindingName, from: ts.Expression | null): void {
    if (ts.isIdentifier(name)) {
      if (from !== null) this.flow(this.source.symbolOf(name), [from]);
      return;
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element) || this.isExtent(element)) continue;
      this.bindParts(element.name, from);
      if (element.initializer !== undefined) this.bind(element.name, element.initializer);
    }
  }

  /** `length` of an array, `rows` and `cols` of a matrix. */
  private isExtent({ name, propertyName, parent }: ts.BindingElement): boolean {
    const key = (propertyName ?? name).getText();
    if (key === 'length') return this.source.typeOf(parent).kind === 'array';
    return (key === 'rows' || key === 'cols') && this.source.isMatrix(parent);
  }

  private assign(node: ts.BinaryExpression): void {
    const isPlain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    this.store(node.left, isPlain ? [node.right] : [node.left, node.right]);
  }

  /** Notes what is assigned to a target: a variable, a slot or a pattern. */
  private store(target: ts.Expression, sources: readonly ts.Expression[]): void {
    const place = bare(target);
    if (ts.isIdentifier(place)) {
      const symbol = this.source.symbolOf(place);
      if (symbol !== undefined) this.assigned.add(symbol);
      this.flow(symbol, sources);
    } else if (ts.isElementAccessExpression(place) || ts.isPropertyAccessExpression(place)) {
      for (const root of this.rootsOf(place.expression)) {
        this.written.push(root);
        if (isDataOfMatrix(this.source, place.expression)) this.grown.push(root);
        this.flow(root, sources, isReference(this.source.typeOf(place)));
      }
    } else if (ts.isArrayLiteralExpression(place)) {
      const [given] = sources;
      const literal = given === undefined ? given : bare(given);
      const parts =
        literal !== undefined &&
        ts.isArrayLiteralExpression(literal) &&
        !literal.elements.some(ts.isSpreadElement)
          ? literal.elements
          : null;
      place.elements.forEach((element, i) => {
        const part = parts?.[i];
        this.store(element, part === undefined ? sources : [part]);
      });
    } else if (ts.isSpreadElement(place)) this.store(place.expression, sources);
    else if (ts.isObjectLiteralExpression(place)) {
      for (const property of place.properties) {
        if (ts.isPropertyAssignment(property)) this.store(property.initializer, sources);
        if (ts.isShorthandPropertyAssignment(property)) {
          const symbol = this.source.symbolOf(property.name);
          if (symbol !== undefined) this.assigned.add(symbol);
          this.flow(symbol, sources);
          if (property.objectAssignmentInitializer !== undefined)
            this.flow(symbol, [property.objectAssignmentInitializer]);
        }
      }
    } else if (isAssignment(place)) {
      // A default in a pattern.
      this.store(place.left, [...sources, place.right]);
    }
  }

  /** The variables whose memory is meant: the one that the expression begins with, where we do not look into its type. */
  private rootsOf(given: ts.Expression): ts.Symbol[] {
    const shared = sharedBy(this.source, given);
    if (shared.length > 0) return shared;
    let node = bare(given);
    while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      node = bare(node.expression);
    const symbol = ts.isIdentifier(node) ? this.source.symbolOf(node) : undefined;
    return symbol === undefined ? [] : [symbol];
  }

  private increment(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
    const { operator } = node;
    if (operator !== ts.SyntaxKind.PlusPlusToken && operator !== ts.SyntaxKind.MinusMinusToken)
      return;
    this.store(node.operand, [node.operand]);
  }

  private forOf(node: ts.ForOfStatement): void {
    const { initializer, expression } = node;
    const [declaration] = ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
    if (declaration === undefined) return;
    const entries = entriesOf(expression);
    if (entries === null) {
      this.bindParts(declaration.name, expression);
    } else if (ts.isArrayBindingPattern(declaration.name)) {
      const element = declaration.name.elements[1];
      if (element !== undefined && !ts.isOmittedExpression(element))
        this.bindParts(element.name, entries);
    }
  }

  private call(node: ts.CallExpression): void {
    if (this.source.calleeOf(node) !== null) {
      this.calls.push(node);
      return;
    }
    const [first, second] = node.arguments;
    if (this.source.globalCall(node, 'Array') === 'from' && second !== undefined) {
      if (ts.isArrowFunction(second) && first !== undefined) this.callback(second, [first]);
      return;
    }
    const matrix = addedTo(this.source, node);
    if (matrix !== null && second !== undefined) {
      for (const root of this.rootsOf(matrix)) {
        this.grown.push(root);
        this.flow(root, [second], false);
      }
    }
    const method = methodOf(node);
    if (method === null || first === undefined) return;
    const { object, name } = method;
    if (writing.has(name)) {
      for (const root of this.rootsOf(object)) {
        this.written.push(root);
        const isShared =
          name !== 'set' && node.arguments.some((arg) => isReference(this.source.typeOf(arg)));
        this.flow(root, [...node.arguments], isShared);
      }
    } else if (isOpaque(this.source, object)) {
      // What becomes of the arguments in there is not known.
      for (const root of this.rootsOf(object)) this.flow(root, [...node.arguments]);
    } else if (iterating.has(name) && ts.isArrowFunction(first)) {
      if (name === 'reduce') {
        const [sum] = first.parameters;
        const init = second ?? object;
        if (sum !== undefined) {
          this.bindParts(sum.name, init);
          for (const given of returnedBy(first)) this.bindParts(sum.name, given);
        }
        this.callback(first, [object], 1);
      } else this.callback(first, [object]);
    }
  }

  /** The element parameter of a callback, and the one that stands for the array itself. */
  private callback(arrow: ts.ArrowFunction, [object]: readonly ts.Expression[], at = 0): void {
    const element = arrow.parameters[at];
    const whole = arrow.parameters[at + 2];
    if (object === undefined) return;
    if (element !== undefined) this.bindParts(element.name, object);
    if (whole !== undefined) this.bindParts(whole.name, object);
  }
}

/** `m.data` */
function isDataOfMatrix(source: Source, given: ts.Expression): boolean {
  const node = bare(given);
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'data' &&
    source.isMatrix(node.expression)
  );
}

function isOpaque(source: Source, node: ts.Expression): boolean {
  const { flags } = source.checker.getTypeAtLocation(node);
  return (flags & ts.TypeFlags.Object) !== 0 && source.typeOf(node).kind === 'opaque';
}

/** The array in `array.entries()`. */
export function entriesOf(node: ts.Expression): ts.Expression | null {
  const call = bare(node);
  if (!ts.isCallExpression(call)) return null;
  const method = methodOf(call);
  return method?.name === 'entries' ? method.object : null;
}
