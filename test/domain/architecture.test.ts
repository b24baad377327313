/** The rules of the house that a compiler does not know. */
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'

const read = (pattern: string) =>
  globSync(pattern)
    .sort()
    .map((path) => ({ path, source: readFileSync(path, 'utf8') }))
const importsOf = (source: string) => [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name!)
const sources = read('src/**/*.ts')

/** What may know of HTTP: routes, the plumbing, and the composition. */
const HTTP = /^src\/(http\/.*|app|main|process)\.ts$|\.routes\.ts$/
/** What may know of SQL: queries, and the plumbing that keeps first answers. */
const SQL = /\.queries\.ts$|^src\/http\/idempotency\.ts$|^src\/catalogue\/content-hash\.ts$/

t.test('dependencies point inwards: rules and schemas know neither HTTP nor SQL', async (t) => {
  t.ok(sources.length > 50)
  for (const { path, source } of sources) {
    const imports = importsOf(source)
    if (!HTTP.test(path))
      t.same(
        imports.filter((name) => /^@?fastify/.test(name)),
        [],
        path
      )
    if (!SQL.test(path))
      t.same(
        imports.filter((name) => name.startsWith('drizzle-orm') || name.endsWith('/db/drizzle.ts')),
        [],
        path
      )
  }
})

t.test('Drizzle is loaded in one place, and columns are spelled in the kit only', async (t) => {
  for (const { path, source } of [...sources, ...read('db/*.ts')]) {
    if (path !== 'db/drizzle.ts') t.notMatch(source, /^import (?!type)[^\n]*'drizzle-orm/m, path)
    if (!/^db\/(kit|drizzle)\.ts$/.test(path)) t.notMatch(source, /\b(pgCore|sqliteCore)\b/, path)
  }
})

t.test('nobody uses the transaction of Drizzle: it keeps the rows and reports an error', async (t) => {
  for (const { path, source } of [...sources, ...read('db/*.ts')]) t.notMatch(source, /\.transaction\(/, path)
})

t.test('clocks and chance come from outside', async (t) => {
  const allowed = /^src\/(context|process|http\/access)\.ts$/
  for (const { path, source } of sources) {
    if (!allowed.test(path)) t.notMatch(source, /Date\.now\(|new Date\(\)|Math\.random\(|randomBytes|randomUUID/, path)
  }
})

t.test('deleting a slice deletes the resource: slices do not reach into each other’s routes', async (t) => {
  for (const { path, source } of sources) {
    // The application and the slices are put together there.
    if (/^src\/(app|(\w+)\/\2\.routes)\.ts$/.test(path)) continue
    const routes = importsOf(source).filter((name) => name.endsWith('.routes.ts') && !name.startsWith('./measures.routes'))
    t.same(routes, [], path)
  }
})
