export { failpoint } from './failpoint.ts';
export { failpoints, type FailpointName } from './failpoints.ts';
