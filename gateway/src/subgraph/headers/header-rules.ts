import { z } from 'zod';
import { problemOfForwardHeaders } from './forward-headers.ts';

/** For which subgraphs a rule is, by name. All when absent. */
interface ForSubgraphs {
  readonly subgraphs?: readonly string[] | undefined;
}

/** Gives a subgraph a header of the client's, under its name or another; a fixed value when the client sent none. */
export interface PropagateRequestHeader extends ForSubgraphs {
  readonly propagate: string;
  readonly as?: string | undefined;
  readonly fallback?: string | undefined;
}

/** Gives a subgraph a header with a fixed value, whatever the client sent. */
export interface InsertRequestHeader extends ForSubgraphs {
  readonly insert: string;
  readonly value: string;
}

/** Takes a header away that `forwardHeaders` or a rule before this one gave. */
export interface RemoveRequestHeader extends ForSubgraphs {
  readonly remove: string;
}

/** A rule for the headers of requests to subgraphs. Rules are applied in order, after `forwardHeaders`. */
export type RequestHeaderRule = PropagateRequestHeader | InsertRequestHeader | RemoveRequestHeader;

/**
 * A rule for the headers of responses: the client is given a header of the subgraphs that answered its query or mutation. Of several values it is given
 * the one that came first, the one that came last, or all of them; of `cache-control`, which has to be merged by `most-restrictive`, what
 * holds for all of them: no value, or a subgraph that failed, is `no-store`.
 */
export interface ResponseHeaderRule extends ForSubgraphs {
  readonly propagate: string;
  readonly merge: 'first' | 'last' | 'append' | 'most-restrictive';
}

/** Which headers travel between clients and subgraphs. */
export interface HeaderRules {
  readonly request?: readonly RequestHeaderRule[] | undefined;
  readonly response?: readonly ResponseHeaderRule[] | undefined;
}

const name = z
  .string()
  .regex(/^[\w-]+$/, 'must be the name of a header')
  .toLowerCase();
// What HTTP takes for a value (RFC 9110, section 5.5), and no line breaks in particular.
const value = z.string().regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII');
const subgraphs = z.array(z.string().min(1)).min(1).optional();
const sent = name.superRefine((header, context) => {
  const problem = problemOfForwardHeaders([header]);
  if (problem !== undefined) context.addIssue(problem);
});

/** Headers of a response that are about the one message which had them, or that the gateway answers for. */
const ofOneMessage = new Set([
  ...[
    'connection',
    'content-encoding',
    'content-length',
    'content-range',
    'content-type',
    'date',
    'keep-alive',
  ],
  ...['proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'vary', 'x-correlation-id'],
]);
const told = name.refine((header) => !ofOneMessage.has(header) && !header.startsWith('access-control-'), {
  error: 'is a header that the gateway answers for itself',
});

const requestRules = {
  propagate: z.strictObject({ propagate: sent, as: sent.optional(), fallback: value.optional(), subgraphs }),
  insert: z.strictObject({ insert: sent, value, subgraphs }),
  remove: z.strictObject({ remove: name, subgraphs }),
};

/** Not a union of the three: of those, zod says only that none fits. */
const requestRule = z.record(z.string(), z.unknown()).transform((rule, context): RequestHeaderRule => {
  const kind = (['propagate', 'insert', 'remove'] as const).find((key) => key in rule) ?? 'propagate';
  const checked = requestRules[kind].safeParse(rule);
  if (checked.success) return checked.data;
  for (const { path, message } of checked.error.issues)
    context.addIssue(`${path.join('.')} ${message}`.trim());
  return z.NEVER;
});

/** Rules as an operator writes them. */
export const headerRulesSchema = z.strictObject({
  request: z.array(requestRule).optional(),
  response: z
    .array(
      z
        .strictObject({
          propagate: told,
          merge: z.enum(['first', 'last', 'append', 'most-restrictive']),
          subgraphs,
        })
        .refine(
          ({ propagate, merge }) => (propagate === 'cache-control') === (merge === 'most-restrictive'),
          {
            error: '`most-restrictive` is for cache-control, and cache-control is merged by nothing else',
          },
        ),
    )
    .optional(),
});

/** @returns the rules with the names of headers in lower case. @throws TypeError that says which rule does not fit. */
export function checkHeaderRules(rules: HeaderRules): HeaderRules {
  const checked = headerRulesSchema.safeParse(rules);
  if (checked.success) return checked.data;
  throw new TypeError(`the rules for headers do not fit: ${z.prettifyError(checked.error)}`);
}

/** Every subgraph that a rule names. */
export function subgraphsOf({ request = [], response = [] }: HeaderRules): string[] {
  return [...request, ...response].flatMap((rule) => rule.subgraphs ?? []);
}
