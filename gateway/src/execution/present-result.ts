import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { RequestContext } from '../request-context.ts';

/** Logs what went wrong and masks what a client must not see. */
export type PresentResult = (result: ExecutionResult, context: RequestContext) => FormattedExecutionResult;
