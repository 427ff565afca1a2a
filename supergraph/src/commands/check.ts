/** `npm run schema:check -- --base REF [--operations GLOB]...`: see {@link runSchemaCheck}. */
import { endWith } from '../command-line.ts';
import { repositoryRoot } from '../generated-files.ts';
import { runSchemaCheck } from '../run-schema-check.ts';

endWith(await runSchemaCheck(process.argv.slice(2), repositoryRoot));
