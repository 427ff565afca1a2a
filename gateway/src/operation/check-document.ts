import { createHash } from 'node:crypto';
import { GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { findInvalid, rememberInvalid } from './invalid-documents.ts';
import { isTooDeep, operationTooLarge } from './operation-size.ts';
import { overlapsTooMuch } from './overlapping-fields.ts';
import { validationRules } from './subscription-root-rule.ts';

/** A document of more tokens than this is refused before it is parsed to its end: parsing and validating it would hold up everybody. */
export const maxDocumentTokens = 20_000;

/** A document that may be executed against the generation it was checked with, or why not. */
export type CheckedDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode }
  | { readonly kind: 'invalid'; readonly errors: readonly GraphQLError[] };

/** The name under which a document's text is cached. */
export function documentKey(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

/**
 * Parses and validates, once for each text and generation. For operations that do not come through Apollo Server, which does the
 * same for those that do.
 * @param hideSuggestions leaves out of errors what of the schema comes close to a misspelt name. The same for all documents of a generation.
 */
export function checkDocument(
  generation: Generation,
  source: string,
  hideSuggestions = false,
): CheckedDocument {
  const key = documentKey(source);
  const known = generation.documents.get(key);
  if (known !== undefined) return { kind: 'valid', document: known };
  const errors = findInvalid(generation.invalid, key);
  if (errors !== undefined) return { kind: 'invalid', errors };
  const checked = check(generation, key, source, hideSuggestions);
  if (checked.kind === 'valid') generation.documents.set(key, checked.document);
  return checked;
}

/** Whether validating a document would hold up everybody. To find out is cheap, however large it is. */
export function isTooLargeToValidate(document: DocumentNode): boolean {
  return isTooDeep(document) || overlapsTooMuch(document);
}

function check(
  generation: Generation,
  key: string,
  source: string,
  hideSuggestions: boolean,
): CheckedDocument {
  let document: DocumentNode;
  let errors: readonly GraphQLError[];
  try {
    document = parse(source, { maxLexicalTokens: maxDocumentTokens });
    if (isTooLargeToValidate(document)) return { kind: 'invalid', errors: [operationTooLarge()] };
    errors = validate(generation.apiSchema, document, validationRules, { hideSuggestions });
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'invalid', errors: [operationTooLarge()] };
    if (!(error instanceof GraphQLError)) throw error;
    return { kind: 'invalid', errors: [withCode(error, 'GRAPHQL_PARSE_FAILED')] };
  }
  if (errors.length === 0) return { kind: 'valid', document };
  const invalid = errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  rememberInvalid(generation.invalid, key, invalid);
  return { kind: 'invalid', errors: invalid };
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code },
  });
}
