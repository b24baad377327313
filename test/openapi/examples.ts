/**
 * The state that the examples of the document speak of: `example-draft`, `example-measure`, `example-implementation`,
 * `example-import`, `example-gap`, `example-report`, `example-finding`, `example-key`, `pacic`, contexts such as `examp1ec0ntext00`, and
 * `example-exercise` with its relatives (`exercises.ts`).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insertKey } from '../../src/access/keys.queries.ts'
import { issueKey } from '../../src/access/keys.ts'
import { systemIds } from '../../src/context.ts'
import { findContext, insertContext } from '../../src/contexts/contexts.queries.ts'
import { composeGap } from '../../src/gaps/gap.ts'
import { findGap, insertGaps } from '../../src/gaps/gaps.queries.ts'
import { receiveReport } from '../../src/gaps/recording.ts'
import { findReport, insertReport } from '../../src/implementations/implementations.queries.ts'
import { importFile } from '../../src/imports/importing.ts'
import { findImport } from '../../src/imports/imports.queries.ts'
import { Catalogue } from '../../src/measures/catalogue.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import type { ReadinessContext } from '../../src/readiness/context.schema.ts'
import type { Registry, Response, SendOptions } from '../registry.ts'
import { type Described, exampleOf } from './document.ts'
import { makeExercise } from './exercises.ts'

const EXAMPLE_CONTEXT = /^examp1ec0ntext..$/

/** Makes what an operation needs to be there. */
export async function prepareFor({ name, path, operation }: Described, registry: Registry): Promise<void> {
  const ids = (operation.parameters ?? []).map(({ example }) => example)
  if (ids.includes('example-key')) await makeKey(registry)
  if (ids.includes('example-measure')) await makeMeasure(registry)
  if (ids.includes('example-implementation')) await makeImplementation(registry)
  if (ids.includes('example-import')) await makeImport(registry)
  if (ids.includes('example-gap')) await makeGap(registry)
  if (ids.includes('example-report')) await makeReport(registry)
  if (ids.includes('example-finding')) await makeFinding(registry)
  if (name === 'prepareExercise' || ids.includes('pacic') || ids.some((id) => String(id).startsWith('example-exercise')))
    await makePacic(registry)
  for (const id of ids.map(String)) if (EXAMPLE_CONTEXT.test(id)) await makeContext(registry, id)
  for (const id of ids.map(String)) if (id.startsWith('example-exercise')) await makeExercise(registry, id, ids.includes('example-batch'))
  if (!ids.includes('example-draft')) return
  await makeDraft(registry, 'example-draft')
  if (name === 'returnDraft') await succeed(registry, 'POST', path.replace('{id}', 'example-draft').replace('return', 'submit'))
}

/** Sends the example of an operation. */
export function sendExample(described: Described, registry: Registry, as?: SendOptions['as']): Promise<Response> {
  const { url, headers, body } = exampleOf(described)
  return registry.send(described.method, url, { headers, ...(as ? { as } : {}), ...(body === undefined ? {} : { body }) })
}

async function succeed(registry: Registry, method: string, url: string, options: SendOptions = {}): Promise<Response> {
  const answer = await registry.send(method, url, { as: 'contributor', headers: { 'if-match': '*' }, body: {}, ...options })
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
  return answer
}

/** A draft that could be published. */
async function makeDraft(registry: Registry, id: string): Promise<void> {
  await succeed(registry, 'POST', '/v1/measures', { body: { ...PUBLISHABLE, id } })
}

/** Content that could be published. */
export const PUBLISHABLE: MeasureContent = {
  title: 'Time at home in the last year of life',
  description: 'Days that people spend at home in their last year of life.',
  types: ['outcome'],
  scoring: 'proportion',
  specification: { denominator: 'People who died.', numerator: 'People who spent more than 350 days at home.' },
  dataSources: [{ kind: 'claims' }],
  licence: { permission: 'unknown' },
  levels: ['clinical'],
  development: { steward: 'A steward' }
}

async function makeMeasure(registry: Registry): Promise<void> {
  if ((await registry.send('GET', '/v1/measures/example-measure')).statusCode === 200) return
  await makeDraft(registry, 'example-measure')
  const body = { impact: 'major', changeNote: 'First version.' }
  await succeed(registry, 'POST', '/v1/measures/example-measure/draft/publish', { as: 'reviewer', body })
}

/** A report of that identifier, which nobody confirmed. */
async function makeImplementation(registry: Registry): Promise<void> {
  const { store, context } = registry
  if (await store.read((db) => findReport(db, 'example-implementation'))) return
  await makeMeasure(registry)
  const content = { outcome: 'implemented', context: { jurisdiction: ['NL'] }, organisation: 'A hospital' } as const
  const report = { id: 'example-implementation', measureId: 'example-measure', version: '1.0.0', actorId: 'test', actor: 'test' }
  const at = context.clock.now().toISOString()
  await store.write([], (tx) => insertReport(tx, { ...report, at, outcome: content.outcome, content: structuredClone(content) as never }))
}

/** An import of that identifier, which published a measure of that identifier with a column that no field takes, and rejected a row. */
async function makeImport({ store, context }: Registry): Promise<void> {
  if (await store.read((db) => findImport(db, 'example-import'))) return
  const folder = mkdtempSync(join(tmpdir(), 'example-import-'))
  const path = join(folder, 'measures.csv')
  const header =
    'title,description,types,scoring,specification.initialPopulation,dataSources,licence.permission,levels,development.steward,remark'
  writeFileSync(path, `${header}\r\nExample import,D,outcome,cohort,All,ehr,unknown,clinical,S,kept\r\nWrong,D,nothing,,,,,,,\r\n`)
  const catalogue = new Catalogue(store)
  await catalogue.level()
  const deps = { ...context, catalogue, ids: { ...systemIds, id: () => 'example-import' } }
  const file = { path, mediaType: 'text/csv', bytes: 1, sha256: '' }
  const options = { dryRun: false, publish: true, atomic: false }
  await importFile(deps, { id: 'test', name: 'test' }, file, options, [], (_tx, work) => work())
  rmSync(folder, { recursive: true })
}

/** A measure of the starter catalogue, where that was not loaded. */
async function makePacic(registry: Registry): Promise<void> {
  if ((await registry.send('GET', '/v1/measures/pacic')).statusCode === 200) return
  await makeDraft(registry, 'pacic')
  await succeed(registry, 'POST', '/v1/measures/pacic/draft/publish', { as: 'reviewer', body: { impact: 'major' } })
}

async function makeContext({ store, context: { clock } }: Registry, id: string): Promise<void> {
  if (await store.read((db) => findContext(db, id))) return
  const now = clock.now().toISOString()
  const context: ReadinessContext = { jurisdiction: ['BE-VLG'], setting: ['primary-care'], budget: { amount: 0, currency: 'EUR' } }
  const row = { id, name: 'Example', context, createdAt: now, updatedAt: now }
  await store.write([], (tx) => insertContext(tx, { ...row, ownerId: 'test', owner: 'test' }))
}

async function makeGap(registry: Registry): Promise<void> {
  if ((await registry.send('GET', '/v1/gaps/example-gap')).statusCode === 200) return
  const populations = [{ dimension: 'language', focus: 'excluded' }]
  const body = { id: 'example-gap', title: 'Example', statement: 'Nobody is asked in Arabic.', kind: 'no-translation', populations }
  await succeed(registry, 'POST', '/v1/gaps', { body })
}

/** A report without a key that waits. */
const makeReport = ({ store, context }: Registry): Promise<void> => {
  const report = { title: 'Example', statement: 'Nobody is asked in Arabic.', notSeen: 'People who speak Arabic.' }
  return store.write([], async (tx) => {
    if (!(await findGap(tx, 'example-report'))) await receiveReport(tx, context.clock.now().toISOString(), 'example-report', report)
  })
}

/** A finding of that identifier, in nothing that would close it. */
async function makeFinding({ store, context }: Registry): Promise<void> {
  const now = context.clock.now().toISOString()
  const finding = { rule: 'R1', rulesVersion: '1.0.0', certainty: 'absent', closesWith: 'stratifiers', openedAt: now } as const
  const circumstances = { id: 'example-finding', origin: 'derived', status: 'open', finding, createdAt: now, updatedAt: now } as const
  const gap = composeGap({ title: 'Example: no split by age', statement: 'S', kind: 'no-stratification' }, circumstances)
  const origin = { moderation: 'accepted', subject: null, dismissedUntil: null, authorId: null } as const
  await store.write([], async (tx) => {
    if (!(await findGap(tx, 'example-finding'))) await insertGaps(tx, [{ gap, origin }])
  })
}

async function makeKey({ store, context }: Registry): Promise<void> {
  const { row } = issueKey({ name: 'Example', role: 'contributor' }, { createdBy: 'test', clock: context.clock, ids: systemIds })
  await store.write([], (tx) => insertKey(tx, { ...row, id: 'example-key' }))
}
