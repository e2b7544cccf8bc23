import { ts } from 'ts-morph';
import { isReference, type LoopOp, type Tape, type Value } from '../ir/ir.js';
import type { Saves } from '../ir/saves.js';
import type { Expansion, Flag, SavePoint } from '../frontend/lower/context.js';
import type { Lowered } from '../frontend/lower/function.js';
import { plainText } from '../frontend/plain-text.js';
import { hasEffects } from '../frontend/lower/assignments.js';
import type { Names } from './names.js';
import { memberText, tangentTypeText } from './shapes.js';

/** How the forward sweep ends at a `return`. */
export interface Returns {
  /** The statements that stand for a `return`; null where it jumps to the end of the forward sweep. */
  print(statement: ts.ReturnStatement): readonly string[] | null;
  /** What stands before and behind a loop whose returns lead to a backward sweep behind it. */
  around(
    statement: ts.Statement,
  ): { readonly before: readonly string[]; readonly after: readonly string[] } | null;
  /** The loop behind which a `return` lands; null is the end of the function. */
  landing(statement: ts.ReturnStatement): ts.Node | null;
}

/** What has to be added to the author's statements so that the backward sweep finds what it needs. */
class Edits {
  readonly before = new Map<ts.Node, string[]>();
  readonly after = new Map<ts.Node, ((jump: ts.Node | null) => string)[]>();
  readonly loopStart = new Map<ts.Node, string[]>();
  /** Behind the test of a loop whose test has effects. */
  readonly loopEntered = new Map<ts.Node, string[]>();
  readonly replaced = new Map<ts.Node, string>();
  /** The helpers that run in front of a statement. */
  readonly expanded = new Map<ts.Node, Expansion[]>();
  /** In a helper: behind its parameters, and behind its result. */
  readonly entered: string[] = [];
  readonly finished: string[] = [];
  /** Declarations ahead of everything. */
  readonly start: string[] = [];

  add<K, T>(map: Map<K, T[]>, node: K, line: T): void {
    const lines = map.get(node);
    if (lines === undefined) map.set(node, [line]);
    else lines.push(line);
  }
}

/** The forward sweep: the author's own statements in his order, with the saves put in. */
export class ForwardPrinter {
  private readonly allEdits = new Map<Expansion | null, Edits>();
  /** The helper whose statements are being printed. */
  private at: Expansion | null = null;
  usesTape = false;

  constructor(
    private readonly lowered: Lowered,
    private readonly saves: Saves,
    private readonly names: Names,
    private readonly returns: Returns,
    /** Whether the sweep is wrapped in a block, whose constants the backward sweep cannot see. */
    private readonly isLabelled: boolean,
    private readonly label: string,
    private readonly tapeClass: string,
    private readonly bang: string,
  ) {
    this.prepare();
  }

  private get edits(): Edits {
    return this.editsOf(this.at);
  }

  private editsOf(expansion: Expansion | null): Edits {
    const known = this.allEdits.get(expansion);
    if (known !== undefined) return known;
    const edits = new Edits();
    this.allEdits.set(expansion, edits);
    return edits;
  }

  /** Runs `print` for the statements of a helper, or of the function itself. */
  private within<T>(expansion: Expansion | null, print: () => T): T {
    const outer = this.at;
    this.at = expansion;
    try {
      return print();
    } finally {
      this.at = outer;
    }
  }

  /** The declarations ahead of everything, whichever helper they are for. */
  private get start(): string[] {
    return this.editsOf(null).start;
  }

  /** Lines that declare what is saved, ahead of the sweep. */
  get declarations(): readonly string[] {
    return this.start;
  }

  // What is saved where

  private prepare(): void {
    for (const expansion of this.lowered.cx.expansions) {
      const edits = this.editsOf(expansion.parent);
      edits.replaced.set(expansion.call, expansion.result);
      edits.add(edits.expanded, expansion.statement, expansion);
    }
    for (const [value, tape] of this.saves.values) {
      const expansion = this.lowered.cx.savePoints.get(value)?.expansion ?? null;
      this.within(expansion, () => {
        this.prepareValue(value, tape);
      });
    }
    for (const tape of new Set(this.saves.objects.values())) this.declareStack(tape);
    for (const [store, tape] of this.saves.overwritten) {
      const place = this.lowered.cx.stores.get(store);
      if (place === undefined) throw new Error('A store without a place in the source');
      const name = this.names.of(tape.variable);
      this.within(place.expansion, () => {
        const object = this.printExpression(place.object);
        const slot =
          typeof place.key === 'string'
            ? memberText(object, place.key)
            : `${object}[${this.printExpression(place.key)}]${this.bang}`;
        this.edits.add(this.edits.before, place.statement, `${name}.push(${slot});`);
      });
    }
    for (const [loop, tape] of this.saves.trips) {
      const expansion =
        loop.origin === null ? null : (this.lowered.cx.originExpansions.get(loop.origin) ?? null);
      this.within(expansion, () => {
        this.prepareTrips(loop, tape);
      });
    }
  }

  private prepareValue(value: Value, tape: Tape): void {
    const point = this.lowered.cx.savePoints.get(value);
    if (point === undefined) throw new Error('A value without a place to save it');
    const { edits } = this;
    if (point.kind === 'hoist') {
      this.hoist(point.statement, point.expression, tape);
      return;
    }
    if (point.kind === 'before') {
      const text = this.printExpression(point.expression) + this.bangFor(point.expression);
      this.saveBefore(point.statement, text, tape);
      return;
    }
    const name = value.variable?.name ?? 'value';
    const text =
      tape.type.kind === 'boolean' && tape.form.kind !== 'cell' ? `${name} ? 1 : 0` : name;
    if (tape.form.kind === 'cell') {
      this.prepareCell(tape, point, name);
      return;
    }
    if (tape.form.kind === 'indexed') this.declareIndexed(tape, tape.form.index, tape.form.length);
    else this.declareStack(tape);
    const tapeName = this.names.of(tape.variable);
    const line = this.saveLine(tape, tapeName, text);
    if (point.kind === 'loop-start') edits.add(this.startOf(point), point.statement, line);
    else if (point.kind === 'after') {
      edits.add(edits.after, point.statement, (jump) =>
        point.flag === undefined
          ? line
          : this.saveLine(tape, tapeName, this.flagText(point.flag, jump, '1', '0')),
      );
    } else this.saveAround(tape, point.kind, line);
  }

  private startOf(point: SavePoint & { kind: 'loop-start' }): Map<ts.Node, string[]> {
    return point.isBehindTest ? this.edits.loopEntered : this.edits.loopStart;
  }

  private saveLine(tape: Tape, name: string, text: string): string {
    if (tape.form.kind === 'indexed')
      return `${name}[${tape.form.index.variable?.name ?? 'i'}] = ${text};`;
    return `${name}.push(${text});`;
  }

  /** Whether a jump takes the exit that a flag stands for. */
  private flagText(flag: Flag, jump: ts.Node | null, yes: string, no: string): string {
    return jump !== null && this.lowered.cx.jumpFlags.get(this.at)?.get(jump) === flag ? yes : no;
  }

  private prepareCell(tape: Tape, point: SavePoint, name: string): void {
    const { edits } = this;
    const tapeName = this.names.of(tape.variable);
    const isFlag = point.kind === 'after' && point.flag !== undefined;
    if (point.kind === 'function-start' || point.kind === 'result') {
      this.saveAround(tape, point.kind, `${tapeName} = ${name};`);
      return;
    }
    const statement = point.statement;
    const isAtRoot = point.kind === 'after' && this.isAtRoot(statement);
    if (isAtRoot && !isFlag) {
      edits.add(edits.after, statement, () => `const ${tapeName} = ${name};`);
      return;
    }
    this.declareCell(tape);
    if (point.kind === 'loop-start')
      edits.add(this.startOf(point), statement, `${tapeName} = ${name};`);
    else if (point.kind === 'after') {
      const { flag } = point;
      edits.add(edits.after, statement, (jump) =>
        flag === undefined
          ? `${tapeName} = ${name};`
          : this.flagText(flag, jump, `${tapeName} = true;`, ''),
      );
    }
  }

  /** Saves a parameter or the result of a helper, or a parameter of the function itself. */
  private saveAround(tape: Tape, kind: 'function-start' | 'result', line: string): void {
    const { at } = this;
    if (at === null) {
      this.start.push(`const ${line}`);
      return;
    }
    const edits = this.editsOf(at);
    const lines = kind === 'result' ? edits.finished : edits.entered;
    if (tape.form.kind !== 'cell') lines.push(line);
    else if (this.within(at.parent, () => this.isAtRoot(at.statement))) lines.push(`const ${line}`);
    else {
      this.declareCell(tape);
      lines.push(line);
    }
  }

  /** Whether a statement runs once and what it declares is in scope of the backward sweep. */
  private isAtRoot(statement: ts.Node): boolean {
    const { at } = this;
    if (at === null) {
      const { root } = this.lowered;
      return !this.isLabelled && (statement.parent === root.body || statement.parent === root);
    }
    const isTop =
      at.label === null && (statement.parent === at.source.body || statement.parent === at.source);
    return isTop && this.within(at.parent, () => this.isAtRoot(at.statement));
  }

  private declareCell(tape: Tape): void {
    const name = this.names.of(tape.variable);
    const zero =
      tape.type.kind === 'number' ? ' = 0' : tape.type.kind === 'boolean' ? ' = false' : null;
    this.start.push(
      zero === null ? `let ${name}!: ${tangentTypeText(tape.type)};` : `let ${name}${zero};`,
    );
  }

  private saveBefore(statement: ts.Node, text: string, tape: Tape): void {
    const { edits } = this;
    const name = this.names.of(tape.variable);
    if (tape.form.kind !== 'cell') {
      if (tape.form.kind === 'indexed')
        this.declareIndexed(tape, tape.form.index, tape.form.length);
      else this.declareStack(tape);
      edits.add(edits.before, statement, this.saveLine(tape, name, text));
    } else if (this.isAtRoot(statement))
      edits.add(edits.before, statement, `const ${name} = ${text};`);
    else {
      this.declareCell(tape);
      edits.add(edits.before, statement, `${name} = ${text};`);
    }
  }

  private hoist(statement: ts.Node, expression: ts.Expression, tape: Tape): void {
    const { edits } = this;
    const isAtRoot = this.isAtRoot(statement);
    // An argument is needed where the statements of the helper begin.
    const helper = edits.expanded
      .get(statement)
      ?.find(({ call }) => call.pos <= expression.pos && expression.end <= call.end);
    const place = helper?.call ?? statement;
    let name = edits.replaced.get(expression);
    const isCell = tape.form.kind === 'cell';
    if (name === undefined) {
      name = this.names.declare(this.partName(tape));
      if (isCell && isAtRoot) this.names.assign(tape.variable, name);
      const type = tape.type.kind === 'tuple' ? `: ${tangentTypeText(tape.type)}` : '';
      const text = this.printExpression(expression) + this.bangFor(expression);
      edits.add(edits.before, place, `const ${name}${type} = ${text};`);
      edits.replaced.set(expression, name);
    }
    if (isCell && isAtRoot) return;
    if (isCell) {
      this.declareCell(tape);
      edits.add(edits.before, place, `${this.names.of(tape.variable)} = ${name};`);
      return;
    }
    if (tape.form.kind === 'indexed') this.declareIndexed(tape, tape.form.index, tape.form.length);
    else this.declareStack(tape);
    const text = tape.type.kind === 'boolean' ? `${name} ? 1 : 0` : name;
    edits.add(edits.before, place, this.saveLine(tape, this.names.of(tape.variable), text));
  }

  /** The mark that an element is there, under options that doubt it. */
  private bangFor(expression: ts.Expression): string {
    return ts.isElementAccessExpression(expression) ? this.bang : '';
  }

  private partName(tape: Tape): string {
    return tape.variable.name.replace(/_saved$/, '');
  }

  private readonly declared = new Set<Tape>();

  private declareStack(tape: Tape): void {
    if (this.declared.has(tape)) return;
    this.declared.add(tape);
    const name = this.names.of(tape.variable);
    if (isReference(tape.type)) {
      this.start.push(`const ${name}: ${arrayOf(tangentTypeText(tape.type))} = [];`);
      return;
    }
    this.usesTape = true;
    this.start.push(`const ${name} = new ${this.tapeClass}();`);
  }

  private declareIndexed(tape: Tape, index: Value, length: Value): void {
    if (this.declared.has(tape)) return;
    this.declared.add(tape);
    const point = this.lowered.cx.savePoints.get(index);
    if (point?.kind !== 'loop-start') throw new Error('A counter without a loop');
    const type = tape.type.kind === 'boolean' ? 'Uint8Array' : 'Float64Array';
    const edits = this.editsOf(point.expansion ?? null);
    edits.add(
      edits.before,
      point.statement,
      `const ${this.names.of(tape.variable)} = new ${type}(${this.boundText(length)});`,
    );
  }

  /** The text of a loop's bound. */
  private boundText(bound: Value): string {
    const { cx } = this.lowered;
    if (bound.variable !== null) return bound.variable.name;
    const op = cx.definitions.get(bound);
    if (op?.kind === 'load' && op.object.variable !== null)
      return `${op.object.variable.name}.length`;
    const node = cx.nodes.get(op?.kind === 'load' ? op.object : bound);
    if (node === undefined) throw new Error('A bound without a place in the source');
    const text = this.printExpression(node);
    return op?.kind === 'load' ? `${text}.length` : text;
  }

  private prepareTrips(loop: LoopOp, tape: Tape): void {
    const node = loop.origin === null ? undefined : this.lowered.cx.originNodes.get(loop.origin);
    if (node === undefined) throw new Error('A loop without a place in the source');
    const { edits } = this;
    if (tape.form.kind === 'cell') {
      const name = this.names.of(tape.variable);
      this.start.push(`let ${name} = 0;`);
      edits.add(edits.loopStart, node, `${name}++;`);
      return;
    }
    const name = this.names.declare('trips');
    this.declareStack(tape);
    edits.add(edits.before, node, `let ${name} = 0;`);
    edits.add(edits.loopStart, node, `${name}++;`);
    edits.add(edits.after, node, () => `${this.names.of(tape.variable)}.push(${name});`);
  }

  // Statements

  printBody(statements: readonly ts.Statement[]): string[] {
    return statements.flatMap((statement) => this.printStatement(statement));
  }

  private printStatement(statement: ts.Statement): string[] {
    const before = [...this.expandedLines(statement), ...(this.edits.before.get(statement) ?? [])];
    const after = this.edits.after.get(statement) ?? [];
    const around = this.at === null ? this.returns.around(statement) : null;
    const lines = this.printPlain(statement);
    if (this.labelled.has(statement)) lines[0] = `${this.label}: ${lines[0] ?? ''}`;
    return [
      ...before,
      ...(around?.before ?? []),
      ...lines,
      ...after.map((line) => line(null)).filter((line) => line !== ''),
      ...(around?.after ?? []),
    ];
  }

  /** The statements of the helpers that run in front of a statement. */
  private expandedLines(statement: ts.Node): string[] {
    return (this.edits.expanded.get(statement) ?? []).flatMap((expansion) =>
      this.printExpansion(expansion),
    );
  }

  private printExpansion(expansion: Expansion): string[] {
    const parameters = [
      ...(this.edits.before.get(expansion.call) ?? []),
      ...expansion.parameters.map(
        ({ name, isAssigned, argument }) =>
          `${isAssigned ? 'let' : 'const'} ${name} = ${this.printExpression(argument)};`,
      ),
    ];
    return this.within(expansion, () => {
      const { entered, finished } = this.edits;
      const { body } = expansion.source;
      if (body === undefined) return [];
      if (!ts.isBlock(body)) {
        const before = [...this.expandedLines(body), ...(this.edits.before.get(body) ?? [])];
        const text = this.printExpression(body);
        return [
          ...parameters,
          ...entered,
          ...before,
          `const ${expansion.result} = ${text};`,
          ...finished,
        ];
      }
      const lines = this.printBody(body.statements);
      if (expansion.label === null) return [...parameters, ...entered, ...lines, ...finished];
      const type = this.lowered.cx.checker.typeToString(
        this.lowered.cx.checker.getTypeAtLocation(expansion.call),
      );
      const declared = type === 'void' ? [] : [`let ${expansion.result}: ${type};`];
      return [
        ...parameters,
        ...declared,
        ...entered,
        `${expansion.label}: {`,
        ...lines,
        '}',
        ...finished,
      ];
    });
  }

  private isTouched(node: ts.Node): boolean {
    if (this.at !== null) return true;
    const { before, after, expanded, loopStart, loopEntered, replaced } = this.edits;
    if (
      [before, after, expanded, loopStart, loopEntered, replaced].some((edits) => edits.has(node))
    )
      return true;
    if (ts.isReturnStatement(node)) return true;
    if (ts.isBreakOrContinueStatement(node) && this.jumpSaves(node).length > 0) return true;
    if (ts.isFunctionLike(node)) return false;
    return ts.forEachChild(node, (child) => this.isTouched(child) || undefined) ?? false;
  }

  private printPlain(statement: ts.Statement): string[] {
    if (!this.isTouched(statement)) return [plainText(statement)];
    if (ts.isBlock(statement)) return ['{', ...this.printBody(statement.statements), '}'];
    if (ts.isReturnStatement(statement)) return this.printReturn(statement);
    if (ts.isIfStatement(statement)) return this.printIf(statement);
    if (ts.isIterationStatement(statement, false)) return this.printLoop(statement);
    if (ts.isSwitchStatement(statement)) return this.printSwitch(statement);
    if (ts.isLabeledStatement(statement)) {
      const inner = statement.statement;
      const before = this.edits.before.get(inner) ?? [];
      const after = this.edits.after.get(inner) ?? [];
      const [first, ...rest] = this.printPlain(inner);
      return [
        ...before,
        `${statement.label.text}: ${first ?? ';'}`,
        ...rest,
        ...after.map((line) => line(null)).filter((line) => line !== ''),
      ];
    }
    if (ts.isBreakOrContinueStatement(statement))
      return [...this.jumpSaves(statement), statement.getText()];
    // The call of a helper has become the statements in front of this one.
    if (ts.isExpressionStatement(statement) && this.edits.replaced.has(statement.expression))
      return [];
    const isCall =
      ts.isExpressionStatement(statement) && this.edits.replaced.has(statement.expression);
    return isCall ? [] : [this.printExpression(statement)];
  }

  /** The text of a node with the hoisted parts replaced by their names. */
  private printExpression(node: ts.Node): string {
    const known = this.replacement(node);
    if (known !== null) return known;
    return plainText(node, (part) => this.replacement(part));
  }

  /** What stands for a node: the name of a hoisted part or of a helper's result, a helper's variable under its new name. */
  private replacement(node: ts.Node): string | null {
    const known = this.edits.replaced.get(node);
    if (known !== undefined) return known;
    const { at } = this;
    if (at === null || !ts.isIdentifier(node) || isPropertyName(node)) return null;
    const { cx } = this.lowered;
    const symbol = cx.symbolOf(node);
    const renamed = symbol === undefined ? undefined : at.renames.get(symbol);
    if (renamed === undefined) return null;
    const text =
      typeof renamed === 'string'
        ? renamed
        : this.within(at.parent, () => this.printExpression(renamed));
    return ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ${text}` : text;
  }

  private printNested(statement: ts.Statement): string[] {
    const lines = ts.isBlock(statement)
      ? this.printBody(statement.statements)
      : this.printStatement(statement);
    return ['{', ...lines, '}'];
  }

  private printIf(statement: ts.IfStatement): string[] {
    const [open, ...then] = this.printNested(statement.thenStatement);
    const lines = [`if (${this.printExpression(statement.expression)}) ${open ?? '{'}`, ...then];
    if (statement.elseStatement === undefined) return lines;
    const { elseStatement } = statement;
    if (ts.isIfStatement(elseStatement) && !this.edits.before.has(elseStatement)) {
      const [first, ...rest] = this.printStatement(elseStatement);
      return [...lines, `else ${first ?? ''}`, ...rest];
    }
    const [elseOpen, ...otherwise] = this.printNested(elseStatement);
    return [...lines, `else ${elseOpen ?? '{'}`, ...otherwise];
  }

  private printLoop(statement: ts.IterationStatement): string[] {
    const start = this.edits.loopStart.get(statement) ?? [];
    const entered = this.edits.loopEntered.get(statement) ?? [];
    const [open, ...body] = this.printNested(statement.statement);
    const condition = ts.isForStatement(statement)
      ? statement.condition
      : ts.isWhileStatement(statement)
        ? statement.expression
        : undefined;
    if (condition !== undefined && hasEffects(condition)) {
      // The test is part of the iteration: what it changes is saved ahead of it.
      const test = [...start, `if (!(${this.printExpression(condition)})) break;`, ...entered];
      if (!ts.isForStatement(statement)) return [`while (true) ${open ?? '{'}`, ...test, ...body];
      const head = [
        statement.initializer === undefined ? '' : this.printExpression(statement.initializer),
        '',
        statement.incrementor === undefined ? '' : this.printExpression(statement.incrementor),
      ].join('; ');
      return [`for (${head}) ${open ?? '{'}`, ...test, ...body];
    }
    start.push(...entered);
    if (ts.isDoStatement(statement)) {
      return [
        `do ${open ?? '{'}`,
        ...start,
        ...body,
        `while (${this.printExpression(statement.expression)});`,
      ];
    }
    return [`${this.loopHeader(statement)} ${open ?? '{'}`, ...start, ...body];
  }

  private loopHeader(statement: ts.IterationStatement): string {
    const text = (node: ts.Node | undefined): string =>
      node === undefined ? '' : this.printExpression(node);
    if (ts.isForStatement(statement)) {
      return `for (${text(statement.initializer)}; ${text(statement.condition)}; ${text(statement.incrementor)})`;
    }
    if (ts.isForOfStatement(statement))
      return `for (${text(statement.initializer)} of ${text(statement.expression)})`;
    return `while (${text(ts.isWhileStatement(statement) ? statement.expression : undefined)})`;
  }

  private printSwitch(statement: ts.SwitchStatement): string[] {
    const lines = [`switch (${this.printExpression(statement.expression)}) {`];
    for (const clause of statement.caseBlock.clauses) {
      const head = ts.isCaseClause(clause)
        ? `case ${this.printExpression(clause.expression)}:`
        : 'default:';
      const body = this.printBody(clause.statements);
      const declares =
        body.some((line) => /^(const|let) /.test(line)) &&
        clause.statements.some((inner) => ts.isReturnStatement(inner));
      lines.push(head, ...(declares ? ['{', ...body, '}'] : body));
    }
    return [...lines, '}'];
  }

  private printReturn(statement: ts.ReturnStatement): string[] {
    if (this.at !== null) return this.leaveHelper(statement, this.at);
    const printed = this.returns.print(statement);
    if (printed !== null) return [...printed];
    const text =
      statement.expression === undefined ? '' : this.printExpression(statement.expression);
    const landing = this.returns.landing(statement);
    const isBare = landing !== null && innermostBreakable(statement) === landing;
    if (!isBare && landing !== null) this.labelled.add(landing);
    const jump = isBare ? 'break;' : `break ${this.label};`;
    return [`${this.names.of(this.valueVariable)} = ${text};`, ...this.jumpSaves(statement), jump];
  }

  private leaveHelper(statement: ts.ReturnStatement, expansion: Expansion): string[] {
    const text =
      statement.expression === undefined ? '' : this.printExpression(statement.expression);
    if (expansion.label === null)
      return text === '' ? [] : [`const ${expansion.result} = ${text};`];
    const assigned = text === '' ? [] : [`${expansion.result} = ${text};`];
    return [...assigned, ...this.jumpSaves(statement), `break ${expansion.label};`];
  }

  /** The loops that returns jump out of by name. */
  private readonly labelled = new Set<ts.Node>();

  get valueVariable(): { readonly name: string } {
    return this.lowered.cx.valueVariable;
  }

  /** The saves behind the statements that a jump leaves early. */
  private jumpSaves(jump: ts.Statement): string[] {
    const lines: string[] = [];
    const loop = ts.isReturnStatement(jump) && this.at === null ? this.returns.landing(jump) : null;
    const root = this.at?.source ?? this.lowered.root;
    const landing = loop ?? landingOf(jump, root);
    for (let at: ts.Node = jump.parent; at !== landing && at !== root; at = at.parent) {
      const after = this.edits.after.get(at) ?? [];
      lines.push(...after.map((line) => line(jump)).filter((line) => line !== ''));
    }
    return lines;
  }

  /** The expression of a `return`, printed. */
  returnText(statement: ts.ReturnStatement): string {
    return statement.expression === undefined
      ? 'undefined'
      : this.printExpression(statement.expression);
  }

  /** The saves that stand before a statement. */
  linesBefore(node: ts.Node): readonly string[] {
    return [...this.expandedLines(node), ...(this.edits.before.get(node) ?? [])];
  }

  expressionText(node: ts.Expression): string {
    return this.printExpression(node);
  }
}

/** The statement behind which a jump lands; the function for `return`. */
function landingOf(jump: ts.Statement, root: ts.Node): ts.Node {
  if (!ts.isBreakOrContinueStatement(jump)) return root;
  for (let at: ts.Node = jump.parent; at !== root; at = at.parent) {
    if (jump.label !== undefined) {
      if (ts.isLabeledStatement(at) && at.label.text === jump.label.text) return at.statement;
    } else if (
      ts.isIterationStatement(at, false) ||
      (ts.isBreakStatement(jump) && ts.isSwitchStatement(at))
    )
      return at;
  }
  return root;
}

/** What an unlabelled `break` would leave. */
function innermostBreakable(statement: ts.Node): ts.Node | null {
  for (let at = statement.parent; !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isIterationStatement(at, false) || ts.isSwitchStatement(at)) return at;
  }
  return null;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) &&
    parent.name === node
  );
}

function arrayOf(type: string): string {
  return /^[\w.]+(\[\])*$/.test(type) ? `${type}[]` : `Array<${type}>`;
}
