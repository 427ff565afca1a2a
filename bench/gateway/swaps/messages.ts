import type { MemoryInUse } from '../memory-in-use.ts';

/** What the gateway's process is told. */
export type ToServer =
  | {
      readonly kind: 'start';
      readonly supergraphSdl: string;
      readonly subgraphUrls: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'swap'; readonly swap: number }
  | { readonly kind: 'measure' };

/** What it answers, one for one. */
export type FromServer =
  | { readonly kind: 'serves'; readonly url: string }
  | { readonly kind: 'swapped' }
  | ({ readonly kind: 'measured' } & MemoryInUse);
