/** The starter catalogue as it is served, on every engine. */
import t from 'tap'
import Schema from 'typebox/schema'
import { contentHash } from '../../src/catalogue/content-hash.ts'
import { isEmptyCatalogue, loadStarterCatalogue } from '../../src/catalogue/starter.ts'
import { MEASURE_SCHEMAS, Measure } from '../../src/measures/measure.schema.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { engines } from '../engines.ts'
import { openRegistry, PUBLIC_URL } from '../registry.ts'

const hashes = new Map<string, string>()
const load = { publicUrl: PUBLIC_URL, lists: loadVocabularies() }

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    await t.test('the same files give the same content', async (t) => {
      for (const turn of ['first', 'second']) {
        const { store, done } = await engine.open()
        t.ok(await isEmptyCatalogue(store))
        t.equal(await loadStarterCatalogue(store, load), 134)
        t.notOk(await isEmptyCatalogue(store))
        hashes.set(`${engine.name} ${turn}`, await store.read(contentHash))
        await t.rejects(loadStarterCatalogue(store, load), 'a second load is refused whole')
        t.equal(await store.read(contentHash), hashes.get(`${engine.name} ${turn}`), 'and changes nothing')
        await done()
      }
    })

    const registry = await openRegistry(engine)
    t.teardown(registry.close)
    const list = async (query: string) => (await registry.send('GET', `/v1/measures?${query}`)).json()

    await t.test('134 measures, each published as 1.0.0 by the registry', async (t) => {
      const { items, total, next } = await list('limit=1000')
      t.equal(total, 134)
      t.equal(items.length, 134)
      t.equal(next, '')
      t.ok(items.every(({ version, status }: { version: string; status: string }) => version === '1.0.0' && status === 'active'))
      const history = (await registry.send('GET', '/v1/measures/pacic/history')).json()
      t.same(
        history.items.map(({ who, action, version }: Record<string, string>) => [who, action, version]),
        [['registry', 'published', '1.0.0']]
      )
      const changes: { kind: string; action: string }[] = (await registry.send('GET', '/v1/changes?limit=1000')).json().items
      t.equal(changes.filter(({ kind }) => kind === 'measure').length, 134)
      // What follows from all of them together: the cells of the catalogue that are empty.
      t.ok(changes.every(({ kind, action }) => kind === 'measure' || (kind === 'gap' && action === 'opened')))
    })

    await t.test('search: acronym first, then titles, then the rest; accents, case, stems and beginnings', async (t) => {
      const ids = async (q: string) =>
        (await list(`fields=id&limit=1000&q=${encodeURIComponent(q)}`)).items.map(({ id }: { id: string }) => id)
      t.equal((await ids('PACIC'))[0], 'pacic')
      t.equal((await ids('pqi 01'))[0], 'pqi-01')
      t.ok((await ids('coordinated')).includes('nsch-coord'), 'a stem')
      t.ok((await ids('coordin')).length >= (await ids('coordination')).length, 'a beginning')
      t.same(await ids('ZARIT'), await ids('zárit'))
      t.same((await list('q=cordination')).suggestions?.includes('coordination'), true)
      t.same((await list('q=xqzxqzxqz')).suggestions, [])
      const relevance = await ids('diabetes')
      const titles = (await list('limit=1000&fields=id,title')).items.filter(({ title }: { title: string }) => /diabet/i.test(title))
      t.same(new Set(relevance.slice(0, titles.length)), new Set(titles.map(({ id }: { id: string }) => id)), 'titles before the rest')
    })

    await t.test('filters: comma is or, repetition is and, ! is not, and totals are true', async (t) => {
      const total = async (query: string) => (await list(query)).total as number
      const [proms, prems] = [await total('type=patient-reported-outcome'), await total('type=patient-reported-experience')]
      t.equal(
        await total('type=patient-reported-outcome,patient-reported-experience'),
        proms + prems - (await total('type=patient-reported-outcome&type=patient-reported-experience'))
      )
      t.equal(await total('type=!patient-reported-outcome'), 134 - proms)
      t.equal((await total('missing=scoring')) + (await total('missing=!scoring')), 134)
      t.equal(await total('missing=testing,use'), 134 - (await total('missing=!testing&missing=!use')))
      t.ok((await total('jurisdiction=GB')) >= (await total('jurisdiction=GB-ENG')), 'a country includes its parts')
      t.equal(
        await total('steward=agency for healthcare research and quality'),
        await total('steward=AGENCY FOR HEALTHCARE RESEARCH AND QUALITY')
      )
      t.ok((await total('identifier=AHRQ|PQI 01')) === 1)
      t.equal(await total('updatedSince=2100-01-01T00:00:00Z'), 0)
      t.equal(
        await total('livedExperience=unknown'),
        134 - (await total('livedExperience=none,consulted,co-developed')),
        'what is not said is unknown'
      )
    })

    await t.test('facets count under the same filters, each without its own', async (t) => {
      const { facets, total } = await list('type=structure&level=clinical&facets=type,level,status')
      const count = (name: string, code: string) => facets[name].find((found: { code: string }) => found.code === code)?.count
      t.equal(count('level', 'clinical'), total)
      t.equal(count('type', 'outcome'), (await list('type=outcome&level=clinical')).total)
      t.equal(count('status', 'active'), total)
      t.equal(
        (await list('facets=type&lang=nl&limit=1')).facets.type[0].label,
        (await registry.send('GET', '/v1/vocabularies/measure-type?lang=nl'))
          .json()
          .concepts.find(({ code }: { code: string }) => code === 'outcome')?.label ?? ''
      )
    })

    await t.test('cursors walk through everything once, in every order', async (t) => {
      for (const query of ['sort=title', 'sort=-title', 'sort=updated', 'sort=-maturity', 'q=care', 'q=care&sort=relevance&type=outcome']) {
        const walked: string[] = []
        let pages = 0
        for (let cursor = ''; ; pages++) {
          const page = await list(`${query}&limit=7&fields=id${cursor ? `&cursor=${cursor}` : ''}`)
          walked.push(...page.items.map(({ id }: { id: string }) => id))
          if (page.next === '') break
          cursor = page.next
        }
        const whole = await list(`${query}&limit=1000&fields=id`)
        t.same(
          walked,
          whole.items.map(({ id }: { id: string }) => id),
          query
        )
        t.equal(new Set(walked).size, whole.total)
        t.equal(pages, Math.ceil(whole.total / 7) - 1)
      }
    })

    await t.test('exports hold the whole list, with all columns', async (t) => {
      const csv = await registry.send('GET', '/v1/measures?type=outcome&limit=2&fields=id&format=csv')
      const { total } = await list('type=outcome')
      t.match(csv.headers['content-type'], /^text\/csv/)
      t.ok(csv.body.startsWith('\uFEFFid,canonicalUrl,'))
      const ndjson = await registry.send('GET', '/v1/measures?type=outcome&limit=2', { headers: { accept: 'application/x-ndjson' } })
      const lines = ndjson.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      t.equal(lines.length, total)
      t.same(lines.map(({ id }) => id).sort(), (await list('type=outcome&limit=1000')).items.map(({ id }: { id: string }) => id).sort())
    })

    await t.test('stored documents fit the published schema', async (t) => {
      const validator = Schema.Compile(
        Object.fromEntries(MEASURE_SCHEMAS.map((schema) => [`${schema.$id}#`, schema])) as never,
        Measure as never
      )
      for (const item of (await list('limit=1000')).items)
        t.ok(validator.Check(item), `${item.id} ${JSON.stringify(validator.Errors(item)[1])}`)
    })
  })
}

t.test('the same content on both engines', async (t) => {
  t.equal(new Set(hashes.values()).size, 1, [...hashes].join(' '))
})
