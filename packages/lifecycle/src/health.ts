import type { Router } from 'express';
import express from 'express';

/** `degraded`: serves, though something that it works with is down. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** How one thing that a service needs is doing. `detail` is for people and never holds an address or a secret. */
export interface CheckResult {
  readonly status: HealthStatus;
  readonly detail?: string;
  /** The checks of its own, when it is a service that has such. */
  readonly checks?: Readonly<Record<string, CheckResult>>;
}

/** A named check; it answers, it does not throw, and a check slower than two seconds counts as down. */
export type HealthChecks = Readonly<Record<string, () => Promise<CheckResult> | CheckResult>>;

/** The body of `GET /health/ready`. */
export interface Readiness {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/**
 * Runs every check side by side.
 * @param required what the service cannot serve without: one that is down takes the service out of the load balancer.
 * @param informative what it works with and can do without for a while. They are shown and make it `degraded`, no more: otherwise one
 * broker that is away would take every service with it, and the gateway in front of them.
 */
export async function runChecks(required: HealthChecks, informative: HealthChecks = {}): Promise<Readiness> {
  const [decisive, shown] = await Promise.all([runAll(required), runAll(informative)]);
  const checks = { ...decisive, ...shown };
  if (Object.values(decisive).some(({ status }) => status === 'down')) return { status: 'down', checks };
  const wellAll = Object.values(checks).every(({ status }) => status === 'up');
  return { status: wellAll ? 'up' : 'degraded', checks };
}

async function runAll(checks: HealthChecks): Promise<Record<string, CheckResult>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function runCheck(check: HealthChecks[string]): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', detail: 'no answer in 2 s' }), 2_000);
  });
  try {
    return await Promise.race([Promise.resolve(check()), tooSlow]);
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.name : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Readiness that is down as soon as the process begins to stop, whatever its checks say: what balances the load goes elsewhere while the
 * requests in hand are finished.
 */
export function readyUntil(
  isStopping: () => boolean,
  readiness: () => Promise<Readiness>,
): () => Promise<Readiness> {
  const stopping: Readiness = {
    status: 'down',
    checks: { process: { status: 'down', detail: 'is stopping' } },
  };
  return async () => {
    if (isStopping()) return stopping;
    const result = await readiness();
    return isStopping() ? stopping : result;
  };
}

/**
 * `GET /health/live`: 200 while the process can answer at all. `GET /health/ready`: 200 when it can serve, `up` or `degraded`, else
 * 503; the body is a {@link Readiness}. Liveness asks no dependency, because restarting this process cannot mend another.
 */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = express.Router();
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'up' });
  });
  router.get('/health/ready', async (_request, response) => {
    const result = await readiness();
    response.status(result.status === 'down' ? 503 : 200).json(result);
  });
  return router;
}
