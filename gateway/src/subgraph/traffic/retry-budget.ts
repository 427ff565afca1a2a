/**
 * How many retries a subgraph can bear. Each request earns a part of one, and each retry costs one; without this, every client's retries would
 * come on top of the requests that a subgraph under load fails already (gRFC A6, "Throttling Retry Attempts").
 */
export interface RetryBudget {
  earn(): void;
  /** @returns whether there was one left. */
  spend(): boolean;
}

/** Retries that may be made in a row when many requests went well before. */
const most = 10;
/** In a lasting outage, one retry for this many requests. */
const requestsForOne = 10;

export function createRetryBudget(): RetryBudget {
  // In tenths of a retry: whole numbers do not drift.
  let saved = most * requestsForOne;
  return {
    earn() {
      if (saved < most * requestsForOne) saved += 1;
    },
    spend() {
      if (saved < requestsForOne) return false;
      saved -= requestsForOne;
      return true;
    },
  };
}
