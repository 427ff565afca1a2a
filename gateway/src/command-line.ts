import { parseArgs } from 'node:util';

/** What the command was asked to do. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | CommandToRun
  | { readonly kind: 'misused'; readonly problem: string };

/** What needs the gateway's options. */
export interface CommandToRun {
  readonly kind: 'serve' | 'check';
  /** Settings given as flags; they win over the environment. */
  readonly flags: Readonly<Record<string, string>>;
  readonly configFile?: string;
}

export const usage = `trellis-gateway: serves a Federation 2 supergraph

  trellis-gateway --supergraph FILE_OR_URL [--port N]
  trellis-gateway --introspect orders=http://orders:4003/graphql,... [--port N]
  APOLLO_KEY=... APOLLO_GRAPH_REF=shop@current trellis-gateway [--port N]

  --supergraph FILE_OR_URL  the supergraph; a file is watched, a URL is polled (supergraph.graphql)
  --introspect NAME=URL,... subgraphs that are asked for their schemas, from which the supergraph is composed;
                            it waits for those that are not there yet
  --port N                  the port to listen on (4000)
  --config FILE             a module that exports the options, see defineConfig; the environment wins over it
  --check                   check the settings and the supergraph, serve nothing
  --version                 print the version
  --help                    print this

With neither --supergraph nor --introspect, the graph that APOLLO_KEY and APOLLO_GRAPH_REF name comes from Apollo's Uplink.
Everything else is set in the environment: GATEWAY_JWKS_URL, GATEWAY_SUBGRAPH_URLS, ...

It ends with 0 when it was stopped or found nothing wrong, with 1 when something is wrong, with 2 when it was called wrongly.
`;

/** @param argv without the program's own name. */
export function parseCommand(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      options: {
        supergraph: { type: 'string' },
        introspect: { type: 'string' },
        port: { type: 'string' },
        config: { type: 'string' },
        check: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    if (values.version === true) return { kind: 'version' };
    // As from a shell variable that is not set: nobody wants the default instead.
    const empty = Object.entries(values).find(([, value]) => value === '');
    if (empty !== undefined) return { kind: 'misused', problem: `--${empty[0]} needs a value` };
    return {
      kind: values.check === true ? 'check' : 'serve',
      ...(values.config === undefined ? {} : { configFile: values.config }),
      flags: {
        ...(values.supergraph === undefined ? {} : { GATEWAY_SUPERGRAPH: values.supergraph }),
        ...(values.introspect === undefined ? {} : { GATEWAY_INTROSPECT: values.introspect }),
        ...(values.port === undefined ? {} : { GATEWAY_PORT: values.port }),
      },
    };
  } catch (error) {
    return { kind: 'misused', problem: error instanceof Error ? error.message : String(error) };
  }
}
