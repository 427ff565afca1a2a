import type { SigningKey } from '@trellis/auth';
import { healthRoutes, readyUntil } from '@trellis/lifecycle';
import express, { type Express } from 'express';
import { answerError } from './answer-error.ts';
import { keySetRoute } from './key-set-route.ts';

/** What a gateway answers that has no supergraph yet: how it is, the key that subgraphs know it by, and 503 to everything else. */
export function createWaitingApp(options: {
  readonly signingKey: SigningKey | undefined;
  readonly isStopping: () => boolean;
  /** Why there is none, in words for everybody. */
  readonly reason: () => string;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(
    healthRoutes(
      readyUntil(options.isStopping, async () => ({
        status: 'down',
        checks: { supergraph: { status: 'down', detail: options.reason() } },
      })),
    ),
  );
  if (options.signingKey !== undefined) app.use(keySetRoute(options.signingKey));
  app.use((_request, response) => {
    response.setHeader('retry-after', '2');
    response.setHeader('cache-control', 'no-store');
    answerError(
      response,
      503,
      'SUPERGRAPH_UNAVAILABLE',
      'The gateway has no supergraph yet. Try again soon.',
    );
  });
  return app;
}
