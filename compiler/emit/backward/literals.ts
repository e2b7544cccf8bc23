import { numberText, primary, type Text } from '../expression.js';

/** The text of a constant. */
export function literalText(value: unknown): Text {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return primary(JSON.stringify(value));
  return primary(String(value));
}
