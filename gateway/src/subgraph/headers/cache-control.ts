/**
 * What may be done with a response that was made of several: only what may be done with each of them (RFC 9111, section 5.2.2).
 * @param values their `cache-control` headers; undefined for one that had none, which says nothing that a cache could rely on.
 */
export function mostRestrictive(values: readonly (string | undefined)[]): string {
  const all = values.map(directivesOf);
  const some = (directive: string): boolean => all.some((directives) => directives.has(directive));
  if (all.length === 0 || some('no-store')) return 'no-store';
  const seconds = (directive: string): number =>
    Math.min(...all.map((directives) => Number(directives.get(directive) ?? 0) || 0));
  const everyShared = all.every((directives) => directives.has('s-maxage'));
  return [
    `max-age=${seconds('max-age')}`,
    ...(everyShared && !some('private') ? [`s-maxage=${seconds('s-maxage')}`] : []),
    ...['no-cache', 'must-revalidate'].filter(some),
    ...(some('private') ? ['private'] : []),
    ...(all.every((directives) => directives.has('public')) ? ['public'] : []),
  ].join(', ');
}

function directivesOf(value: string | undefined): ReadonlyMap<string, string> {
  if (value === undefined) return new Map([['no-store', '']]);
  return new Map(
    value.split(',').map((directive) => {
      const [name = '', argument = ''] = directive.trim().toLowerCase().split('=');
      return [name, argument.replaceAll('"', '')];
    }),
  );
}
