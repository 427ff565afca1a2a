import { createAborting, type LeaveSignal } from '../execution/aborting.ts';
import { remaining } from '../subgraph/deadline.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';

/**
 * Waits for work until a caller leaves or its operation has no time left.
 * @param deadlineAt on the clock of `performance.now()`; without it, the caller waits for as long as it stays.
 * @param wait gives up, with the signal's reason, when the signal that it is given is aborted.
 * @throws SubrequestFailure OPERATION_TIMEOUT when the time is up; the signal's reason when that is aborted; else whatever `wait` throws.
 */
export async function untilDeadline<T>(
  { signal, deadlineAt }: { readonly signal: LeaveSignal; readonly deadlineAt?: number | undefined },
  wait: (signal: LeaveSignal) => Promise<T>,
): Promise<T> {
  if (deadlineAt === undefined) return wait(signal);
  signal.throwIfAborted();
  const leftMs = remaining({ endsAt: deadlineAt, timeoutCode: 'OPERATION_TIMEOUT' });
  const own = createAborting();
  const leave = (): void => own.abort(signal.reason);
  const timeOut = (): void =>
    own.abort(new SubrequestFailure('OPERATION_TIMEOUT', `no answer in ${Math.round(leftMs)} ms`));
  const timer = setTimeout(timeOut, leftMs);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await wait(own.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
