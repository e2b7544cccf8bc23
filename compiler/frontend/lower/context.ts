import { ts } from 'ts-morph';
import { diagnostic, Refusal, type Span } from '../../diagnostics/diagnostic.js';
import type { Code, Holes } from '../../diagnostics/codes.js';
import { Builder } from '../../ir/build.js';
import type { Op, Origin, StoreOp, Type, Value, Variable } from '../../ir/ir.js';
import { lowerType } from '../types.js';

/** Something that the environment follows besides the author's variables: an exit taken, the value returned. */
export interface Flag {
  readonly flag: string;
}
export type EnvKey = ts.Symbol | Flag;
export type Env = Map<EnvKey, Value>;

/** What `break`, `continue` or `return` leave. */
export interface Target {
  readonly label: string | null;
  readonly breakFlag: Flag;
  /** Null where `continue` does not apply. */
  readonly continueFlag: Flag | null;
  readonly statement: ts.Node;
}

/** A function body under lowering: the annotated function, or a helper lowered in the place of its call. */
export interface Frame {
  readonly returned: Flag;
  readonly value: Flag;
  readonly targets: Target[];
  readonly declaration: ts.SignatureDeclaration;
}

/** Where the forward sweep can save a value. */
export type SavePoint =
  | { readonly kind: 'function-start' }
  /** At the start of an iteration, ahead of a test that has effects or behind it. */
  | { readonly kind: 'loop-start'; readonly statement: ts.Node; readonly isBehindTest: boolean }
  | { readonly kind: 'after'; readonly statement: ts.Node; readonly flag?: Flag }
  /** The expression gets a name in a statement of its own before the statement that holds it. */
  | { readonly kind: 'hoist'; readonly statement: ts.Node; readonly expression: ts.Expression };

/** Where in the source a store stands. */
export interface StorePlace {
  readonly statement: ts.Node;
  readonly object: ts.Expression;
  readonly key: ts.Expression | string;
}

/** A `return`, with what can be read by name there. */
export interface ReturnSite {
  readonly node: ts.Node;
  readonly visible: ReadonlyMap<Value, string>;
}

/** How statements and expressions of one function become operations. */
export class Context {
  readonly definitions = new Map<Value, Op>();
  readonly builder = new Builder(this.definitions, null);
  env: Env = new Map();
  readonly variables = new Map<EnvKey, Variable>();
  readonly frames: Frame[] = [];
  readonly nodes = new Map<Value, ts.Node>();
  readonly savePoints = new Map<Value, SavePoint>();
  readonly stores = new Map<StoreOp, StorePlace>();
  /** By the value returned. */
  readonly returnSites = new Map<Value, ReturnSite>();
  readonly originNodes = new Map<Origin, ts.Node>();
  private readonly origins = new Map<ts.Node, Origin>();
  /** By `return`, `break` or `continue`: the flag of the exit that it takes. */
  readonly jumpFlags = new Map<ts.Node, Flag>();
  /** Module-level names that the function refers to. */
  readonly globals = new Set<ts.Symbol>();
  /** Statement under lowering whose subexpressions can be hoisted in front of it. */
  hoistable: ts.Node | null = null;
  readonly true: Value;
  readonly false: Value;
  readonly poison: Value;

  constructor(
    readonly checker: ts.TypeChecker,
    readonly root: ts.SignatureDeclaration,
  ) {
    this.true = this.builder.literal(true);
    this.false = this.builder.literal(false);
    this.poison = this.builder.literal(undefined);
  }

  get frame(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new Error('No function is being lowered');
    return frame;
  }

  /** Holds what the function returns. */
  get valueVariable(): Variable {
    const [frame] = this.frames;
    return frame === undefined ? { name: 'value' } : this.variableOf(frame.value);
  }

  /** Whether code is lowered in the place of a call, so that its statements are not printed. */
  get inlined(): boolean {
    return this.frames.length > 1;
  }

  span(node: ts.Node): Span {
    return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() };
  }

  refuse<C extends Code>(code: C, node: ts.Node, holes: Holes<C>): never {
    throw new Refusal(diagnostic(code, this.span(node), holes));
  }

  unsupported(node: ts.Node, what: string, advice = 'Write it with the constructs that are supported.'): never {
    return this.refuse('CR201', node, { what, advice });
  }

  typeOf(node: ts.Node): Type {
    const type = lowerType(this.checker.getTypeAtLocation(node), this.checker);
    return type ?? this.refuse('CR202', node, { what: `"${node.getText()}"` });
  }

  /** The origin of a statement; the same object for the same node. */
  originOf(node: ts.Node, text = node.getText()): Origin {
    const known = this.origins.get(node);
    if (known !== undefined) return known;
    const origin: Origin = {
      text: text.replace(/\s+/g, ' ').replace(/;$/, ''),
      target: targetOf(node),
    };
    this.origins.set(node, origin);
    this.originNodes.set(origin, node);
    return origin;
  }

  symbolOf(node: ts.Node): ts.Symbol | undefined {
    if (node.parent !== undefined && ts.isShorthandPropertyAssignment(node.parent)) {
      return this.checker.getShorthandAssignmentValueSymbol(node.parent);
    }
    return this.checker.getSymbolAtLocation(node);
  }

  variableOf(key: EnvKey): Variable {
    const known = this.variables.get(key);
    if (known !== undefined) return known;
    const variable: Variable = { name: 'flag' in key ? key.flag : key.name };
    this.variables.set(key, variable);
    return variable;
  }

  /** Binds a variable to a value, which from now on goes by its name. */
  bind(key: EnvKey, value: Value): void {
    this.env.set(key, this.named(value, key));
  }

  /** The value under the name of a variable: itself while it has none, otherwise a copy. References are shared. */
  private named(value: Value, key: EnvKey): Value {
    const kind = value.type.kind;
    if (this.inlined || value === this.poison || value === this.true || value === this.false) return value;
    const variable = this.variableOf(key);
    if (value.variable === null && this.builder.current().some((op) => this.definitions.get(value) === op)) {
      (value as { variable: Variable | null }).variable = variable;
      return value;
    }
    if (kind !== 'number' && kind !== 'boolean') return value;
    return this.builder.apply('copy', [value], variable);
  }

  /** Destructured parameters by the names that the generated function gives them. */
  readonly parameterNames = new Map<Value, string>();

  /** Values by the name under which the code at this point can read them. */
  visible(): Map<Value, string> {
    const names = new Map<Value, string>(this.parameterNames);
    for (const [key, value] of this.env) {
      if (!('flag' in key) && !names.has(value)) names.set(value, this.variableOf(key).name);
    }
    return names;
  }
}

/** The name of what a statement computes. */
function targetOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) {
    const name = node.declarationList.declarations[0]?.name;
    return name !== undefined && ts.isIdentifier(name) ? name.text : 'value';
  }
  if (ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)) {
    let target = node.expression.left;
    while (ts.isElementAccessExpression(target) || ts.isPropertyAccessExpression(target)) target = target.expression;
    if (ts.isIdentifier(target)) return target.text;
  }
  if (ts.isSwitchStatement(node)) return 'case';
  if (ts.isIterationStatement(node, false)) return 'loop';
  return ts.isIfStatement(node) ? 'test' : 'value';
}
