import { setTimeout as delay } from 'node:timers/promises';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import type { Front } from './front.ts';
import type { OpenedSupergraph } from './open-supergraph.ts';
import { createWaitingApp } from './protocol/waiting-app.ts';
import { NotComposedError } from './supergraph/introspection-source.ts';
import type { SupergraphStore } from './supergraph/supergraph-store.ts';

/** What serves, or waits to. */
export interface Serving extends Stoppable {
  hasBegun(): boolean;
}

interface ServeOrWait extends OpenedSupergraph {
  /** Serves a supergraph behind the front. */
  readonly serve: (store: SupergraphStore) => Promise<Stoppable>;
  readonly front: Front;
  /** How long after a failure the supergraph is tried again; absent: it is not. */
  readonly retryMs: number | undefined;
  readonly logger: Logger;
  readonly isStopping: () => boolean;
}

/**
 * Serves the supergraph that is there. Where there is none and its source may have one in a moment, it answers at the front that it waits, and
 * goes on trying; so a gateway may be started before its subgraphs.
 * @throws what keeps it from serving when that is not waited for.
 */
export async function serveOrWait(options: ServeOrWait): Promise<Serving> {
  let store: SupergraphStore;
  try {
    store = await options.load();
  } catch (error) {
    if (options.retryMs === undefined) throw error;
    return wait(options, options.retryMs, error);
  }
  const { stop } = await options.serve(store);
  return { hasBegun: () => true, stop };
}

async function wait(options: ServeOrWait, retryMs: number, problem: unknown): Promise<Serving> {
  const { load, serve, front, logger, signingKey, isStopping } = options;
  let latest = problem;
  let told: string | undefined;
  const tell = (error: unknown): void => {
    latest = error;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== told) logger.warn(`${message}; the gateway waits`);
    told = message;
  };
  tell(problem);
  const reason = (): string =>
    latest instanceof NotComposedError ? latest.detail : 'cannot be served; the log says why';
  await front.answerBy(createWaitingApp({ signingKey, isStopping, reason }));

  const leave = new AbortController();
  let hasBegun = false;
  let serving: Promise<Stoppable> | undefined;
  const tryToServe = async (): Promise<void> => {
    const store = await load();
    if (leave.signal.aborted) return;
    await (serving = serve(store));
    hasBegun = true;
    logger.info('the supergraph is there, and the gateway serves');
  };
  const tryOn = async (): Promise<void> => {
    while (!hasBegun && !leave.signal.aborted) {
      await delay(retryMs, undefined, { signal: leave.signal }).catch(() => {});
      if (!leave.signal.aborted) await tryToServe().catch(tell);
    }
  };
  void tryOn();
  return {
    hasBegun: () => hasBegun,
    async stop() {
      leave.abort();
      // A load is given up with the connections. What has begun to serve has to be there before it can be stopped.
      const begun = await serving?.catch(() => undefined);
      await begun?.stop();
    },
  };
}
