const importLine = /^import \{[^}]*\} from '@trellis\/failpoints';$/;
const callLine = /^\s*failpoint\([^()]*\);$/;

/**
 * Removes the failpoints from a compiled module.
 * @throws Error when something of them is left: a call that is no statement on a line of its own.
 */
export function withoutFailpoints(code: string): string {
  if (!/failpoint/i.test(code)) return code;
  const lines = code.split('\n').filter((line) => !importLine.test(line) && !callLine.test(line));
  const left = lines.find((line) => /failpoint/i.test(line));
  if (left !== undefined) {
    throw new Error(
      `a failpoint cannot be removed; it must be a statement on a line of its own: ${left.trim()}`,
    );
  }
  return lines.join('\n');
}
