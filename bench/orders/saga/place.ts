/** Where a side of the saga keeps its data: a database by URL, or a directory for an embedded one. */
export interface Place {
  readonly url?: string | undefined;
  readonly directory: string;
}
