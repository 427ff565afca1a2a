export { createTrellisClient, type TrellisClient, type TrellisClientOptions } from './trellis-client.ts';
export { followOrder, type FollowOrderOptions } from './follow-order.ts';
export { GraphQLRequestError, TransportError } from './errors.ts';
// The generated file is the list of the operations in `operations/`; a second list here would have to be kept by hand.
export * from './generated/graphql.ts';
