import { ts } from 'ts-morph';

const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;

/**
 * The options that a project leaves unset, as its own TypeScript would fill them.
 *
 * The bundled TypeScript has the defaults of version 6, as 7 has. A project on 5 relies on others: without them a file
 * that is right would be reported. Where version 5 fell back to the removed `classic` resolution, `bundler` serves.
 */
export function defaultsOf(version: string | null, set: ts.CompilerOptions): ts.CompilerOptions {
  const major = Number.parseInt(version ?? '6', 10);
  if (major >= 6) return {};

  const module = set.module ?? (isModern(set.target) ? ModuleKind.ES2015 : ModuleKind.CommonJS);
  const isNode = module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext;
  return {
    module,
    ...(isNode ? {} : { target: ScriptTarget.ES5, moduleResolution: resolutionOf(module) }),
    strict: false,
    types: ['*'],
    esModuleInterop: isNode || module === ModuleKind.Preserve,
    noUncheckedSideEffectImports: false,
  };
}

function isModern(target: ts.ScriptTarget | undefined): boolean {
  return target !== undefined && target >= ScriptTarget.ES2015;
}

function resolutionOf(module: ts.ModuleKind): ts.ModuleResolutionKind {
  return module === ModuleKind.CommonJS
    ? ModuleResolutionKind.Node10
    : ModuleResolutionKind.Bundler;
}
