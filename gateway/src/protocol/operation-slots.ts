import { GraphQLError } from 'graphql';
import type { StreamedAnswer } from '../execution/result-stream.ts';

/** How many operations one connection may have. */
const maxOperations = 100;

/** Bounds how many operations of one connection are under way. */
export interface OperationSlots {
  /**
   * Runs an operation. It is counted until it is over, also when its client has given it up: a mutation goes on all the same.
   * @throws GraphQLError when too many are under way.
   */
  run(start: () => Promise<StreamedAnswer>): Promise<StreamedAnswer>;
}

/** @param connection what the client calls it: `A socket`. */
export function createOperationSlots(connection: string): OperationSlots {
  let taken = 0;
  const free = (): void => void (taken -= 1);
  return {
    async run(start) {
      if (taken >= maxOperations)
        throw new GraphQLError(`${connection} may have ${maxOperations} operations open.`, {
          extensions: { code: 'TOO_MANY_OPERATIONS' },
        });
      taken += 1;
      try {
        const answer = await start();
        if (answer.kind === 'stream') void answer.stream.ended.then(free);
        else free();
        return answer;
      } catch (error) {
        free();
        throw error;
      }
    },
  };
}
