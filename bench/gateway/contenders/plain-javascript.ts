import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { workFolder } from '../folders.ts';

/**
 * Takes the types from a source file, so that a measured process has no TypeScript loader in its memory.
 * @param source a file that imports packages only.
 * @returns the file to run.
 */
export function writePlainJavaScript(source: URL): string {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  mkdirSync(workFolder, { recursive: true });
  const file = join(workFolder, basename(fileURLToPath(source)).replace(/\.ts$/, '.mjs'));
  writeFileSync(file, outputText);
  return file;
}
