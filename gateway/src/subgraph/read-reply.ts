import { httpFailure, isSuccess, type JsonReply } from './json-exchange.ts';
import { parseJson, readSubgraphResult, type SubgraphResult } from './subgraph-result.ts';
import { isTransientStatus, SubrequestFailure } from './subrequest-failure.ts';

/** A result together with how it was written. */
export interface ReadResult extends SubgraphResult {
  /** Whether its text held a backslash. If not, none of its strings needs one when it is written again. */
  readonly escaped: boolean;
}

/** A status that says to ask again, with a GraphQL response that says more: it counts when asking again does not help. */
export class AnsweredFailure extends SubrequestFailure {
  readonly answer: ReadResult;
  constructor({ code, reason, details }: SubrequestFailure, answer: ReadResult) {
    super(code, reason, details);
    this.answer = answer;
  }
}

/** @throws SubrequestFailure when the reply is no GraphQL response, AnsweredFailure when it may be worth asking again. */
export function readReply({ status, text, retryAfterMs }: JsonReply): ReadResult {
  if (isSuccess(status)) return { ...readSubgraphResult(parseJson(text)), escaped: text.includes('\\') };
  const failure = httpFailure(status, retryAfterMs);
  // A refusal may still be a GraphQL response, whose errors say more than the status (GraphQL over HTTP, section 6.4).
  let answer: ReadResult;
  try {
    answer = { ...readSubgraphResult(parseJson(text)), escaped: true };
  } catch {
    throw failure;
  }
  if (isTransientStatus(status)) throw new AnsweredFailure(failure, answer);
  return answer;
}
