import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** An option of an interface: its name, and its docstring on one line. */
interface DocumentedOption {
  readonly name: string;
  readonly doc: string;
}

/**
 * Reads the options that an interface declares, with what it says of each.
 * @throws Error for an interface that is not there, and for an option without a docstring.
 */
export function optionsOf(path: string, interfaceName: string): readonly DocumentedOption[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName,
  );
  if (found === undefined) throw new Error(`${path} has no interface ${interfaceName}`);
  return (found as ts.InterfaceDeclaration).members.map((member) => {
    const name = member.name?.getText(source) ?? '';
    const doc = ts
      .getJSDocCommentsAndTags(member)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    if (doc === '') throw new Error(`${interfaceName}.${name} in ${path} has no docstring`);
    return { name, doc };
  });
}

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [header, header.map(() => '---'), ...rows].map(line).join('\n');
}
