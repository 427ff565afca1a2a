/** The rows that a statement written by hand answered with: every driver has them, and the type of a handle for all drivers does not say so. */
export function rowsOf(result: unknown): readonly unknown[] {
  return (result as { readonly rows: readonly unknown[] }).rows;
}
