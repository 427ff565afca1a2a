import { createServer } from 'node:http';
import {
  execute,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';

type FieldResolver = GraphQLFieldResolver<unknown, unknown>;

/** What a client may post: one operation, or several as a JSON array. */
interface Posted {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
}

/**
 * Serves each schema at a path of its own (`/catalogue`) on one port of this machine. It is asked once for each distinct request of a
 * gateway, so it is written to be read, not to be fast.
 * @param fieldResolver for fields that have no resolver of their own; graphql-js's when absent.
 */
export function serveSubgraphs(
  schemas: Readonly<Record<string, GraphQLSchema>>,
  port: number,
  fieldResolver?: FieldResolver,
): void {
  createServer((request, response) => {
    const schema = schemas[(request.url ?? '').slice(1)];
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (schema === undefined) {
        response.writeHead(404).end();
        return;
      }
      answer(schema, Buffer.concat(chunks).toString(), fieldResolver).then(
        (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
    });
  }).listen(port, '127.0.0.1');
}

async function answer(schema: GraphQLSchema, body: string, fieldResolver?: FieldResolver): Promise<string> {
  const posted = JSON.parse(body) as Posted | readonly Posted[];
  const results = Array.isArray(posted)
    ? await Promise.all((posted as readonly Posted[]).map((one) => run(schema, one, fieldResolver)))
    : await run(schema, posted as Posted, fieldResolver);
  return JSON.stringify(results);
}

async function run(
  schema: GraphQLSchema,
  posted: Posted,
  fieldResolver?: FieldResolver,
): Promise<ExecutionResult> {
  const document = parse(posted.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    variableValues: posted.variables ?? null,
    operationName: posted.operationName ?? null,
    fieldResolver: fieldResolver ?? null,
  });
}
