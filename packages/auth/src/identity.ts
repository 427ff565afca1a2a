/** On whose behalf a request is made, as far as the platform knows. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      /** The `sub` claim. */
      readonly userId: string;
      /** The `roles` claim. */
      readonly roles: readonly string[];
      /** The `sid` claim: which login this is. */
      readonly sessionId?: string;
    };

/** Nobody in particular. */
export const anonymous: Identity = { kind: 'anonymous' };
