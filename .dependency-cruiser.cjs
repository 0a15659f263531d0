/** The rules of ARCHITECTURE.md that a machine can check. */
const pure = '^(lib/domain/|lib/sql/|lib/policy/|proxy/protocols/[^/]+/(codec/|inspect|transform|refusal))'
const test = '\\.(test|spec)\\.tsx?$|/testing/'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-a-leaf',
      severity: 'error',
      from: { path: '^lib/domain/', pathNot: test },
      to: { path: '^(lib/(?!domain/)|app/|proxy/|bin/)' },
    },
    {
      name: 'pure-code-does-no-io',
      severity: 'error',
      from: { path: pure, pathNot: test },
      to: {
        path: '^(node:)?(net|tls|http|https|fs|fs/promises|dns|child_process|timers|timers/promises|cluster|worker_threads)$|node_modules/pino',
      },
    },
    {
      name: 'lib-reaches-neither-app-nor-proxy',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(app|proxy|bin)/' },
    },
    { name: 'app-reaches-no-proxy', severity: 'error', from: { path: '^app/' }, to: { path: '^(proxy|bin)/' } },
    {
      name: 'app-reaches-the-store-through-services',
      severity: 'error',
      from: { path: '^app/', pathNot: test },
      to: { path: '^lib/(db|crypto)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'proxy-reaches-no-web',
      severity: 'error',
      from: { path: '^proxy/' },
      to: { path: '^(app/|bin/)|node_modules/(next|next-auth|react|react-dom)/' },
    },
    {
      name: 'core-knows-no-protocol-and-no-database',
      severity: 'error',
      from: { path: '^proxy/core/', pathNot: test },
      to: { path: '^(proxy/(protocols|adapters)/|lib/(db|services)/)' },
    },
    {
      name: 'protocols-do-not-know-each-other',
      severity: 'error',
      from: { path: '^proxy/protocols/([^/]+)/' },
      to: { path: '^proxy/protocols/([^/]+)/', pathNot: '^proxy/protocols/$1/' },
    },
    {
      name: 'protocols-reach-no-adapter-and-no-database',
      severity: 'error',
      from: { path: '^proxy/protocols/', pathNot: test },
      to: { path: '^(proxy/adapters/|lib/(db|services)/)' },
    },
    {
      name: 'a-protocol-is-its-index',
      severity: 'error',
      from: { path: '^(proxy/(?!protocols/)|proxy/protocols/[^/]+$)', pathNot: test },
      to: { path: '^proxy/protocols/[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'only-main-composes',
      severity: 'error',
      from: { path: '^proxy/(?!main\\.ts$|adapters/)', pathNot: test },
      to: { path: '^proxy/adapters/' },
    },
    {
      name: 'only-a-proxy-opens-a-secret',
      severity: 'error',
      from: { path: '^(app|lib|bin)/', pathNot: test },
      to: { path: '^lib/crypto/unsealing\\.ts$' },
    },
    { name: 'bin-is-imported-by-nothing', severity: 'error', from: { pathNot: '^(bin|e2e)/' }, to: { path: '^bin/' } },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(app|lib|proxy|bin)/', pathNot: test },
      to: { path: `${test}|^e2e/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    exclude: { path: '^(\\.next|dist|node_modules/\\.)' },
  },
}
