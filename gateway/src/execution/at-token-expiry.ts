/** Timers take no more than this; a token that lives longer is looked at again then. */
const longestTimer = 2 ** 31 - 1;

/** Calls back when a token ends. @param expiresAt milliseconds since the epoch; without it, never. */
export function atTokenExpiry(expiresAt: number | undefined, callback: () => void): { cancel(): void } {
  if (expiresAt === undefined) return { cancel: () => {} };
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = expiresAt - Date.now();
    if (left <= 0) callback();
    else timer = setTimeout(wait, Math.min(left, longestTimer));
  };
  timer = setTimeout(wait, 0);
  return { cancel: () => clearTimeout(timer) };
}
