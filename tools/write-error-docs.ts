/** Writes `docs/errors.md`: every code that the gateway gives to errors, from its catalogue. */
import { errorCodes } from '@trellis/gateway';
import { replaceFile } from '@trellis/supergraph';
import { format, resolveConfig } from 'prettier';

const path = 'docs/errors.md';

const text = `# Error codes

Written by \`npm run generate\` from \`gateway/src/error-codes.ts\`; do not edit. These are the \`extensions.code\` that the gateway itself gives to errors. Codes that subgraphs give
to their own errors are passed on as they are, and those of Apollo Server keep their names: \`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\`,
\`PERSISTED_QUERY_NOT_FOUND\`, \`OPERATION_RESOLUTION_FAILURE\`. An error without an HTTP status here mostly stands beside data, in a response with status 200, or ends a stream.

| Code | What it means, and what to do |
| --- | --- |
${Object.entries(errorCodes)
  .map(([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`)
  .join('\n')}
`;

replaceFile(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
