/**
 * `"ts-node": { "compiler": "chainrule/ts-node" }`: the project's own TypeScript, to which generated files seem to be on
 * disk, always fresh. ts-node checks and compiles them like any other.
 */
import Module = require('node:module');
import path = require('node:path');
import type typescript = require('typescript');
import virtual = require('./virtual-files.js');

const files = new virtual.VirtualFiles();

/** What Node's module loader lets one replace. */
interface Loader {
  _resolveFilename(
    request: string,
    parent: { filename?: string } | undefined,
    ...rest: unknown[]
  ): string;
  readonly _extensions: Record<string, Extension | undefined>;
}
type Extension = (module: Compiled, filename: string) => void;
interface Compiled {
  _compile(code: string, filename: string): void;
}
interface Service {
  compile(code: string, filename: string): string;
}

const loader = Module as unknown as Loader;
const resolve = loader._resolveFilename;

loader._resolveFilename = function (request, parent, ...rest): string {
  const path = generatedPath(request, parent?.filename);
  if (path === null) return resolve.call(this, request, parent, ...rest);
  compileGenerated(path);
  return path;
};

/** The generated file that a request means, or null. */
function generatedPath(request: string, parent: string | undefined): string | null {
  if (parent === undefined || !/^\.{1,2}\/.*_grad(\.[cm]?[jt]s)?$/.test(request)) return null;
  const target = path.resolve(path.dirname(parent), request);
  const asSource = target.replace(/\.([cm]?)js$/, '.$1ts');
  const candidate = /\.[cm]?ts$/.test(asSource) ? asSource : `${asSource}.ts`;
  return files.sourceOf(candidate) === null ? null : candidate;
}

const hooked = new Set<string>();

/** Takes the text of generated files from the compiler. ts-node has set its own hook by the time that one is imported. */
function compileGenerated(filename: string): void {
  const extension = path.extname(filename);
  if (hooked.has(extension)) return;
  hooked.add(extension);
  const original = loader._extensions[extension];
  loader._extensions[extension] = (module, file) => {
    const text = files.textOf(file);
    const services = process as unknown as Record<symbol, Service | undefined>;
    const service = services[Symbol.for('ts-node.register.instance')];
    if (text === null || service === undefined) return original?.(module, file);
    module._compile(service.compile(text, file), file);
  };
}

const own = Module.createRequire(path.join(process.cwd(), 'package.json'));
const ts = own('typescript') as typeof typescript;

const sys: typeof ts.sys = {
  ...ts.sys,
  fileExists: (file) => ts.sys.fileExists(file) || files.sourceOf(file) !== null,
  readFile: (file, encoding) => files.textOf(file) ?? ts.sys.readFile(file, encoding),
};

export = { ...ts, sys };
