import { buildSchema, getVariableValues, GraphQLError, parse, type OperationDefinitionNode } from 'graphql';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { logErrors, maskError } from './present-errors.ts';

const secret = 'password=hunter2';

describe('maskError', () => {
  it('shows an error that has a code', () => {
    const error = {
      message: 'm',
      path: ['a'],
      extensions: { code: 'FORBIDDEN', argument: 'first', service: 's' },
    };

    expect(maskError(error)).toEqual(error);
  });

  it.each([undefined, 'INTERNAL_SERVER_ERROR'])('hides what was not expected (code %s)', (code) => {
    const error = { message: secret, path: ['a', 0], extensions: { code, service: 's', debug: secret } };

    expect(maskError(error)).toEqual({
      message: 'Internal server error',
      path: ['a', 0],
      extensions: { code: 'INTERNAL_SERVER_ERROR', service: 's' },
    });
  });

  it.each(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'])(
    'hides what a subgraph has against the gateway’s own request (code %s)',
    (code) => {
      expect(maskError({ message: secret, extensions: { code, service: 's' } })).toEqual({
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR', service: 's' },
      });
      expect(maskError({ message: 'm', extensions: { code } })).toEqual({
        message: 'm',
        extensions: { code },
      });
    },
  );

  it('shows no stack, whatever the code', () => {
    expect(
      maskError({ message: 'm', extensions: { code: 'X', stacktrace: [secret], http: { status: 400 } } }),
    ).toEqual({
      message: 'm',
      extensions: { code: 'X' },
    });
  });
});

describe('logErrors', () => {
  function logged(errors: readonly GraphQLError[], level = 'info'): Record<string, unknown>[] {
    const { logger, lines } = createRecordingLogger();
    logger.level = level;
    logErrors(logger, errors, { correlationId: 'c1' }, 'Shop');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('keeps for the operator what a client is not told', () => {
    const failure = new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'ECONNREFUSED 10.0.0.7');

    expect(logged([new GraphQLError('odd'), subrequestError(failure, 'orders')])).toMatchObject([
      {
        level: 50,
        correlationId: 'c1',
        operationName: 'Shop',
        code: 'INTERNAL_SERVER_ERROR',
        err: { message: 'odd' },
      },
      {
        level: 40,
        correlationId: 'c1',
        code: 'SUBREQUEST_HTTP_ERROR',
        subgraph: 'orders',
        reason: 'ECONNREFUSED 10.0.0.7',
      },
    ]);
  });

  it('tells once of a failed request that many fields miss', () => {
    const failure = subrequestError(new SubrequestFailure('SUBREQUEST_TIMEOUT', 'slow'), 'orders');
    const placed = ['a', 'b'].map(
      (key) =>
        new GraphQLError(failure.message, {
          path: [key],
          originalError: failure,
          extensions: failure.extensions,
        }),
    );

    expect(logged(placed)).toMatchObject([{ level: 40, code: 'SUBREQUEST_TIMEOUT', reason: 'slow' }]);
  });

  it('tells in one line of all the errors that a subgraph answered with', () => {
    const errors = Array.from(
      { length: 1_000 },
      (_, index) => new GraphQLError(`e${index}`, { path: [index], extensions: { service: 'orders' } }),
    );

    expect(logged(errors)).toMatchObject([
      {
        subgraph: 'orders',
        count: 1_000,
        path: [0],
        err: expect.objectContaining({ message: 'e0', stack: '' }) as unknown,
        next: [
          { message: 'e1', path: [1] },
          { message: 'e2', path: [2] },
        ],
      },
    ]);
  });

  it('tells apart errors of different subgraphs and codes', () => {
    const of = (service: string, code: string) => new GraphQLError('m', { extensions: { service, code } });

    expect(
      logged([of('a', 'INTERNAL_SERVER_ERROR'), of('b', 'INTERNAL_SERVER_ERROR'), of('a', 'X')], 'trace'),
    ).toHaveLength(3);
  });

  it('holds a subgraph’s refusal of the gateway’s request against the gateway', () => {
    const error = new GraphQLError('Unknown argument "x".', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', service: 'orders' },
    });

    expect(logged([error])).toMatchObject([
      {
        level: 50,
        code: 'GRAPHQL_VALIDATION_FAILED',
        subgraph: 'orders',
        err: { message: 'Unknown argument "x".' },
      },
    ]);
  });

  it.each(['BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR', 'GRAPHQL_VALIDATION_FAILED'])(
    'repeats no value that a client sent, at any level (code %s)',
    (code) => {
      const schema = buildSchema(
        'input Sign { password: String, kind: Kind } enum Kind { A } type Query { a(in: Sign): Int }',
      );
      const { definitions } = parse('query($in: Sign) { a(in: $in) }');
      const messages = [
        { pasword: 'hunter2' },
        { kind: 'hunter2' },
        { password: { a: 'hunter2' } },
        'hunter2',
      ].flatMap((value) =>
        getVariableValues(schema, (definitions[0] as OperationDefinitionNode).variableDefinitions!, {
          in: value,
        }).errors!.flatMap((error) => [error.message, error.originalError?.message ?? '']),
      );
      const errors = messages.map(
        (message) => new GraphQLError(message, { extensions: { code, service: 's' } }),
      );

      const records = JSON.stringify(logged(errors, 'trace'));

      expect(records).toContain(code);
      expect(records).not.toContain('hunter2');
    },
  );

  it('tells why an operation could not be planned, which no client can mend', () => {
    const error = new GraphQLError('m', {
      originalError: new Error('no options for price'),
      extensions: { code: 'OPERATION_NOT_PLANNABLE' },
    });

    expect(logged([error])).toMatchObject([
      { level: 50, code: 'OPERATION_NOT_PLANNABLE', err: { message: 'no options for price' } },
    ]);
  });

  it('does not cry for errors that clients make', () => {
    expect(logged([new GraphQLError('m', { extensions: { code: 'FORBIDDEN' } })])).toEqual([]);
  });
});
