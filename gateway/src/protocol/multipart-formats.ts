import type { GraphQLFormattedError } from 'graphql';
import type { PendingFragment } from '../execution/incremental/execute-in-parts.ts';

/**
 * How an answer in parts is written. `deferSpec=20220824` is the proposal of August 2022, which nearly every client that knows `@defer` reads;
 * `incrementalSpec=v0.2` its successor, in which fragments are announced and completed by an id.
 */
export type PartsFormat = 'deferSpec=20220824' | 'incrementalSpec=v0.2';

/**
 * Which format a client takes, by its `Accept` header (RFC 9110, section 12.5.1). One that names no version, as urql does, gets the one that
 * was the only one for years.
 * @returns undefined when it takes no answer in parts; that it takes anything is not enough.
 */
export function partsFormatFor(accept: string | undefined): PartsFormat | undefined {
  return multipartRanges(accept)
    .map(({ parameters }): PartsFormat | undefined => {
      if (parameters.get('incrementalspec') === 'v0.2') return 'incrementalSpec=v0.2';
      if (parameters.get('deferspec') === '20220824') return 'deferSpec=20220824';
      const isVersioned = [...parameters.keys()].some((name) => name.endsWith('spec'));
      return isVersioned ? undefined : 'deferSpec=20220824';
    })
    .find((format) => format !== undefined);
}

/** The `Accept` of a client that takes its answer in one format and in no other way. */
export function partsAlone(format: PartsFormat): string {
  return `multipart/mixed; ${format}`;
}

/** The format of {@link partsAlone}; undefined for any other header. */
export function formatAlone(accept: string | undefined): PartsFormat | undefined {
  const format = partsFormatFor(accept);
  return format !== undefined && accept === partsAlone(format) ? format : undefined;
}

/** Whether a client takes the events of a subscription as parts of one response (Apollo's multipart protocol, version 1.0). */
export function takesMultipartEvents(accept: string | undefined): boolean {
  return multipartRanges(accept).some(({ parameters }) => parameters.get('subscriptionspec') === '1.0');
}

interface MediaRange {
  /** By name in lower case, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** What a header says of `multipart/mixed`, what is liked best first. */
function multipartRanges(accept: string | undefined): MediaRange[] {
  if (accept === undefined || !/multipart\/mixed/i.test(accept)) return [];
  return accept
    .split(',')
    .flatMap((range) => {
      const [type, ...texts] = range.split(';').map((text) => text.trim());
      if (type?.toLowerCase() !== 'multipart/mixed') return [];
      const parameters = new Map(
        texts.map((text): [string, string] => {
          const [name = '', value = ''] = text.split('=');
          return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
        }),
      );
      const quality = Number(parameters.get('q') ?? 1);
      return quality > 0 ? [{ parameters, quality }] : [];
    })
    .sort((a, b) => b.quality - a.quality);
}

/** A delivered fragment whose errors are ready for the client. */
export interface PresentedFragment {
  readonly fragment: PendingFragment;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphQLFormattedError[];
  readonly pending: readonly PendingFragment[];
}

/** What the first part has besides the result. */
export function firstPart(format: PartsFormat, pending: readonly PendingFragment[]): object {
  return format === 'deferSpec=20220824'
    ? { hasNext: true }
    : { pending: pending.map(announced), hasNext: true };
}

/** @returns undefined when there is nothing to write. */
export function laterPart(
  format: PartsFormat,
  fragments: readonly PresentedFragment[],
  hasNext: boolean,
): object | undefined {
  const delivered = fragments.filter(({ data }) => data !== undefined);
  if (format === 'deferSpec=20220824') {
    if (delivered.length === 0) return hasNext ? undefined : { hasNext };
    const incremental = delivered.map(({ fragment: { path, label }, data, errors }) => ({
      data,
      path,
      ...(label === undefined ? {} : { label }),
      ...(errors.length === 0 ? {} : { errors }),
    }));
    return { incremental, hasNext };
  }
  const pending = fragments.flatMap((fragment) => fragment.pending.map(announced));
  const incremental = delivered
    .filter(({ data }) => data !== null)
    .map(({ fragment: { id }, data, errors }) => ({
      id,
      data,
      ...(errors.length === 0 ? {} : { errors }),
    }));
  // A fragment that became null is one that failed as a whole.
  const completed = fragments.map(({ fragment: { id }, data, errors }) => ({
    id,
    ...(data === null ? { errors } : {}),
  }));
  return {
    ...(pending.length === 0 ? {} : { pending }),
    ...(incremental.length === 0 ? {} : { incremental }),
    completed,
    hasNext,
  };
}

function announced({ id, path, label }: PendingFragment): object {
  return { id, path, ...(label === undefined ? {} : { label }) };
}
