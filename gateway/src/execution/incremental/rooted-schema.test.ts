import { executeSync, parse } from 'graphql';
import { createLibraryGeneration } from '../../testing/library-generation.ts';
import { rootedSchema } from './rooted-schema.ts';

describe('a schema that begins at an object', () => {
  const { executionSchema } = createLibraryGeneration();

  it('executes selections of its type', () => {
    const result = executeSync({
      schema: rootedSchema(executionSchema, 'Person'),
      document: parse('{ __typename ... on Person { name } }'),
      rootValue: { name: 'Ada' },
    });

    expect(result).toEqual({ data: { __typename: 'Person', name: 'Ada' } });
  });

  it('has no types of its own, which would take the room of the whole schema for each type that is deferred', () => {
    const rooted = rootedSchema(executionSchema, 'Person');

    expect(rooted.getTypeMap()).toBe(executionSchema.getTypeMap());
    expect(executionSchema.getQueryType()?.name).toBe('Query');
  });

  it('is the schema itself at the query type', () => {
    expect(rootedSchema(executionSchema, 'Query')).toBe(executionSchema);
  });

  it('is not made for what is no object', () => {
    expect(() => rootedSchema(executionSchema, 'Nobody')).toThrow('Nobody is not an object type');
  });
});
