import type { Io } from './io.js';
import type { Settings } from './settings.js';
export function watch(_settings: Settings, _io: Io): Promise<number> {
  throw new Error('later');
}
