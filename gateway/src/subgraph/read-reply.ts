import { isAscii } from 'node:buffer';
import { httpFailure, isSuccess, type JsonReply } from './json-exchange.ts';
import { parseJson, readSubgraphResult, type SubgraphResult } from './subgraph-result.ts';
import { isTransientStatus, SubrequestFailure } from './subrequest-failure.ts';

/** A result together with how it was written. */
export interface ReadResult extends SubgraphResult {
  /** Whether its text held a backslash. If not, none of its strings needs one when it is written again. */
  readonly escaped: boolean;
  /** Whether its text held nothing but ASCII. */
  readonly ascii: boolean;
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
export function readReply({ status, body, retryAfterMs }: JsonReply): ReadResult {
  const ascii = isAscii(body);
  const text = body.toString(ascii ? 'latin1' : 'utf8');
  if (isSuccess(status)) {
    const escaped = text.includes('\\');
    const { data, errors } = readSubgraphResult(parseJson(text));
    return { data, errors, escaped, ascii };
  }
  const failure = httpFailure(status, retryAfterMs);
  // Whoever redirects has not served the request, whatever else it says.
  if (status >= 300 && status <= 399) throw failure;
  // A refusal may still be a GraphQL response, whose errors say more than the status (GraphQL over HTTP, section 6.4).
  let answer: ReadResult;
  try {
    answer = { ...readSubgraphResult(parseJson(text)), escaped: true, ascii: false };
  } catch {
    throw failure;
  }
  if (isTransientStatus(status)) throw new AnsweredFailure(failure, answer);
  return answer;
}
