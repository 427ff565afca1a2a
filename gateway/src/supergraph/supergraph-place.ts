import { z } from 'zod';

/** Whether a supergraph's place is a URL, and not a file. */
export function isUrl(place: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(place);
}

/** Where a supergraph is: the path of a file, or a URL. */
export const supergraphPlace = z
  .string()
  .min(1)
  .refine((place) => !isUrl(place) || (URL.canParse(place) && /^https?:$/.test(new URL(place).protocol)), {
    error: 'must be the path of a file, or a URL that begins with http:// or https://',
  });
