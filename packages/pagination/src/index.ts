export { toConnection, type Connection } from './connection.ts';
export {
  keysetQuery,
  type Keyset,
  type KeysetColumn,
  type KeysetQuery,
  type KeysetValues,
} from './keyset.ts';
export {
  InvalidPageError,
  parsePageArguments,
  type PageArguments,
  type PageRequest,
} from './page-request.ts';
