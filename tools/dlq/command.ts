import { parseArgs } from 'node:util';
import type { Action } from './letter-source.ts';

/** What `--help` prints. */
export const usage = `npm run dlq: shows the events that were given up, and gives them back to their consumers or drops them

  npm run dlq -- list [--queue NAME] [--limit N]
  npm run dlq -- show ID
  npm run dlq -- replay ID... | --all --queue NAME
  npm run dlq -- drop ID... --yes | --all --queue NAME --yes

  ID            as list shows it; QUEUE/ID where several consumers gave up the same event
  --queue NAME  only what was given up from this queue: products.order-placed.v1; orders.outbox for what orders could not publish
  --all         every dead letter of that queue
  --limit N     how many are listed of each queue at most; 1000 without it
  --yes         drops: what is dropped is gone
  --json        prints JSON
  --help        print this

It reads the variables of the services: ORDERS_DATABASE_URL, PRODUCTS_DATABASE_URL, USERS_DATABASE_URL, AMQP_URL and AMQP_PREFIX, or
TRELLIS_DATA_DIRECTORY for the embedded platform, running or stopped.
`;

/** It was called wrongly. */
export class MisuseError extends Error {
  override readonly name = 'MisuseError';
}

/** What is to be done. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list'; readonly queue?: string; readonly limit: number; readonly asJson: boolean }
  | { readonly kind: 'show'; readonly id: string; readonly asJson: boolean }
  | {
      readonly kind: Action;
      readonly chosen: { readonly ids: readonly string[] } | { readonly queue: string };
      readonly isConfirmed: boolean;
      readonly asJson: boolean;
    };

/** @throws MisuseError for what it cannot read. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const [kind, ...ids] = positionals;
  const { queue, json: asJson = false } = values;
  switch (kind) {
    case 'list':
      if (ids.length > 0) throw new MisuseError('list takes no ID: show does');
      return { kind, limit: readLimit(values.limit), asJson, ...(queue === undefined ? {} : { queue }) };
    case 'show': {
      const [id] = ids;
      if (id === undefined || ids.length > 1) throw new MisuseError('show takes one ID');
      return { kind, id, asJson };
    }
    case 'replay':
    case 'drop':
      return { kind, chosen: readChoice(kind, ids, values), isConfirmed: values.yes === true, asJson };
    default:
      throw new MisuseError(kind === undefined ? 'say what to do' : `there is no "${kind}"`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        all: { type: 'boolean' },
        yes: { type: 'boolean' },
        queue: { type: 'string' },
        limit: { type: 'string' },
      },
    });
  } catch (error) {
    throw new MisuseError((error as Error).message, { cause: error });
  }
}

function readLimit(text = '1000'): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new MisuseError('--limit takes 1 to 10000');
  return limit;
}

function readChoice(
  kind: Action,
  ids: readonly string[],
  { all = false, queue }: { readonly all?: boolean; readonly queue?: string },
): { readonly ids: readonly string[] } | { readonly queue: string } {
  if (!all && queue === undefined && ids.length > 0) return { ids };
  if (all && queue !== undefined && ids.length === 0) return { queue };
  throw new MisuseError(`${kind} takes IDs, or --all with --queue NAME`);
}
