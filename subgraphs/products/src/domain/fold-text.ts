/**
 * Prepares a text to be compared as people compare: without regard to case, accents and forms of writing (`Café` is `cafe`). Done
 * here and not by the database, so that search and order do not depend on a database's locale.
 */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The folded words of a search; white space separates them. */
export function searchWords(text: string): string[] {
  return foldText(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}
