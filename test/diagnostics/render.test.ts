import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { diagnostic, type Span } from '../../compiler/diagnostics/diagnostic.js';
import { render } from '../../compiler/diagnostics/render.js';

const files: Record<string, string> = {
  '/src/a.ts': 'const a = 1;\nconst bb = 2;\nconst c = 3;\n',
};

function rendered(span: Span | null, isColored = false): string {
  return render(diagnostic('CR108', span, { name: 'bb' }), {
    colors: pc.createColors(isColored),
    isColored,
    read: (file) => files[file] ?? null,
    show: (file) => file.slice(1),
  });
}

const title = 'error CR108 (your code)\n"bb" is annotated but not exported.\n';
const advice = 'Export it: the generated file has to import its types.';

describe('render', () => {
  it('shows the place in its lines', () => {
    expect(rendered({ file: '/src/a.ts', start: 19, end: 21 })).toBe(
      [
        `src/a.ts:2:7 ${title.trimEnd()}`,
        '  1 | const a = 1;',
        '> 2 | const bb = 2;',
        '    |       ^^',
        '  3 | const c = 3;',
        '  4 |',
        advice,
      ].join('\n'),
    );
  });

  it('marks where a place of several lines begins', () => {
    expect(rendered({ file: '/src/a.ts', start: 19, end: 36 })).toContain('\n    |       ^\n');
  });

  it('does without the file', () => {
    expect(rendered({ file: '/src/b.ts', start: 19, end: 21 })).toBe(`src/b.ts ${title}${advice}`);
    expect(rendered(null)).toBe(title + advice);
  });

  it('colours only where it may', () => {
    const span = { file: '/src/a.ts', start: 19, end: 21 };
    const escape = '\u001b[';
    expect(rendered(span)).not.toContain(escape);
    expect(rendered(span, true)).toContain(escape);
  });
});
