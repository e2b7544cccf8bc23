import { createHash } from 'node:crypto';

export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha1');
  // With its length each part stands for itself, whatever it contains.
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('base64url');
}
