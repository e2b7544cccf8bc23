import { ts } from 'ts-morph';
import type { Text } from '../emit/expression.js';
import { Names } from '../emit/names.js';
import type { RuntimeStyle } from '../emit/runtime-call.js';
import { zerosText } from '../emit/shapes.js';
import {
  declaredIn as declaredNames,
  type Global,
  type GlobalNames,
} from '../frontend/global-names.js';
import { runtimeName } from '../frontend/runtime-names.js';
import { plainText } from '../frontend/plain-text.js';
import { Builder } from '../ir/build.js';
import type { Op, Type, Value } from '../ir/ir.js';
import type { Analysis } from './analysis.js';
import type { Cell } from './cells.js';
import { checkSupported } from './check.js';
import { Draft, type Leaf } from './draft.js';
import { foldTangent } from './fold.js';
import { SharingBuilder } from './sharing.js';
import { isSumOfNamed } from './in-place.js';
import type { Source } from './source.js';

/** What the writer of a function asks of the module around it. */
export interface Surroundings {
  readonly source: Source;
  /** The file whose functions refer to what the generated file has under the same names. */
  readonly home: ts.SourceFile;
  /** What things at module level of other files are called in the generated file. */
  readonly globalNames: GlobalNames;
  /** Whether elements are read as `a[i]!` (noUncheckedIndexedAccess). */
  readonly bang: boolean;
  /** Whether tangents are simplified. */
  readonly simplify: boolean;
  /** What the generated file calls a function of the runtime. */
  runtimeName(fn: string): string;
  /** Whether a name of the generated file is that of a function of the runtime. */
  isRuntimeName(name: string): boolean;
  /** What the tangent of a variable is called, unless the name is taken: `dx` for `x`. */
  nameTangent(name: string): string;
  /** The name of the function with tangents that stands for a function of the project. */
  nameOf(callee: Analysis): string;
}

/** How a function ends: what a `return` becomes. */
export interface Ending {
  readonly write: (statement: ts.Node, value: ts.Expression | undefined) => string[];
}

/** The state of one function under construction. */
export class Writer {
  readonly definitions = new Map<Value, Op>();
  /** For the author's arithmetic, which stays as it is. */
  readonly primal = new Builder(this.definitions, null);
  /** For tangents. */
  readonly tangents: SharingBuilder;
  readonly leaves = new Map<Value, Leaf>();
  /** Values of variables that never change, with what they were computed from. */
  readonly constants = new Map<ts.Symbol, Value>();
  /** By expression that initialises a variable: its value. */
  readonly initial = new Map<ts.Expression, Value>();
  /** Texts that stand for parts of the source. */
  readonly replaced = new Map<ts.Node, string>();
  /** Texts that stand for variables. */
  readonly substitutes = new Map<ts.Symbol, string>();
  readonly names: Names;
  private readonly tangentNames = new Map<string, string>();
  /** Tangents of variables that go by another name. */
  readonly renamed = new Map<ts.Symbol, Text>();
  /** The indices of the loops around that the author does not name. */
  readonly indices = new Set<string>();
  /** Functions that are constant piece by piece, where a tangent ends. */
  readonly cuts: ts.CallExpression[] = [];
  /** Which calls need statements of their own. */
  readonly pairCalls = new Map<ts.CallExpression, boolean>();
  /** What a function of another file refers to at module level, by what the generated file calls it. */
  readonly globals = new Map<string, Global>();
  ending: Ending = { write: () => [] };
  private readonly taken: Set<string>;
  /** The names that a function of another file declares; null for a function of the file itself. */
  private readonly foreign: ReadonlySet<string> | null;

  constructor(
    readonly analysis: Analysis,
    readonly around: Surroundings,
  ) {
    const fold = around.simplify ? foldTangent : null;
    this.tangents = new SharingBuilder(this.definitions, fold);
    checkSupported(analysis, around.source);
    const { node } = analysis;
    this.foreign = node.getSourceFile() === around.home ? null : declaredNames(node);
    this.taken = namesIn(node);
    this.names = new Names(this.taken);
    for (const symbol of declaredIn(analysis.node, around.source))
      if (analysis.isActive(symbol)) this.tangentName(symbol);
  }

  get source(): Source {
    return this.around.source;
  }

  get bang(): string {
    return this.around.bang ? '!' : '';
  }

  // Names

  /** The variable that holds the tangent of a variable. */
  tangentName(symbol: ts.Symbol): string {
    const known = this.tangentNames.get(symbol.name);
    if (known !== undefined) return known;
    const name = this.names.declare(this.around.nameTangent(symbol.name));
    this.tangentNames.set(symbol.name, name);
    return name;
  }

  // Text

  /** The text of a part of the source, with what stands for some of its parts. */
  print(node: ts.Node, alsoReplace: (part: ts.Node) => string | null = () => null): string {
    const replace = (part: ts.Node): string | null => this.standIn(part) ?? alsoReplace(part);
    return replace(node) ?? plainText(node, replace);
  }

  private standIn(part: ts.Node): string | null {
    return this.replacement(part) ?? this.globalText(part);
  }

  /** What the generated file calls something at module level of another file; null where that is its own name. */
  private globalText(part: ts.Node): string | null {
    if (this.foreign === null || !ts.isIdentifier(part) || isMember(part)) return null;
    const runtime = runtimeName(this.source.checker, part);
    if (runtime !== null) return this.around.runtimeName(runtime);
    const isHidden = (name: string): boolean =>
      this.foreign?.has(name) === true || this.names.isDeclared(name);
    const global = this.around.globalNames.find(part, isHidden);
    if (global === null) return null;
    const { name } = global;
    this.globals.set(name, global);
    this.taken.add(name);
    if (name === part.text) return null;
    return ts.isShorthandPropertyAssignment(part.parent) ? `${part.text}: ${name}` : name;
  }

  private replacement(part: ts.Node): string | null {
    const known = this.replaced.get(part);
    if (known !== undefined) {
      const isShorthand = ts.isIdentifier(part) && ts.isShorthandPropertyAssignment(part.parent);
      return isShorthand ? `${part.text}: ${known}` : known;
    }
    if (isSumOfNamed(this, part)) return this.around.runtimeName('add');
    if (this.substitutes.size === 0 || !ts.isIdentifier(part) || isPropertyName(part)) return null;
    const symbol = this.source.symbolOf(part);
    const text = symbol === undefined ? undefined : this.substitutes.get(symbol);
    if (text === undefined) return null;
    return ts.isShorthandPropertyAssignment(part.parent) ? `${part.text}: ${text}` : text;
  }

  /** A name for the index of a loop, which hides nothing that the loop uses. */
  freeIndex(...parts: readonly ts.Node[]): string {
    const used = new Set([...this.indices, ...parts.flatMap((part) => [...namesIn(part)])]);
    const free = ['i', 'j', 'k', 'l', 'm', 'n'].find((name) => !used.has(name));
    if (free !== undefined) return free;
    let at = 2;
    while (used.has(`i_${String(at)}`)) at++;
    return `i_${String(at)}`;
  }

  /** Runs `print` for the body of a loop with such an index. */
  withIndex<T>(name: string, print: () => T): T {
    const isNew = !this.indices.has(name);
    this.indices.add(name);
    try {
      return print();
    } finally {
      if (isNew) this.indices.delete(name);
    }
  }

  /** Zeros in the shape of what `text` names. */
  zeros(type: Type, text: string): string {
    return zerosText(type, text, this.style).text;
  }

  /** How elements and functions of the runtime are written. */
  get style(): RuntimeStyle {
    return { bang: this.bang, runtimeName: (fn) => this.around.runtimeName(fn) };
  }

  /** Begins a statement. */
  draft(target: string, canPrecede = true, moving: ReadonlySet<Cell> = new Set()): Draft {
    return new Draft(target, canPrecede, moving);
  }
}

/** Whether a name is that of a member, which belongs to what it is a member of. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  return isPropertyName(node) || (ts.isPropertySignature(parent) && parent.name === node);
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) &&
    parent.name === node
  );
}

/** The names that a function uses, at any depth. */
export function namesIn(root: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return names;
}

/** The variables that a function declares, in the order of the source. */
function declaredIn(root: ts.Node, source: Source): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
      ts.isIdentifier(node.name)
    ) {
      const symbol = source.symbolOf(node.name);
      if (symbol !== undefined) found.push(symbol);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}
