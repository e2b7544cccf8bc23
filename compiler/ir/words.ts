const words: Readonly<Record<string, string>> = {
  '+': 'sum',
  '-': 'difference',
  '*': 'product',
  '/': 'quotient',
  '%': 'remainder',
  '**': 'power',
  neg: 'negative',
  matrixOf: 'matrix',
  addAt: 'element',
};

/** What the result of a function is called in a name. */
export function wordOf(fn: string): string {
  if (/^(===|!==|<=?|>=?|!|&&|\|\||Boolean)$/.test(fn)) return 'test';
  return words[fn] ?? fn.replace(/^Math\./, '').replace(/\W+/g, '');
}
