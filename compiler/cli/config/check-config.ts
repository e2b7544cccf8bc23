import { nearest } from '../../diagnostics/nearest.js';
import { UsageError } from '../io.js';
import type { Config } from './config.js';

type Kind = (value: unknown) => string | null;

const strings: Kind = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? null
    : 'a list of strings';

/** What each key has to be; null where a value is right, else what it should have been. */
const kinds: Record<keyof Config, Kind> = {
  include: strings,
  exclude: strings,
  rules: strings,
  format: (value) => (value === 'prettier' || value === 'none' ? null : '"prettier" or "none"'),
  project: (value) => (typeof value === 'string' ? null : 'a path'),
};

const keys = Object.keys(kinds) as (keyof Config)[];

/** A configuration as it was read, if it is one. `place` says where it stands. */
export function checkConfig(value: unknown, place: string): Config {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${place}: the configuration has to be an object.`);
  }
  const config = value as Record<string, unknown>;
  for (const [key, setting] of Object.entries(config)) {
    if (key === '$schema') continue;
    if (!isKey(key)) throw new UsageError(`${place}: unknown key "${key}". ${hintFor(key)}`);
    const wanted = kinds[key](setting);
    if (wanted !== null) throw new UsageError(`${place}: "${key}" has to be ${wanted}.`);
  }
  return config;
}

function isKey(key: string): key is keyof Config {
  return (keys as string[]).includes(key);
}

function hintFor(key: string): string {
  const meant = nearest(key, keys);
  return meant === undefined ? `The keys are ${keys.join(', ')}.` : `Did you mean "${meant}"?`;
}
