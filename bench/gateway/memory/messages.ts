import type { GatewayOptions } from '../../../gateway/src/index.ts';
import type { MemoryInUse } from './memory-in-use.ts';

/** What the gateway's process is told. */
export type ToServer =
  | {
      readonly kind: 'start';
      readonly supergraphSdl: string;
      readonly options: Pick<GatewayOptions, 'subgraphUrls' | 'subgraphs'>;
    }
  | { readonly kind: 'swap'; readonly swap: number }
  | { readonly kind: 'measure' };

/** What it answers, one for one. */
export type FromServer =
  | { readonly kind: 'serves'; readonly url: string }
  | { readonly kind: 'swapped' }
  | ({ readonly kind: 'measured' } & MemoryInUse);
