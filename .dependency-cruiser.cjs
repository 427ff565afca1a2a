/**
 * Which way imports may run: `main → graphql | messaging | persistence → application → domain`. Services import packages and never
 * each other; the gateway knows nothing of commerce; packages know no service.
 */
const tests = '[.]test[.]ts$|/src/testing/';
const notATest = { pathNot: tests };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'The domain is plain data and pure functions; what it needs from outside comes in as an argument. ' +
        '(@trellis/validation is pure, and holds the words in which it refuses.)',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/src/domain/', ...notATest },
      to: { pathNot: '^(subgraphs/$1/src/domain|packages/validation)/' },
    },
    {
      name: 'application-knows-no-adapter',
      comment: 'A use case speaks to ports; the adapters implement them and are put together in main.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/src/application/', ...notATest },
      to: { path: '^subgraphs/$1/src/(graphql|messaging|passwords|persistence|tokens)/' },
    },
    {
      name: 'application-knows-no-technology',
      comment:
        'A use case that knows the database, the broker or the transport cannot be told apart from its adapters.',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/src/application/', ...notATest },
      to: {
        path: '(^|/)node_modules/(@apollo|amqplib|dataloader|drizzle-orm|express|graphql|graphql-sse|pg)/',
      },
    },
    {
      name: 'adapters-stand-side-by-side',
      comment: 'An adapter that needs another one needs a port in application.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/src/(graphql|messaging|passwords|persistence|tokens)/', ...notATest },
      to: {
        path: '^subgraphs/$1/src/(graphql|messaging|passwords|persistence|tokens)/',
        pathNot: '^subgraphs/$1/src/$2/',
      },
    },
    {
      name: 'main-is-outermost',
      comment: 'Only commands know what puts a service together and reads its environment.',
      severity: 'error',
      from: {
        path: '^subgraphs/([^/]+)/src/(domain|application|graphql|messaging|passwords|persistence|tokens)/',
        ...notATest,
      },
      to: { path: '^subgraphs/$1/src/([^/]+[.]ts$|commands/)' },
    },
    {
      name: 'services-are-strangers',
      comment: 'Services speak by events and by the graph; what two of them need is a package.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^(subgraphs|gateway|platform|supergraph)/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'gateway-knows-no-commerce',
      comment: 'The gateway runs any supergraph: of the packages it takes only what speaks of no service.',
      severity: 'error',
      from: { path: '^gateway/', ...notATest },
      to: {
        path: '^(packages|subgraphs|platform|supergraph)/',
        pathNot: '^packages/(auth|lifecycle|settings)/',
      },
    },
    {
      name: 'gateway-runs-one-way',
      comment:
        'protocol | drop-in → execution | sharing → operation ↔ supergraph → subgraph: what speaks with subgraphs knows no plan, and what plans does not execute.',
      severity: 'error',
      from: { path: '^gateway/src/(operation|supergraph|subgraph)/', ...notATest },
      to: { path: '^gateway/src/(execution|sharing|protocol|drop-in)/' },
    },
    {
      name: 'subgraph-traffic-stands-alone',
      comment: 'The client of subgraphs is handed what it has to know of a supergraph.',
      severity: 'error',
      from: { path: '^gateway/src/subgraph/', ...notATest },
      to: { path: '^gateway/src/(operation|supergraph)/' },
    },
    {
      name: 'execution-knows-no-transport',
      comment:
        'The engine answers whoever asks; HTTP, WebSocket and Apollo Server are adapters in front of it.',
      severity: 'error',
      from: { path: '^gateway/src/(execution|sharing)/', ...notATest },
      to: { path: '^gateway/src/(protocol|drop-in)/' },
    },
    {
      name: 'packages-know-no-service',
      severity: 'error',
      from: { path: '^packages/', ...notATest },
      to: { path: '^(gateway|subgraphs|platform|supergraph)/' },
    },
    {
      name: 'client-runs-in-browsers',
      comment:
        "Only the client's entry for Node knows Node: a page has neither its modules nor `ws`, whose browser build throws.",
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: `${tests}|^packages/client/src/node[.]ts$` },
      to: { path: ['(^|/)node_modules/ws/', '^packages/client/src/node[.]ts$'] },
    },
    {
      name: 'client-needs-no-node',
      comment: 'The same for what Node has built in.',
      severity: 'error',
      from: { path: '^packages/client/src/', ...notATest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'supergraph-knows-no-service',
      comment: 'Composition reads schemas, which are text.',
      severity: 'error',
      from: { path: '^supergraph/', ...notATest },
      to: { path: '^(gateway|packages|subgraphs|platform)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Of two files that import each other neither can be understood first.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'declared-dependencies-only',
      comment:
        'An image has production dependencies only: what runs there stands in the dependencies of its workspace.',
      severity: 'error',
      from: { path: '^(gateway|packages/[^/]+|platform|subgraphs/[^/]+|supergraph)/src/', ...notATest },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        // A peer is brought by whoever uses what needs it.
        dependencyTypesNot: ['type-only', 'npm-peer'],
      },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { path: '/src/', ...notATest },
      to: { path: `${tests}|^tests/` },
    },
    {
      name: 'resolvable',
      comment: 'Nothing can be said about an import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(gateway|platform|supergraph|(packages|subgraphs)/[^/]+)/dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types are knowledge too: an `import type` over a border counts.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@trellis/source', 'import', 'node', 'default', 'require', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
