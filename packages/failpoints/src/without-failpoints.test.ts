import { describe, expect, it } from '@jest/globals';
import { withoutFailpoints } from './without-failpoints.ts';

const compiled = (...statements: readonly string[]): string =>
  ["import { failpoint } from '@trellis/failpoints';", 'export function send() {', ...statements, '}'].join(
    '\n',
  );

describe('a compiled module', () => {
  it('loses its failpoints and what imports them, and nothing else', () => {
    const code = compiled(
      '    publish();',
      "    failpoint('outbox.confirmed');",
      "    failpoint('inbox.handled', type);",
    );
    expect(withoutFailpoints(code)).toBe('export function send() {\n    publish();\n}');
  });

  it('is left as it is where it has none', () => {
    const code = 'export const call = () => other();\n';
    expect(withoutFailpoints(code)).toBe(code);
  });

  it.each(["    if (sent) failpoint('outbox.confirmed');", "    failpoint('inbox.handled', typeOf(event));"])(
    'is refused with a failpoint that cannot be cut out: %s',
    (statement) => {
      expect(() => withoutFailpoints(compiled(statement))).toThrow(
        'must be a statement on a line of its own',
      );
    },
  );
});
