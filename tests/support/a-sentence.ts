import { expect } from '@jest/globals';

/** How every message of a `UserError` reads, whichever subgraph gives it. */
export const aSentence: unknown = expect.stringMatching(/^\p{Lu}.*\.$/u);
