import {
  InvalidPageError,
  parsePageArguments,
  type PageArguments,
  type PageRequest,
} from '@trellis/pagination';
import { badArgument } from './errors.ts';

/**
 * Reads the paging arguments of a field and answers with the page.
 * @throws GraphQLError BAD_USER_INPUT, naming the argument, for paging that does not fit and for a cursor of another list.
 */
export async function readPage<T>(args: PageArguments, read: (page: PageRequest) => Promise<T>): Promise<T> {
  try {
    return await read(parsePageArguments(args));
  } catch (error) {
    if (error instanceof InvalidPageError) throw badArgument(error.argument, error.message);
    throw error;
  }
}
