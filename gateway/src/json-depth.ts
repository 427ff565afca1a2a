/**
 * Lists and objects within each other, of a client's variables and of a subgraph's answer. Whatever walks deeper values by recursion, `JSON.stringify`
 * among it, overflows the stack at some point; no data that is meant comes near this.
 */
export const maxJsonDepth = 1_000;

/** Whether a value nests deeper than `maxJsonDepth`. It descends no further than that itself. */
export function isTooDeepJson(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === maxJsonDepth) return true;
  for (const within of Object.values(value)) if (isTooDeepJson(within, depth + 1)) return true;
  return false;
}

const [quote, backslash] = Array.from('"\\', (letter) => letter.charCodeAt(0));
const [openList, closeList, openObject, closeObject] = Array.from('[]{}', (letter) => letter.charCodeAt(0));

/** The same of a value that is still JSON text, without making the value. Of text that is not JSON it says anything. */
export function isTooDeepText(text: string): boolean {
  // Nearly all texts are too short to nest that deep.
  if (text.length <= 2 * maxJsonDepth) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const letter = text.charCodeAt(index);
    if (letter === quote) index = endOfString(text, index);
    else if (letter === openList || letter === openObject) {
      depth += 1;
      if (depth > maxJsonDepth) return true;
    } else if (letter === closeList || letter === closeObject) depth -= 1;
  }
  return false;
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  // Long strings are most of a long text, and are gone through faster by Node.
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    // A quote behind an even number of backslashes is not escaped.
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
