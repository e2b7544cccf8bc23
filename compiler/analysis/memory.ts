import {
  isReference,
  type Key,
  type LoadOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import { allOps } from '../ir/walk.js';

/** Memory that the analyses do not tell apart: what a reference may point to. */
export interface MemoryClass {
  readonly loads: LoadOp[];
  readonly stores: StoreOp[];
  /** Parameters of the function whose memory this is or may be. */
  readonly params: Set<Value>;
  /** Whether it is read from the outside of the function: a module constant. */
  global: boolean;
}

export interface Memory {
  /** The class that a reference points to. */
  classOf(reference: Value): MemoryClass;
  /** The class behind a slot of a reference that holds references itself. */
  slotClass(reference: Value, key: Key): MemoryClass;
  /** The classes reached from a reference, itself included. */
  reachable(reference: Value): readonly MemoryClass[];
}

interface Node {
  parent: Node | null;
  readonly slots: Map<string, Node>;
  info: MemoryClass;
}

/** Which references may share memory, by unification (Steensgaard): flow-insensitive, so that it holds at every point. */
export function findMemory(params: readonly Value[], body: Region): Memory {
  const nodes = new Map<Value, Node>();
  const make = (): Node => ({
    parent: null,
    slots: new Map(),
    info: { loads: [], stores: [], params: new Set(), global: false },
  });
  const find = (node: Node): Node => (node.parent === null ? node : find(node.parent));
  const nodeOf = (value: Value): Node => {
    const known = nodes.get(value);
    if (known !== undefined) return find(known);
    const node = make();
    nodes.set(value, node);
    return node;
  };
  const slotName = (key: Key): string => (typeof key === 'string' && key !== 'end' ? key : '[]');
  const slotOf = (node: Node, key: Key): Node => {
    const name = slotName(key);
    const root = find(node);
    const known = root.slots.get(name);
    if (known !== undefined) return find(known);
    const slot = make();
    root.slots.set(name, slot);
    return slot;
  };
  const unify = (a: Node, b: Node): void => {
    const x = find(a);
    const y = find(b);
    if (x === y) return;
    y.parent = x;
    x.info.loads.push(...y.info.loads);
    x.info.stores.push(...y.info.stores);
    for (const param of y.info.params) x.info.params.add(param);
    x.info.global ||= y.info.global;
    for (const [name, slot] of y.slots) {
      const mine = x.slots.get(name);
      if (mine === undefined) x.slots.set(name, slot);
      else unify(mine, slot);
    }
  };
  const same = (a: Value | undefined, b: Value | undefined): void => {
    if (a !== undefined && b !== undefined && isReference(a.type) && isReference(b.type)) {
      unify(nodeOf(a), nodeOf(b));
    }
  };

  for (const param of params) if (isReference(param.type)) nodeOf(param).info.params.add(param);
  const visit = (op: Op): void => {
    switch (op.kind) {
      case 'opaque':
        if (isReference(op.result.type)) nodeOf(op.result).info.global = true;
        break;
      case 'apply':
        if (op.fn === 'copy') same(op.result, op.args[0]);
        break;
      case 'load':
        nodeOf(op.object).info.loads.push(op);
        if (isReference(op.result.type))
          unify(slotOf(nodeOf(op.object), op.key), nodeOf(op.result));
        break;
      case 'store':
        nodeOf(op.object).info.stores.push(op);
        if (isReference(op.value.type)) unify(slotOf(nodeOf(op.object), op.key), nodeOf(op.value));
        break;
      case 'alloc': {
        const { init } = op;
        const node = nodeOf(op.result);
        if (init.kind === 'elements') {
          for (const value of init.values)
            if (isReference(value.type)) unify(slotOf(node, 'end'), nodeOf(value));
        } else if (init.kind === 'fields') {
          init.names.forEach((name, i) => {
            const value = init.values[i];
            if (value !== undefined && isReference(value.type))
              unify(slotOf(node, name), nodeOf(value));
          });
        } else if (
          init.kind === 'copy' &&
          init.source.type.kind === 'array' &&
          isReference(init.source.type.element)
        ) {
          unify(slotOf(node, 'end'), slotOf(nodeOf(init.source), 'end'));
        }
        break;
      }
      case 'if':
        op.results.forEach((result, i) => {
          same(result, op.then.yields[i]);
          same(result, op.else.yields[i]);
        });
        break;
      case 'loop':
        op.results.forEach((result, i) => {
          same(result, op.params[i]);
          same(result, op.inits[i]);
          same(result, op.body.yields[i]);
        });
        break;
      default:
    }
  };
  for (const op of allOps(body)) visit(op);

  const reachable = (node: Node, seen = new Set<Node>()): Set<Node> => {
    const root = find(node);
    if (seen.has(root)) return seen;
    seen.add(root);
    for (const slot of root.slots.values()) reachable(slot, seen);
    return seen;
  };
  return {
    classOf: (value) => nodeOf(value).info,
    slotClass: (value, key) => slotOf(nodeOf(value), key).info,
    reachable: (value) => [...reachable(nodeOf(value))].map((node) => find(node).info),
  };
}
