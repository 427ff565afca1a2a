import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import type { SigningKey } from '@trellis/auth';
import { healthRoutes, type Logger, type Readiness } from '@trellis/lifecycle';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { RequestContext } from '../request-context.ts';
import { correlationHeader, correlationIdFrom } from '../telemetry/correlation.ts';
import { answerError } from './answer-error.ts';
import { cors } from './cors.ts';
import { limitBatches } from './batches.ts';
import { explorer, explorerPath } from './explorer.ts';
import type { MakeContext } from './http-context.ts';
import { UnreadableBody, type JsonBody } from './json-body.ts';
import { keySetRoute } from './key-set-route.ts';
import { negotiate } from './negotiate.ts';
import { streamAnswers } from './stream-answers.ts';
import type { StreamedOperations } from './streamed-operations.ts';

/** The path that takes operations, over every transport. */
export const graphqlPath = '/graphql';

export interface HttpAppParts {
  readonly apollo: ApolloServer<RequestContext>;
  readonly operations: StreamedOperations;
  readonly makeContext: MakeContext;
  /** Serves the event streams that carry several operations. */
  readonly sharedEventStreams: RequestHandler;
  readonly readiness: () => Promise<Readiness>;
  readonly signingKey: SigningKey | undefined;
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** What pages of other origins may read, see `exposedHeaders`. */
  readonly exposedHeaders: string;
  readonly explorer: boolean;
  readonly exampleQuery: string | undefined;
  readonly jsonBody: JsonBody;
  /** How many operations one request may hold; 0 refuses every list. */
  readonly batchLimit: number;
  readonly logger: Logger;
}

/** Every route of the gateway. */
export function createHttpApp(parts: HttpAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // Before all else: whatever answers or logs below reads the correlation id from the response.
  app.use((request, response, next) => {
    response.setHeader(correlationHeader, correlationIdFrom(request.get(correlationHeader)));
    next();
  });
  app.use(healthRoutes(parts.readiness));
  if (parts.signingKey !== undefined) app.use(keySetRoute(parts.signingKey));
  app.use(cors(parts.isAllowedOrigin, parts.exposedHeaders));
  if (parts.explorer) {
    app.get('/', (_request, response) => response.redirect(302, graphqlPath));
    app.get(
      explorerPath,
      explorer({ endpoint: graphqlPath, title: 'Trellis explorer', defaultQuery: parts.exampleQuery }),
    );
  }
  // In this order: a body has to have been read to be looked at. Who names a shared stream is answered there, whatever they accept. Streams are chosen by `Accept` as it
  // came, which `negotiate` rewrites for Apollo Server. That comes last: it has no bound for batches, and looks at what is accepted when all is executed.
  app.use(
    graphqlPath,
    (_request, response, next) => {
      // Answers depend on who asks; a cache between here and there must not give them to somebody else.
      response.setHeader('cache-control', 'no-store');
      next();
    },
    parts.jsonBody.middleware,
    parts.sharedEventStreams,
    streamAnswers(parts.operations, parts.makeContext),
    limitBatches(parts.batchLimit),
    negotiate(parts.explorer),
    expressMiddleware(parts.apollo, { context: parts.makeContext }),
  );
  app.use((_request, response) => {
    answerError(response, 404, 'NOT_FOUND', 'Nothing is served here: operations go to /graphql.');
  });
  app.use(lastResort(parts.logger));
  return app;
}

/** Answers what failed before any GraphQL: a body that is no JSON, and the gateway's own faults. */
function lastResort(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      logger.error(
        { err: error, correlationId: response.getHeader(correlationHeader) },
        'a response broke off',
      );
      response.destroy();
      return;
    }
    const { status } = error as { status?: unknown };
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const advice = error instanceof UnreadableBody ? `: ${error.message}` : '';
      answerError(response, status, 'BAD_REQUEST', `The request could not be read${advice}.`);
    } else {
      logger.error({ err: error, correlationId: response.getHeader(correlationHeader) }, 'a request failed');
      answerError(response, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
    }
  };
}
