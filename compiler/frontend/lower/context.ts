import { ts } from 'ts-morph';
import { plainText } from '../plain-text.js';
import { diagnostic, Refusal, type Span } from '../../diagnostics/diagnostic.js';
import type { Code, Holes } from '../../diagnostics/codes.js';
import { Builder } from '../../ir/build.js';
import type { Op, Origin, StoreOp, Type, Value, Variable } from '../../ir/ir.js';
import { declaredIn, identifiersIn, type Global, type GlobalNames } from '../global-names.js';
import { lowerType } from '../types.js';
import type { FunctionSource } from './callees.js';
import type { Pair, Pairs } from './pairs.js';

/** Something that the environment follows besides the author's variables: an exit taken, the value returned. */
export interface Flag {
  readonly flag: string;
}
/** A variable of an expanded helper, under the name that it has in the caller. */
export interface Local {
  readonly local: string;
}
export type EnvKey = ts.Symbol | Flag | Local;
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
  /** Null for a helper whose body is not printed: the forward sweep calls it. */
  readonly expansion: Expansion | null;
}

/** A helper whose statements the forward sweep runs in the place of the call, so that it can save what they compute. */
export interface Expansion {
  readonly call: ts.CallExpression;
  readonly source: FunctionSource;
  /** The expansion that the call itself stands in. */
  readonly parent: Expansion | null;
  /** The statement of the caller in front of which the helper runs. */
  readonly statement: ts.Node;
  /** What the names of the helper's parameters and variables are in the caller: a name, or the argument itself. */
  readonly renames: Map<ts.Symbol, string | ts.Expression>;
  /** Parameters that become variables of the caller. */
  readonly parameters: {
    readonly name: string;
    readonly isAssigned: boolean;
    readonly argument: Argument;
  }[];
  readonly result: string;
  /** The label that returns leave; null where the only return is the last statement. */
  readonly label: string | null;
}

/** What a parameter of a helper receives. */
export type Argument =
  | {
      readonly kind: 'given';
      readonly node: ts.Expression;
      readonly parameter: ts.ParameterDeclaration;
    }
  /** Left out, so that the default of the parameter stands for it. */
  | { readonly kind: 'default'; readonly node: ts.Expression }
  | {
      readonly kind: 'rest';
      readonly nodes: readonly ts.Expression[];
      readonly parameter: ts.ParameterDeclaration;
    }
  | { readonly kind: 'none'; readonly parameter: ts.ParameterDeclaration };

/** Where the forward sweep can save a value. */
export type SavePoint = { readonly expansion?: Expansion | null } & SavePlace;

type SavePlace =
  | { readonly kind: 'function-start' }
  /** Behind an expanded helper. */
  | { readonly kind: 'result' }
  /** At the start of an iteration, ahead of a test that has effects or behind it. */
  | { readonly kind: 'loop-start'; readonly statement: ts.Node; readonly isBehindTest: boolean }
  | { readonly kind: 'after'; readonly statement: ts.Node; readonly flag?: Flag }
  /** Ahead of the statement that changes what the expression reads. */
  | { readonly kind: 'before'; readonly statement: ts.Node; readonly expression: ts.Expression }
  /** A call of the forward half of a pair stands for the call, ahead of the statement or in its place. */
  | {
      readonly kind: 'call';
      readonly statement: ts.Node;
      readonly isHoisted: boolean;
      readonly expression: ts.CallExpression;
      readonly forward: string;
    }
  /** The expression gets a name in a statement of its own before the statement that holds it. */
  | { readonly kind: 'hoist'; readonly statement: ts.Node; readonly expression: ts.Expression };

/** Where in the source a store stands. */
export interface StorePlace {
  readonly expansion: Expansion | null;
  readonly statement: ts.Node;
  readonly object: ts.Expression;
  readonly key: ts.Expression | string;
}

/** A `return`, with what can be read by name there. */
export interface ReturnSite {
  readonly node: ts.Node;
  readonly visible: ReadonlyMap<Value, string>;
}

/** What becomes of the helpers that cannot stay calls. */
export interface Choices {
  /** The functions whose statements stand in the place of their calls. */
  readonly expanded: ReadonlySet<ts.Node>;
  /** Those that are called as pairs where they may not run at all. */
  readonly paired: ReadonlySet<ts.Node>;
}

/** How statements and expressions of one function become operations. */
export class Context {
  readonly definitions = new Map<Value, Op>();
  readonly builder = new Builder(this.definitions, null);
  env: Env = new Map();
  variables = new Map<EnvKey, Variable>();
  /** The helpers that this function calls as pairs. */
  readonly calledPairs = new Set<Pair>();
  readonly expansions: Expansion[] = [];
  /** The functions in whose bodies a value is computed, from the inside, where these are not printed. */
  readonly inlinedIn = new Map<Value, ts.Node[]>();
  private readonly names: Set<string>;
  /** The names made for the variables of expanded helpers. */
  readonly ownNames = new Set<string>();
  readonly frames: Frame[] = [];
  readonly nodes = new Map<Value, ts.Node>();
  readonly savePoints = new Map<Value, SavePoint>();
  readonly stores = new Map<StoreOp, StorePlace>();
  /** By the value returned. */
  readonly returnSites = new Map<Value, ReturnSite>();
  readonly originNodes = new Map<Origin, ts.Node>();
  /** By origin: the expansion that its statement belongs to. */
  readonly originExpansions = new Map<Origin, Expansion | null>();
  origins = new Map<ts.Node, Origin>();
  /** By `return`, `break` or `continue`: the flag of the exit that it takes. */
  readonly jumpFlags = new Map<Expansion | null, Map<ts.Node, Flag>>();
  /** By name: what the generated function may refer to at module level beyond what the author's text does. */
  readonly globals = new Map<string, Global>();
  /** The functions that the parameters of helpers stand for. */
  functions = new Map<ts.Symbol, FunctionSource>();
  /** The values of parameters of helpers that cannot be undefined in the calls that are being lowered. */
  readonly certain = new Map<ts.Symbol, Value>();
  /** What the type parameters of the helpers stand for in the calls that are being lowered. */
  readonly typeArguments = new Map<ts.Type, Type | null>();
  private readonly declared: ReadonlySet<string>;
  private readonly mentioned: ReadonlySet<string>;
  /** Statement under lowering whose subexpressions can be hoisted in front of it. */
  hoistable: ts.Node | null = null;
  /** Statement under lowering in whose text something can be put in; null where the text is not printed. */
  inPlace: ts.Node | null = null;
  readonly true: Value;
  readonly false: Value;
  readonly poison: Value;

  constructor(
    readonly checker: ts.TypeChecker,
    readonly root: ts.SignatureDeclaration,
    readonly choices: Choices,
    private readonly globalNames: GlobalNames,
    readonly pairs: Pairs,
  ) {
    this.names = identifiersIn(root.getSourceFile());
    this.declared = declaredIn(root);
    this.mentioned = identifiersIn(root);
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
    return this.frames.length > 1 && this.frame.expansion === null;
  }

  get expansion(): Expansion | null {
    return this.frame.expansion;
  }

  /** A name that occurs nowhere in the file. */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name); i++) name = `${wanted}_${String(i)}`;
    this.names.add(name);
    this.ownNames.add(name);
    return name;
  }

  /** Whether the function stands in another file than the one beside which the generated file will stand. */
  get isForeign(): boolean {
    return this.root.getSourceFile() !== this.globalNames.file;
  }

  /** What the generated module calls something at module level; null for what is of another kind. */
  globalName(node: ts.Identifier): string | null {
    const isHidden = (name: string): boolean =>
      this.ownNames.has(name) ||
      (this.globalNames.isOwn(name) ? this.declared.has(name) : this.mentioned.has(name));
    const found = this.globalNames.find(node, isHidden);
    if (found === null) return null;
    this.globals.set(found.name, found);
    this.names.add(found.name);
    return found.name;
  }

  /** The text of an expression as it can stand anywhere in the generated function. */
  textOf(node: ts.Node): string {
    const rename = (part: ts.Node): string | null => {
      const name = ts.isIdentifier(part) ? this.globalName(part) : null;
      if (name === null || name === part.getText()) return null;
      return ts.isShorthandPropertyAssignment(part.parent) ? `${part.getText()}: ${name}` : name;
    };
    return rename(node) ?? plainText(node, rename);
  }

  span(node: ts.Node): Span {
    return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() };
  }

  refuse<C extends Code>(code: C, node: ts.Node, holes: Holes<C>): never {
    throw new Refusal(diagnostic(code, this.span(node), holes));
  }

  unsupported(
    node: ts.Node,
    what: string,
    advice = 'Write it with the constructs that are supported.',
  ): never {
    return this.refuse('CR201', node, { what, advice });
  }

  typeOf(node: ts.Node): Type {
    const type = this.lowered(this.checker.getTypeAtLocation(node));
    return type ?? this.refuse('CR202', node, { what: `"${node.getText()}"` });
  }

  /** The IR's type of a TypeScript type, in the function that is being lowered. */
  lowered(type: ts.Type): Type | null {
    return lowerType(type, this.checker, 0, this.typeArguments);
  }

  /** The origin of a statement; the same object for the same node. */
  originOf(node: ts.Node, text = plainText(node)): Origin {
    const known = this.origins.get(node);
    if (known !== undefined) return known;
    const origin: Origin = {
      text: text.replace(/\s+/g, ' ').replace(/;$/, ''),
      target: targetOf(node),
    };
    this.origins.set(node, origin);
    this.originNodes.set(origin, node);
    this.originExpansions.set(origin, this.frames.length === 0 ? null : this.expansion);
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
    const variable: Variable = { name: this.nameOfKey(key) };
    this.variables.set(key, variable);
    return variable;
  }

  private nameOfKey(key: EnvKey): string {
    if ('local' in key) return key.local;
    const { expansion } = this.frame;
    if ('flag' in key)
      return key === this.frame.value && expansion !== null ? expansion.result : key.flag;
    const declaration = key.valueDeclaration;
    if (expansion === null || declaration === undefined || !isInside(declaration, expansion.source))
      return key.name;
    const known = expansion.renames.get(key);
    if (known !== undefined) return typeof known === 'string' ? known : key.name;
    const name = this.uniqueName(`${calleeName(expansion)}_${key.name}`);
    expansion.renames.set(key, name);
    return name;
  }

  /** Binds a variable to a value, which from now on goes by its name. */
  bind(key: EnvKey, value: Value): void {
    this.env.set(key, this.named(value, key));
  }

  /** The value under the name of a variable: itself while it has none, otherwise a copy. References are shared. */
  private named(value: Value, key: EnvKey): Value {
    const kind = value.type.kind;
    if (this.inlined || value === this.poison || value === this.true || value === this.false)
      return value;
    const variable = this.variableOf(key);
    if (
      value.variable === null &&
      this.builder.current().some((op) => this.definitions.get(value) === op)
    ) {
      (value as { variable: Variable | null }).variable = variable;
      return value;
    }
    if (kind !== 'number' && kind !== 'boolean') return value;
    return this.builder.apply('copy', [value], variable);
  }

  /** Counters that only the header of a loop changes, and whose names mean the same all over its body. */
  readonly steadyCounters = new Set<Value>();
  /** Those of loops that stand in the body of the function itself. */
  readonly topCounters = new Set<Value>();
  /** The `return` statements of the function itself. */
  returnCount = 0;
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

export function calleeName(expansion: Expansion): string {
  const { expression } = expansion.call;
  return ts.isIdentifier(expression) ? expression.text : 'helper';
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return (
    node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end
  );
}

/** The name of what a statement computes. */
function targetOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) {
    const name = node.declarationList.declarations[0]?.name;
    return name !== undefined && ts.isIdentifier(name) ? name.text : 'value';
  }
  if (ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)) {
    let target = node.expression.left;
    while (ts.isElementAccessExpression(target) || ts.isPropertyAccessExpression(target))
      target = target.expression;
    if (ts.isIdentifier(target)) return target.text;
  }
  if (ts.isSwitchStatement(node)) return 'case';
  if (ts.isIterationStatement(node, false)) return 'loop';
  return ts.isIfStatement(node) ? 'test' : 'value';
}
