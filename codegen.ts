import type { CodegenConfig } from '@graphql-codegen/cli';

/** Options that every generated file shares: modern, erasable TypeScript that our compiler flags accept. */
const shared = {
  useTypeImports: true,
  enumsAsTypes: true,
  importExtension: '.ts',
  emitLegacyCommonJSImports: false,
  strictScalars: true,
} as const;

/**
 * Resolver types of one subgraph, from its schema.
 * @param mappers what the resolvers of a type get as their parent, where it is not the GraphQL type itself: the name of an
 *   export of the subgraph's `src/graphql/mappers.ts`.
 */
function resolverTypes(
  subgraph: string,
  mappers: Readonly<Record<string, string>>,
): CodegenConfig['generates'] {
  return {
    [`subgraphs/${subgraph}/src/graphql/generated/resolvers.ts`]: {
      schema: `subgraphs/${subgraph}/schema.graphql`,
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        ...shared,
        federation: true,
        contextType: '../context.ts#GraphQLContext',
        mappers: Object.fromEntries(
          Object.entries(mappers).map(([type, model]) => [type, `../mappers.ts#${model}`]),
        ),
        scalars: { ID: 'string', DateTime: 'Date', SafeInt: 'number', _FieldSet: 'string' },
        // Output fields are null, not absent; inputs with a default are always there when a resolver sees them, if only as null.
        avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: true },
        inputMaybeValue: 'T | null | undefined',
      },
    },
  };
}

const config: CodegenConfig = {
  generates: {
    ...resolverTypes('users', { User: 'UserModel' }),
    ...resolverTypes('products', {
      Product: 'ProductModel',
      Stock: 'StockModel',
      Category: 'CategoryModel',
    }),
    ...resolverTypes('orders', { Order: 'OrderModel', OrderItem: 'OrderItemModel', User: 'UserReference' }),
    'packages/client/src/generated/': {
      schema: 'supergraph/generated/api-schema.graphql',
      documents: 'packages/client/operations/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        ...shared,
        documentMode: 'documentNode',
        scalars: { ID: 'string', DateTime: 'string', SafeInt: 'number' },
      },
    },
  },
};

export default config;
