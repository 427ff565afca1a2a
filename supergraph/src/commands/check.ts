/** `npm run schema:check -- --base REF [--operations GLOB]...`: see {@link runSchemaCheck}. */
import { repositoryRoot } from '../generated-files.ts';
import { runSchemaCheck } from '../run-schema-check.ts';

const { exitCode, output } = await runSchemaCheck(process.argv.slice(2), repositoryRoot);
if (exitCode === 2) console.error(output);
else console.log(output);
process.exitCode = exitCode;
