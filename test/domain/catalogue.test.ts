/** The starter catalogue is data that people rely on: every record is held to the rules that the registry applies to anybody's. */
import t from 'tap'
import Schema from 'typebox/schema'
import { type CatalogueRecord, measureFiles, readCatalogue } from '../../src/catalogue/files.ts'
import { GROUNDS, groundOf, pointsAtSomething, reportCatalogue, SOURCED_FIELDS, totalOf } from '../../src/catalogue/report.ts'
import { isEmpty } from '../../src/measures/completeness.ts'
import { FIELDS, MEASURE_SCHEMAS, MeasureContent } from '../../src/measures/measure.schema.ts'
import { obstaclesTo } from '../../src/measures/publishing.ts'

const { manifest, records } = await readCatalogue()

/** Lists what is wrong, so that a failure names the records and not only their number. */
const none = (test: Pick<typeof t, 'strictSame'>, faults: readonly string[], message: string) => test.strictSame(faults, [], message)
const perRecord = (check: (record: CatalogueRecord) => readonly string[]) =>
  records.flatMap((record) => check(record).map((fault) => `${record.id}: ${fault}`))
const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) < i)

t.test('the files', async (t) => {
  t.equal(records.length, 134, 'a file for each measure')
  t.equal(manifest.measures, records.length, 'as many as the manifest says')
  t.strictSame(
    records.map(({ id }) => `${id}.json`),
    await measureFiles(),
    'each named after the id in it'
  )
  t.ok(Number.isFinite(Date.parse(manifest.released)), 'the release has an instant')
  none(
    t,
    perRecord((record) => keysOutOfOrder(record)),
    'fields stand in the order of the schema'
  )
})

function keysOutOfOrder({ id: _, ...content }: CatalogueRecord): string[] {
  const keys = Object.keys(content)
  return keys.join() === FIELDS.filter((field) => keys.includes(field)).join() ? [] : [keys.join()]
}

t.test('every record is valid', async (t) => {
  const context = Object.fromEntries(MEASURE_SCHEMAS.map((schema) => [`${schema.$id}#`, schema]))
  const validator = Schema.Compile(context, MeasureContent)
  const faults = ({ id: _, ...content }: Partial<CatalogueRecord>) =>
    validator.Check(content) ? [] : validator.Errors(content)[1].map((error) => JSON.stringify(error))
  none(t, perRecord(faults), 'against the schema that the API applies, codes included')

  const [first] = records
  t.not(faults({ ...first, levels: ['galactic'] as never }).length, 0, 'an unknown code would not pass')
  t.not(faults({ ...first, dataSources: [{ kind: 'hearsay' }] as never }).length, 0, 'nor one inside a part')
  t.not(faults({ ...first, evidence: [{ title: 'x', url: 'no url' }] }).length, 0, 'nor an address that is none')
})

t.test('every record can be published', async (t) => {
  none(
    t,
    perRecord((record) => obstaclesTo(record).map(({ pointer, detail }) => `${pointer} ${detail}`)),
    'without exception'
  )
})

t.test('languages and jurisdictions', async (t) => {
  const tags = (record: CatalogueRecord) => (record.languages ?? []).map(({ code }) => code)
  none(
    t,
    perRecord((record) => tags(record).filter((tag) => Intl.getCanonicalLocales(tag)[0] !== tag)),
    'tags are canonical (BCP 47)'
  )
  none(
    t,
    perRecord((record) => repeated(tags(record))),
    'no language is given twice'
  )

  const places = (record: CatalogueRecord) => [
    ...(record.jurisdictions ?? []),
    ...(record.use ?? []).flatMap(({ jurisdiction }) => jurisdiction ?? [])
  ]
  none(
    t,
    perRecord((record) => places(record).filter((code) => !isPlace(code))),
    'places are known (ISO 3166, UN M49)'
  )
  const missing = (record: CatalogueRecord) =>
    (record.use ?? []).flatMap(({ jurisdiction }) => jurisdiction ?? []).filter((code) => !record.jurisdictions?.includes(code))
  none(t, perRecord(missing), 'where a measure is used is among its jurisdictions')
})

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** A region that has a name, or a subdivision of one. `EU` and `XK` are codes in common use that ISO 3166 keeps free. */
const isPlace = (code: string) => regions.of(code.split('-', 1)[0]!) !== undefined && /^([A-Z]{2}(-[A-Z0-9]{1,3})?|[0-9]{3})$/.test(code)

t.test('evidence', async (t) => {
  const dois = (record: CatalogueRecord) => (record.evidence ?? []).flatMap(({ doi }) => doi ?? [])
  none(
    t,
    perRecord((record) => dois(record).filter((doi) => !/^10\.\d{4,9}\/\S+$/.test(doi) || /%[0-9A-F]{2}/i.test(doi))),
    'DOIs are written as such, not as part of a URL'
  )
  none(
    t,
    perRecord((record) => repeated(dois(record).map((doi) => doi.toLowerCase()))),
    'no publication stands in a record twice'
  )
  none(
    t,
    perRecord((record) => urlsIn(record).filter((url) => !URL.canParse(url) || !/^https?:/.test(url))),
    'every address can be followed'
  )
})

const urlsIn = ({ evidence = [], provenance = [], relations = [] }: CatalogueRecord) =>
  [...evidence, ...provenance, ...relations].flatMap(({ url }) => url ?? [])

t.test('relations', async (t) => {
  const ids = new Set(records.map(({ id }) => id))
  const faults = (record: CatalogueRecord) =>
    (record.relations ?? []).flatMap(({ measure }) => (measure && (!ids.has(measure) || measure === record.id) ? [measure] : []))
  none(t, perRecord(faults), 'point at another measure of the catalogue')
})

t.test('provenance', async (t) => {
  const paths = (record: CatalogueRecord) => (record.provenance ?? []).flatMap(({ fields }) => fields)
  const filled = (record: CatalogueRecord) => SOURCED_FIELDS.filter((field) => !isEmpty(record[field]))
  none(
    t,
    perRecord((record) => filled(record).filter((field) => !paths(record).some((path) => path.split('.')[0] === field))),
    'every filled field says where it comes from'
  )
  none(
    t,
    perRecord((record) => partsWithout(record)),
    'and so does each of its parts'
  )
  none(
    t,
    perRecord((record) => paths(record).filter((path) => !pointsAtSomething(record, path))),
    'no entry speaks of a field that is not there'
  )

  const entries = (record: CatalogueRecord) => record.provenance ?? []
  none(
    t,
    perRecord((record) =>
      entries(record)
        .filter(({ status, source }) => status === 'seen' && !source)
        .map(({ fields }) => fields.join())
    ),
    'what was seen has a source'
  )
  none(
    t,
    perRecord((record) =>
      entries(record)
        .filter(({ status, source }) => status === 'unverified' && source)
        .map(({ fields }) => fields.join())
    ),
    'what is unverified claims none'
  )
  none(
    t,
    perRecord((record) =>
      entries(record)
        .filter(({ fields, note }) => fields.length === 0 && !note)
        .map(({ status }) => status)
    ),
    'an entry without fields has a note'
  )
})

/** Parts of a composite field that no entry covers, neither by themselves nor with the whole. */
function partsWithout(record: CatalogueRecord): string[] {
  const paths = new Set((record.provenance ?? []).flatMap(({ fields }) => fields))
  const parts = (['specification', 'instrument', 'licence', 'testing', 'development'] as const).flatMap((field) =>
    paths.has(field) ? [] : Object.keys(record[field] ?? {}).map((part) => `${field}.${part}`)
  )
  const members = paths.has('languages') ? [] : (record.languages ?? []).map(({ code }) => `languages.${code}`)
  return [...parts, ...members].filter((path) => !paths.has(path))
}

t.test('plain words', async (t) => {
  none(
    t,
    perRecord(({ plainSummary }) => (plainSummary ? [] : ['no summary for people outside the field'])),
    'every record has a summary in plain words'
  )
  const words = (text: string) => text.split(/\s+/).length
  const long = ({ plainSummary = '' }: CatalogueRecord) => plainSummary.split(/(?<=[.?!])\s+/).filter((sentence) => words(sentence) > 32)
  none(t, perRecord(long), 'in sentences that can be read in one breath')
})

t.test('the report', async (t) => {
  const rows = reportCatalogue(records)
  const sum = (row: Record<string, number | string>) => GROUNDS.reduce((total, ground) => total + Number(row[ground]), 0)
  none(
    t,
    rows.filter((row) => sum(row) !== records.length).map(({ field }) => field),
    'adds up to the number of records in each row'
  )
  t.equal(rows.length, SOURCED_FIELDS.length, 'has a row for each field')
  t.equal(sum(totalOf(rows)), records.length * rows.length, 'and adds up in all')

  const licence = { fee: 'free', note: 'Ask first.' } as const
  const entry = (status: 'seen' | 'unverified' | 'classified', ...fields: string[]) => ({ status, fields })
  t.equal(groundOf({ title: 'x' }, 'licence'), 'unknown', 'what is absent is unknown')
  t.equal(groundOf({ title: 'x', licence: {} }, 'licence'), 'unknown', 'and so is what is empty')
  t.equal(groundOf({ title: 'x', licence }, 'licence'), 'unverified', 'a field that says nothing of its source is not verified')
  t.equal(groundOf({ title: 'x', licence, provenance: [entry('classified', 'licence')] }, 'licence'), 'classified')
  t.equal(
    groundOf({ title: 'x', licence, provenance: [entry('unverified', 'licence.fee'), entry('seen', 'licence.note')] }, 'licence'),
    'seen',
    'the firmest ground counts'
  )
})
