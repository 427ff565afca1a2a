import type { GraphQLError } from 'graphql';
import type { JsonObject } from '../json.ts';
import type { Target } from './target.ts';

/**
 * Remembers which fields of which objects a failed fetch would have brought, so that its error is reported at exactly the fields that are
 * null because of it, with the response path that they have in this operation.
 */
export class FailedFields {
  // Most runs have none: nothing is made before the first.
  #byObject: Map<JsonObject, Map<string, GraphQLError>> | undefined;
  #unreported: Set<GraphQLError> | undefined;

  /** Records fields that are absent because of an error, whose place in the response is not known yet. */
  record(targets: readonly Target[], keys: Iterable<string>, error: GraphQLError): void {
    (this.#unreported ??= new Set()).add(error);
    for (const target of targets) this.recordReported(target, keys, error);
  }

  /** Like `record`, for an error that has been reported at its own place. */
  recordReported({ object }: Target, keys: Iterable<string>, error: GraphQLError): void {
    const byObject = (this.#byObject ??= new Map<JsonObject, Map<string, GraphQLError>>());
    const byKey = byObject.get(object) ?? new Map<string, GraphQLError>();
    byObject.set(object, byKey);
    for (const key of keys) if (!byKey.has(key)) byKey.set(key, error);
  }

  /** The error that a field is absent because of, which counts as reported from now on. */
  report(object: JsonObject, key: string): GraphQLError | undefined {
    const error = this.of(object)?.get(key);
    if (error !== undefined) this.#unreported?.delete(error);
    return error;
  }

  /** The errors that were recorded of an object, by key; they do not count as reported. */
  of(object: JsonObject): ReadonlyMap<string, GraphQLError> | undefined {
    return this.#byObject?.get(object);
  }

  /** Whether it is known of each of some fields why it is absent. */
  explains(object: JsonObject, keys: Iterable<string>): boolean {
    const known = this.of(object);
    return known !== undefined && [...keys].every((key) => known.has(key));
  }

  /** Whether nothing was recorded. */
  isEmpty(): boolean {
    return this.#byObject === undefined && this.#unreported === undefined;
  }

  /** The errors that were reported at no field of the response: they have to be reported without a place. */
  unreported(): GraphQLError[] {
    return [...(this.#unreported ?? [])];
  }
}
