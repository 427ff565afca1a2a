import { GraphQLError } from 'graphql';

/** More than any client needs in one operation, and about two seconds of work for one thread at cost 12. */
const maxHashingMutations = 10;

/**
 * Bounds how many mutations of one operation may hash a password: under aliases a single request could ask for thousands, and keep others
 * from logging in for minutes.
 * @returns called before each of them. @throws GraphQLError OPERATION_TOO_LARGE from the eleventh on.
 */
export function limitHashing(): () => void {
  let taken = 0;
  return () => {
    taken++;
    if (taken <= maxHashingMutations) return;
    throw new GraphQLError(
      `An operation may hold at most ${maxHashingMutations} logins, registrations and changes of a password.`,
      { extensions: { code: 'OPERATION_TOO_LARGE' } },
    );
  };
}
