/** A client whose types come from the document: it compiles, wrong calls do not, and it works against a listening server. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import createClient from 'openapi-fetch'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import { insertKey } from '../../src/access/keys.queries.ts'
import { issueKey } from '../../src/access/keys.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { committed } from './document.ts'

const CLIENT = `
import type { Client } from 'openapi-fetch'
import type { components, paths } from './registry.ts'

// Where an answer comes in several forms, as JSON.
type Registry = Client<paths, 'application/json' | 'application/problem+json'>

export async function listTitles(registry: Registry) {
  const { data, error, response } = await registry.GET('/v1/measures', {
    params: { query: { type: ['outcome,process'], setting: ['!hospital'], sort: '-updated', limit: 3, facets: 'level' } }
  })
  if (!data) throw new Error(\`\${error.code} \${response.status}\`)
  const total: number = data.total
  const next: string = data.next
  const counts: number[] = (data.facets?.['level'] ?? []).map(({ count }) => count)
  return { titles: data.items.map(({ title }) => title), total, next, counts }
}

export async function readOne(registry: Registry, id: string) {
  const { data, error } = await registry.GET('/v1/measures/{id}', { params: { path: { id } } })
  if (error) {
    const code: components['schemas']['Problem']['code'] = error.code
    return code
  }
  const status: 'draft' | 'active' | 'retired' = data.status
  return status
}

export async function writeDraft(registry: Registry, title: string) {
  const created = await registry.POST('/v1/measures', { body: { title, types: ['outcome'], language: 'en' } })
  if (!created.data) throw new Error(created.error.detail)
  const { id } = created.data
  const edited = await registry.PATCH('/v1/measures/{id}/draft', {
    params: { path: { id }, header: { 'If-Match': String(created.response.headers.get('etag')) } },
    body: { levels: ['clinical'], plainSummary: null }
  })
  if (!edited.data) throw new Error(edited.error.detail)
  return { id, levels: edited.data.levels, location: created.response.headers.get('location') }
}

export const wrong = (registry: Registry) => [
  // @ts-expect-error There is no such path.
  () => registry.GET('/v1/mesures'),
  // @ts-expect-error There is no such order.
  () => registry.GET('/v1/measures', { params: { query: { sort: 'size' } } }),
  // @ts-expect-error There is no such filter.
  () => registry.GET('/v1/measures', { params: { query: { colour: ['red'] } } }),
  // @ts-expect-error There is no such type of measure.
  () => registry.POST('/v1/measures', { body: { title: 'x', types: ['sideways'] } }),
  // @ts-expect-error A title is needed.
  () => registry.POST('/v1/measures', { body: { types: ['outcome'] } }),
  // @ts-expect-error The condition is needed.
  () => registry.PATCH('/v1/measures/{id}/draft', { params: { path: { id: 'x' } }, body: { title: 'x' } })
]
`

const root = join(import.meta.dirname, '../..')
mkdirSync(join(root, '.scratch'), { recursive: true })
const folder = mkdtempSync(join(root, '.scratch/client-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'registry.ts'), astToString(await openapiTS(committed('openapi.json'))))
writeFileSync(join(folder, 'client.ts'), CLIENT)
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }))

t.test('it compiles, and wrong calls are errors', async (t) => {
  // Without what tap loads into every process that is started with Node: the compiler does not start with it.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, join(root, 'node_modules/typescript-native/bin/tsc'), '-p', folder]
  const compile = () => spawnSync('env', command, { encoding: 'utf8' })
  const right = compile()
  t.equal(right.stdout + right.stderr, '')
  t.equal(right.status, 0)
  writeFileSync(join(folder, 'wrong.ts'), CLIENT.replaceAll('@ts-expect-error', ''))
  const wrong = compile()
  rmSync(join(folder, 'wrong.ts'))
  const lines = CLIENT.split('\n').flatMap((line, i) => (line.includes('@ts-expect-error') ? [i + 2] : []))
  t.same(
    [...wrong.stdout.matchAll(/wrong\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line)),
    lines
  )
})

t.test('it works', async (t) => {
  const registry = await openRegistry(engines[0]!)
  t.teardown(registry.close)
  const { key, row } = issueKey({ name: 'A client', role: 'contributor' }, { ...registry.context, createdBy: 'test' })
  await registry.store.write([], (tx) => insertKey(tx, row))
  const baseUrl = await registry.app.listen({ host: '127.0.0.1', port: 0 })
  const reader = createClient({ baseUrl })
  const contributor = createClient({ baseUrl, headers: { authorization: `Bearer ${key}` } })
  const { listTitles, readOne, writeDraft } = await import(pathToFileURL(join(folder, 'client.ts')).href)

  const list = await listTitles(reader)
  t.equal(list.titles.length, 3)
  t.ok(list.titles.every((title: unknown) => typeof title === 'string'))
  t.ok(list.total > 3 && list.next.length > 0 && list.counts.length > 0)
  t.equal(await readOne(reader, 'pacic'), 'active')
  t.equal(await readOne(reader, 'no-such-measure'), 'not-found')
  const draft = await writeDraft(contributor, 'Time at home')
  t.match(draft, { id: 'time-at-home', levels: ['clinical'] })
  t.match(draft.location, /\/v1\/measures\/time-at-home\/draft$/)
  await t.rejects(writeDraft(reader, 'Another'), /key is needed/)
})
