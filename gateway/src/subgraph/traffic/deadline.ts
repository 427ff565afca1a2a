import { SubrequestFailure, type SubrequestCode } from '../subrequest-failure.ts';

/** When a request to a subgraph is given up, and whose time was up then: the subgraph's, or the whole operation's. */
export interface Deadline {
  /** On the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly timeoutCode: TimeoutCode;
}

export type TimeoutCode = Extract<SubrequestCode, 'SUBREQUEST_TIMEOUT' | 'OPERATION_TIMEOUT'>;

/**
 * @param ownMs how long the subgraph may take.
 * @param operationEndsAt when the operation ends that the request is a part of.
 */
export function deadlineOf(ownMs: number, operationEndsAt = Infinity): Deadline {
  const own = performance.now() + ownMs;
  return own <= operationEndsAt
    ? { endsAt: own, timeoutCode: 'SUBREQUEST_TIMEOUT' }
    : { endsAt: operationEndsAt, timeoutCode: 'OPERATION_TIMEOUT' };
}

/** How many milliseconds are left. @throws SubrequestFailure when none are. */
export function remaining({ endsAt, timeoutCode }: Deadline): number {
  const left = endsAt - performance.now();
  if (left <= 0) throw new SubrequestFailure(timeoutCode, 'no time was left to ask');
  return left;
}
