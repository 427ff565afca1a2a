declare const brand: unique symbol;

/** A UUID in lower case that names a thing of one kind: `type OrderId = Id<'order'>`. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads an id that came from outside.
 * @returns undefined for a text that is no UUID: nothing is known under it, and PostgreSQL would answer with an error.
 */
export function readId<T extends string = string>(text: string): T | undefined {
  // UUIDs compare without regard to case (RFC 9562, section 4); we keep the lower one.
  const lower = text.toLowerCase();
  return uuid.test(lower) ? (lower as T) : undefined;
}
