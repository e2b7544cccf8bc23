import type { CustomRule } from '../frontend/custom-rules/rule.js';
import type { Type } from '../ir/ir.js';
import { Analysis } from './analysis.js';
import type { FunctionNode, Source } from './source.js';

/** What is known of a function whose derivative the user gives: what its rule says, whatever is inside. */
export class RuleAnalysis extends Analysis {
  constructor(
    readonly rule: CustomRule,
    node: FunctionNode,
    mask: ReadonlySet<number>,
    source: Source,
  ) {
    super(node, mask, source, () => this);
    this.isResultVaried = node.parameters.some((_, i) => this.isActiveParameter(i));
  }

  override step(): boolean {
    return false;
  }

  override isActiveParameter(i: number): boolean {
    return this.mask.has(i) && this.rule.keys.has(i);
  }

  override isReadParameter(i: number): boolean {
    return this.isActiveParameter(i);
  }

  override isWrittenParameter(): boolean {
    return false;
  }

  override lostParameter(): null {
    return null;
  }

  override resultType(): Type {
    return this.rule.result;
  }
}
