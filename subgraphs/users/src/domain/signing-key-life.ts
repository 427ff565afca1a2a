/**
 * The life of a signing key: published, then signing, then only published, then gone. A key is published for a while before it signs, so
 * that whoever keeps the key set for some minutes knows it when its first token comes; and after its successor took over, until
 * the last token that it signed has ended.
 */
export interface SigningKeyLife {
  readonly kid: string;
  /** It signs from here on, until a younger key does. */
  readonly activeFrom: Date;
  /** It is published until here; null while it has no successor. */
  readonly retiresAt: Date | null;
}

const minute = 60_000;

/** How long a key is published before it signs: longer than any party keeps the set, and than a replica takes to notice the key. */
export const leadMs = 15 * minute;

/** How long a key stays published after its successor signs: an access token's 15 minutes, and time for a replica that lagged. */
export const overlapMs = 60 * minute;

/**
 * The key to sign with now: of those that may, the youngest; of several that begin at the same moment, the one that is published the
 * longest, since a token of any other could outlive its key. Undefined when there is none.
 */
export function signingKeyAt<K extends SigningKeyLife>(keys: readonly K[], now: Date): K | undefined {
  return keys
    .filter((key) => key.activeFrom <= now)
    .reduce<K | undefined>(
      (best, key) => (best === undefined || isYounger(key, best) ? key : best),
      undefined,
    );
}

function isYounger(key: SigningKeyLife, other: SigningKeyLife): boolean {
  const ahead = key.activeFrom.getTime() - other.activeFrom.getTime();
  return ahead > 0 || (ahead === 0 && publishedUntil(key) > publishedUntil(other));
}

const publishedUntil = (key: SigningKeyLife): number => key.retiresAt?.getTime() ?? Infinity;

/** The keys that verifiers are to know now. */
export function publishedKeysAt<K extends SigningKeyLife>(keys: readonly K[], now: Date): K[] {
  return keys.filter((key) => key.retiresAt === null || key.retiresAt > now);
}

/** Whether the youngest key is so old that a successor is due, or there is none at all. */
export function isRotationDue(keys: readonly SigningKeyLife[], now: Date, maxAgeMs: number): boolean {
  return keys.every((key) => key.activeFrom.getTime() + maxAgeMs <= now.getTime());
}

/** When a new key begins to sign, and when its predecessors leave the set. */
export interface Rotation {
  readonly activeFrom: Date;
  readonly predecessorsRetireAt: Date;
}

/** Plans a rotation. The very first key signs at once: nobody holds a key set without it. */
export function planRotation(keys: readonly SigningKeyLife[], now: Date): Rotation {
  const first = keys.length === 0;
  const activeFrom = new Date(now.getTime() + (first ? 0 : leadMs));
  return { activeFrom, predecessorsRetireAt: new Date(activeFrom.getTime() + overlapMs) };
}
