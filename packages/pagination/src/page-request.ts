/** The arguments of a Relay connection field. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A page to read: which way from which place, and how many. */
export interface PageRequest {
  readonly direction: 'forward' | 'backward';
  /** At the most this many items, 1 to 100. */
  readonly size: number;
  /** The place to start from, itself left out; absent: from the end of the list that the direction begins at. */
  readonly cursor?: string;
}

/** The paging arguments contradict each other or are out of range. `argument` names the one at fault. */
export class InvalidPageError extends Error {
  override readonly name = 'InvalidPageError';
  readonly argument: string;
  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

const defaultPageSize = 20;
const maxPageSize = 100;

/**
 * Reads the arguments of a connection (Relay Cursor Connections Specification, section 4): `first` with `after`, or `last` with
 * `before`; without either, the first 20.
 * @throws InvalidPageError when they are mixed, or a size is not 1 to 100.
 */
export function parsePageArguments(args: PageArguments): PageRequest {
  const first = args.first ?? undefined;
  const last = args.last ?? undefined;
  const after = args.after ?? undefined;
  const before = args.before ?? undefined;
  if (first !== undefined && last !== undefined) {
    throw new InvalidPageError('last', 'first and last cannot be used together');
  }
  if (last !== undefined || before !== undefined) {
    if (first !== undefined) throw new InvalidPageError('before', 'before goes with last, not with first');
    if (after !== undefined)
      throw new InvalidPageError('after', 'after goes with first, not with last or before');
    const size = pageSize('last', last);
    return { direction: 'backward', size, ...(before === undefined ? {} : { cursor: before }) };
  }
  const size = pageSize('first', first);
  return { direction: 'forward', size, ...(after === undefined ? {} : { cursor: after }) };
}

function pageSize(argument: 'first' | 'last', value: number | undefined): number {
  if (value === undefined) return defaultPageSize;
  if (value < 1 || value > maxPageSize) {
    throw new InvalidPageError(argument, `${argument} must be from 1 to ${maxPageSize}`);
  }
  return value;
}
