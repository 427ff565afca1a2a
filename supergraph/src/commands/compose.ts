/** `npm run supergraph [-- --check]`: see {@link runComposition}. */
import { endWith } from '../command-line.ts';
import { repositoryRoot } from '../generated-files.ts';
import { runComposition } from '../run-composition.ts';

endWith(runComposition(process.argv.slice(2), repositoryRoot));
