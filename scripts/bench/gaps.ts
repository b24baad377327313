/**
 * What do gaps cost? A map over a large catalogue, against a bare indexed count of the database; and publishing a measure with its
 * findings, against publishing it without them. Both in the same run.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from '../../db/drizzle.ts'
import { openStore } from '../../db/open.ts'
import { readCatalogue } from '../../src/catalogue/files.ts'
import { deriveGaps } from '../../src/gaps/deriving.ts'
import { GapCatalogue } from '../../src/gaps/gap.catalogue.ts'
import { gapCountFor } from '../../src/gaps/gap-count.ts'
import { gapMap } from '../../src/gaps/map/gap-map.ts'
import { Catalogue } from '../../src/measures/catalogue.ts'
import { publishContent } from '../../src/measures/lifecycle.ts'
import { findDocument } from '../../src/measures/measure.queries.ts'
import type { Measure, MeasureContent } from '../../src/measures/measure.schema.ts'
import { Assessor } from '../../src/readiness/assessor.ts'
import { asked } from '../../src/readiness/readiness.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { fillWith } from './filling.ts'
import { variedMeasure } from './varied.ts'

const HELP = `npm run bench:gaps [-- --sizes 10000,100000] [--folder DIR]

Prints how long a gap map of domains and equity dimensions takes, as a multiple of a bare indexed count, and what findings add to
publishing a measure. Filling 100,000 measures takes some minutes; with --folder the databases are kept there, and used again.`

const { values } = parseArgs({
  options: { help: { type: 'boolean', default: false }, sizes: { type: 'string', default: '10000' }, folder: { type: 'string' } }
})
const NOW = '2026-11-24T10:00:00.000Z'
const act = { actor: { id: 'bench', name: 'bench' }, now: NOW, publicUrl: 'http://127.0.0.1' }

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

async function timed<T>(rounds: number, work: (round: number) => Promise<T> | T): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const from = performance.now()
    await work(i)
    times.push(performance.now() - from)
  }
  return median(times)
}

class RolledBack extends Error {}

async function measure(size: number): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'bench-'))
  const store = await openStore(`file:${join(folder, `gaps-${size}.db`)}`)
  try {
    const { records } = await readCatalogue()
    await fillWith(store, size, variedMeasure)
    const catalogue = new Catalogue(store)
    const assessor = new Assessor(store, catalogue)
    const gaps = new GapCatalogue(store)
    await assessor.level()
    await gaps.level()
    const findings = await store.read((db) => db.$count(db.t.gaps))
    console.log(`\n${size.toLocaleString('en')} measures, ${findings.toLocaleString('en')} findings`)

    // As bare as a count can be: every document by the index of its measure.
    const count = await timed(20, () =>
      store.read((db) => db.select({ n: sql<number>`count(*)` }).from(db.t.documents).where(sql`${db.t.documents.measureId} > ''`))
    )
    const standing = assessor.standing(asked({}, '2026-11-24'))
    const { numbers: among } = await catalogue.select({ clauses: [] })
    const rows = { name: 'domain', codes: CODES.domain } as const
    const columns = { name: 'equityDimension', codes: CODES['equity-dimension'] } as const
    const map = await timed(20, () => gapMap({ measures: catalogue.index, gaps: gaps.index, among, standing }, rows, columns))
    console.log(
      `bare indexed count ${count.toFixed(2)} ms; gap map of ${rows.codes.length} x ${columns.codes.length} cells ${map.toFixed(2)} ms: ${(map / count).toFixed(1)} counts`
    )

    const empty = await timed(50, () => store.write(['bench'], async () => {}))
    for (const [name, change] of [
      ['a text changed, findings as before', (content: MeasureContent) => content],
      [
        'languages and splits gone, so that findings close and open',
        (content: MeasureContent) => ({ ...content, languages: [], stratifiers: [] })
      ]
    ] as const) {
      const next = (i: number, round: string) => {
        const { id, content } = variedMeasure(i, records)
        return { id, content: { ...(change(content) as MeasureContent), description: `${name} ${round}` } }
      }
      // The findings alone, of what is to be published; rolled back, so that publishing finds what they found.
      const findings = await timed(50, (i) => {
        const { id, content } = next(i, 'alone')
        return store
          .write([`measure:${id}`], async (tx) => {
            const document = await findDocument(tx, id, 'published')
            await deriveGaps(tx, { ...(JSON.parse(document!.json) as Measure), ...content }, NOW)
            await gapCountFor(tx, id)
            throw new RolledBack()
          })
          .catch((error) => {
            if (!(error instanceof RolledBack)) throw error
          })
      })
      const publishing = await timed(50, (i) => {
        const { id, content } = next(i, 'published')
        return store.write([`measure:${id}`], (tx) => publishContent(tx, act, id, content, { impact: 'minor', createdAt: NOW }))
      })
      const alone = Math.max(0, findings - empty)
      console.log(
        `publishing (${name}) ${publishing.toFixed(2)} ms, findings ${alone.toFixed(2)} ms of it: ${(publishing / (publishing - alone)).toFixed(2)} times publishing without`
      )
    }
  } finally {
    await store.close()
    if (!values.folder) rmSync(folder, { recursive: true })
  }
}

if (values.help) {
  console.log(HELP)
} else {
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, SQLite`)
  for (const size of values.sizes.split(',').map(Number)) await measure(size)
}
