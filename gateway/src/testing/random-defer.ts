import {
  Kind,
  parse,
  print,
  visit,
  type DirectiveNode,
  type InlineFragmentNode,
  type SelectionNode,
} from 'graphql';
import { createRandom } from './random.ts';

const withoutDefer = (selection: SelectionNode): SelectionNode =>
  visit(selection, { Directive: ({ name }) => (name.value === 'defer' ? null : undefined) });

/**
 * Defers here and there in an operation: fields by twos and threes, fragments that were there, deferred fragments within deferred fragments; some depend on
 * variables, and some defer what is selected beside them too. The same for a seed.
 * @param conditions names of the operation's boolean variables.
 */
export function deferRandomly(query: string, seed: number, conditions = ['yes', 'no']): string {
  const random = createRandom(seed ^ 0x5eed);
  let labels = 0;
  const deferred = (): DirectiveNode => {
    const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
    const argument = (key: string, value: DirectiveNode['arguments'] extends undefined ? never : unknown) =>
      ({ kind: Kind.ARGUMENT, name: name(key), value }) as NonNullable<DirectiveNode['arguments']>[number];
    const decided = random.pick(['always', 'always', 'always', ...conditions]);
    return {
      kind: Kind.DIRECTIVE,
      name: name('defer'),
      arguments: [
        ...(random.chance(0.7) ? [argument('label', { kind: Kind.STRING, value: `l${labels++}` })] : []),
        ...(decided === 'always' ? [] : [argument('if', { kind: Kind.VARIABLE, name: name(decided) })]),
      ],
    };
  };
  const document = visit(parse(query, { noLocation: true }), {
    InlineFragment: {
      leave: (fragment): InlineFragmentNode | undefined =>
        random.chance(0.3)
          ? { ...fragment, directives: [...(fragment.directives ?? []), deferred()] }
          : undefined,
    },
    SelectionSet: {
      leave(selectionSet) {
        if (!random.chance(0.4)) return undefined;
        const later = selectionSet.selections.filter(() => random.chance(0.4));
        if (later.length === 0) return undefined;
        const now = selectionSet.selections.flatMap((selection) => {
          if (!later.includes(selection)) return [selection];
          // Labels are unique, so what is asked for twice is not deferred twice.
          return random.chance(0.2) ? [withoutDefer(selection)] : [];
        });
        const fragment: SelectionNode = {
          kind: Kind.INLINE_FRAGMENT,
          directives: [deferred()],
          selectionSet: { kind: Kind.SELECTION_SET, selections: later },
        };
        return { ...selectionSet, selections: [...now, fragment] };
      },
    },
  });
  return print(document);
}
