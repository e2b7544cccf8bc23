import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../io.js';
import { checkConfig } from './check-config.js';
import type { Config } from './config.js';

/** A configuration and the folder from which its paths count. */
export interface FoundConfig {
  readonly folder: string;
  readonly config: Config;
}

/** Whether a file, by its name, can hold a configuration. */
export function isConfigPath(path: string): boolean {
  return /^chainrule\.config\.(js|mjs|ts|json)$/.test(basename(path));
}

/** The nearest configuration from a folder upwards; an empty one where there is none. */
export async function findConfig(folder: string): Promise<FoundConfig> {
  let current = folder;
  for (;;) {
    const config = await configIn(current);
    if (config !== null) return { folder: current, config };
    const parent = dirname(current);
    if (parent === current) return { folder, config: {} };
    current = parent;
  }
}

async function configIn(folder: string): Promise<Config | null> {
  const files = readdirSync(folder).filter(isConfigPath);
  const manifest = join(folder, 'package.json');
  const inManifest = existsSync(manifest) ? keyIn(manifest) : undefined;
  const places = [...files, ...(inManifest === undefined ? [] : ['package.json'])];
  if (places.length > 1) {
    throw new UsageError(`There is more than one configuration: ${places.join(', ')}.`);
  }
  if (inManifest !== undefined) return checkConfig(inManifest, `${manifest}, "chainrule"`);
  if (files.length === 0) return null;

  const file = join(folder, files[0]);
  return checkConfig(await load(file), file);
}

function keyIn(manifest: string): unknown {
  try {
    const { chainrule } = JSON.parse(readFileSync(manifest, 'utf8')) as { chainrule?: unknown };
    return chainrule;
  } catch {
    // Whoever needs a broken package.json will say so.
    return undefined;
  }
}

async function load(file: string): Promise<unknown> {
  try {
    switch (extname(file)) {
      case '.json':
        return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
      case '.ts': {
        const { createJiti } = await import('jiti');
        const jiti = createJiti(import.meta.url, { moduleCache: false, fsCache: false });
        return await jiti.import(file, { default: true });
      }
      default: {
        // A module is loaded once a process; while watching it may change.
        const url = `${pathToFileURL(file).href}?${Date.now()}`;
        return ((await import(url)) as { default: unknown }).default;
      }
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read: ${text}`);
  }
}
