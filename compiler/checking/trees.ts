/** Walks and copies values made of numbers, strings, booleans, arrays, typed arrays and plain objects. */

type Container = Record<string | number, unknown>;

export const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null;

const isTyped = (value: unknown): value is Float64Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** A copy that shares no memory, except that what was the same object twice stays one object. */
export function copy<T>(value: T): T {
  return structuredClone(value);
}

/** Where a number stands in a list of arguments: `path` leads from the list to the number. */
export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: number;
}

interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** Whether a value is a matrix, whose numbers are its elements and not its shape. */
function isMatrix(value: Container): value is Container & Matrix {
  return value.data instanceof Float64Array && typeof value.rows === 'number';
}

function keysOf(value: Container): (string | number)[] {
  return Array.isArray(value) || isTyped(value)
    ? Array.from(value as ArrayLike<unknown>, (_, i) => i)
    : Object.keys(value);
}

/** Every number in a value, in order. */
export function leaves(value: unknown, path: readonly (string | number)[] = []): Leaf[] {
  if (typeof value === 'number') return [{ path, value }];
  if (!isContainer(value)) return [];
  if (isMatrix(value)) return leaves(value.data, [...path, 'data']);
  return keysOf(value).flatMap((key) => leaves(value[key], [...path, key]));
}

export function read(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (isContainer(at) ? at[key] : undefined), value);
}

/** A copy of `value` in which the number at `path` is replaced. */
export function withNumber<T>(value: T, path: readonly (string | number)[], number: number): T {
  const result = copy(value);
  const parent = read(result, path.slice(0, -1));
  const last = path.at(-1);
  if (!isContainer(parent) || last === undefined) throw new Error(`no ${path.join('.')}`);
  parent[last] = number;
  return result;
}

/** `a[0].b` for a path. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i > 0 ? `.${key}` : key))
    .join('');
}

function hasNumber(value: unknown): boolean {
  if (typeof value === 'number' || value === null) return true;
  if (!isContainer(value)) return false;
  // An empty array says nothing about its elements; it counts as an array of numbers.
  return keysOf(value).length === 0 || keysOf(value).some((key) => hasNumber(value[key]));
}

/** The shape that the derivative in `value` must have, with zeros for the numbers. */
export function zeroTangent(value: unknown): unknown {
  if (typeof value === 'number' || value === null) return 0;
  if (!isContainer(value) || !hasNumber(value)) return undefined;
  if (isTyped(value)) return value.map(() => 0);
  if (isMatrix(value)) return { ...value, data: value.data.map(() => 0) };
  if (Array.isArray(value)) return value.map(zeroTangent);
  const present = Object.entries(value).filter(([, part]) => part !== null);
  const entries = present.map(([key, part]) => [key, zeroTangent(part)] as const);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** The first place where two values are of different shape, or null. */
export function shapeDifference(
  actual: unknown,
  expected: unknown,
  path: readonly (string | number)[] = [],
): string | null {
  const here = pathText(path) || 'the value';
  if (!isContainer(actual) || !isContainer(expected)) {
    return typeof actual === typeof expected
      ? null
      : `${here} is ${typeof actual}, not ${typeof expected}`;
  }
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) {
    return `${here} is of another class`;
  }
  if (isMatrix(actual) && isMatrix(expected)) {
    const [given, due] = [actual, expected].map(({ rows, cols }) => `${rows}×${cols}`);
    if (given !== due) return `${here} is ${given}, not ${due}`;
  }
  const keys = keysOf(actual);
  const wanted = keysOf(expected);
  const extra = keys.find((key) => !wanted.includes(key));
  if (extra !== undefined) return `${pathText([...path, extra])} should not be there`;
  for (const key of wanted) {
    if (!keys.includes(key)) return `${pathText([...path, key])} is missing`;
    const difference = shapeDifference(actual[key], expected[key], [...path, key]);
    if (difference !== null) return difference;
  }
  return null;
}

/** The objects that a value consists of. */
export function objects(value: unknown, found = new Set<object>()): Set<object> {
  if (!isContainer(value) || found.has(value)) return found;
  found.add(isTyped(value) ? value.buffer : value);
  for (const key of keysOf(value)) objects(value[key], found);
  return found;
}
