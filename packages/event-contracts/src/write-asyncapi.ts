import { writeFile } from 'node:fs/promises';
import { renderAsyncApi } from './asyncapi.ts';

// Run after a change of the contracts; a test compares the file with what the contracts say.
await writeFile(new URL('../../../docs/asyncapi.json', import.meta.url), renderAsyncApi());
