import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { recordChecker } from '../../src/imports/checking.ts'
import { shown } from '../../src/imports/note.ts'
import { headerOf } from '../../src/imports/reading/sheet.ts'
import { type Cell, readCell } from '../../src/imports/sheets/cells.ts'
import { columnOf, FIELD_COLUMNS, type FieldColumn, OWN_READ_ONLY } from '../../src/imports/sheets/columns.ts'
import { Findings } from '../../src/imports/sheets/findings.ts'
import { KNOWN_LISTS } from '../../src/imports/sheets/known-lists.ts'
import { type ColumnMapping, cellsOfObject, headingOf, readMapping } from '../../src/imports/sheets/mapping.ts'
import { measureFromOwn } from '../../src/imports/sheets/own-json.ts'
import { proposeMapping } from '../../src/imports/sheets/proposal.ts'
import { isComment, measureFromRow } from '../../src/imports/sheets/row.ts'
import synonyms from '../../src/imports/sheets/synonyms.json' with { type: 'json' }
import { plainWord } from '../../src/imports/sheets/words.ts'
import { MEASURE_COLUMNS } from '../../src/measures/measure.columns.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import { composeMeasure, contentOf } from '../../src/measures/measure.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

const lists = loadVocabularies()
const check = recordChecker(lists)

/** Lists that others published, for whoever has them beside the project. */
const SAMPLES = join(import.meta.dirname, '../../../shared/data/lists')

const codesOf = (notes: readonly { code: string }[]) => notes.map(({ code }) => code)
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

t.test('every column of the export is a field to read, or one that the registry keeps', async (t) => {
  const kept = [
    'canonicalUrl',
    'version',
    'status',
    'maturity',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'retirement.reason',
    'retirement.successor'
  ]
  t.same(OWN_READ_ONLY, kept)
  t.same(
    MEASURE_COLUMNS.map(({ name }) => name).filter((name) => !FIELD_COLUMNS.some((column) => column.name === name)),
    kept
  )
})

t.test('what a column holds follows from the schema', async (t) => {
  for (const [name, kind, vocabulary] of [
    ['title', 'line', undefined],
    ['description', 'text', undefined],
    ['licence.note', 'text', undefined],
    ['licence.currency', 'line', undefined],
    ['language', 'code', 'language'],
    ['types', 'codes', 'measure-type'],
    ['jurisdictions', 'codes', 'jurisdiction'],
    ['testing.crossCultural', 'code', 'testing-result'],
    ['instrument.items', 'integer', undefined],
    ['instrument.minutes', 'number', undefined],
    ['specification.riskAdjustment', 'texts', undefined],
    ['identifiers', 'pairs', undefined],
    ['stratifiers', 'pairs', 'equity-dimension'],
    ['stratifiers.details', 'json', undefined],
    ['dataSources', 'codes', 'data-source'],
    ['languages', 'pairs', 'language'],
    ['evidence', 'json', undefined],
    ['nextReviewDue', 'date', undefined],
    ['identifiers.Any system: 1', 'texts', undefined],
    ['translations.nl.title', 'line', undefined],
    ['translations.pt_br.description', 'text', undefined],
    ['translations.nl.validation', 'code', 'translation-validation'],
    ['release', 'line', undefined]
  ] as const) {
    const column = columnOf(name)
    t.same([column?.kind, column?.vocabulary], [kind, vocabulary], name)
  }
  const closed = FIELD_COLUMNS.filter(
    ({ kind, vocabulary }) => (kind === 'code' || kind === 'codes') && Object.hasOwn(CODES, vocabulary ?? '')
  )
  t.ok(closed.length > 20)
  for (const name of [
    '__proto__',
    'constructor',
    'translations.nl.madeFrom',
    'translations.__proto__.title',
    'specification',
    'identifiers.',
    'canonicalUrl',
    ''
  ])
    t.equal(columnOf(name), undefined, name)
})

t.test('what publication needs is marked', async (t) => {
  t.same(
    FIELD_COLUMNS.filter(({ required }) => required).map(({ name }) => name),
    ['title', 'description', 'types', 'scoring', 'levels', 'dataSources', 'licence.permission', 'development.steward']
  )
})

/** What becomes of one cell: the value, the codes of errors and those of warnings. */
function read(name: string | FieldColumn, cell: Cell, separator?: string) {
  const findings = new Findings()
  const column = typeof name === 'string' ? columnOf(name)! : name
  const value = readCell(cell, { column, place: { column: 'Heading', field: column.name }, findings, lists, separator })
  return { value, errors: findings.errors, warnings: findings.warnings }
}

t.test('cells become values by the kind of their column', async (t) => {
  const yes: FieldColumn = { name: 'mandated', kind: 'boolean', inTemplate: false }
  for (const [column, cell, value, errors, warnings] of [
    ['title', '  Falls \n in care homesFHIR ', 'Falls in care homes', [], ['whitespace', 'title-suffix']],
    ['translations.nl.title', 'Vallen&eacute;', 'Vallené', [], ['entities']],
    ['description', 'a\n\n\n\nb', 'a\n\nb', [], ['whitespace']],
    ['description', ['first line', 'second line'], 'first line\nsecond line', [], []],
    ['description', '<p> </p>', undefined, [], ['markup', 'whitespace']],
    ['title', '   ', undefined, [], []],
    ['instrument.items', '12', 12, [], []],
    ['instrument.items', '12.0', 12, [], []],
    ['instrument.items', '12.5', undefined, ['invalid'], []],
    ['instrument.items', 'twelve', undefined, ['invalid'], []],
    ['instrument.minutes', '12.5', 12.5, [], []],
    ['instrument.minutes', '12,5', 12.5, [], ['locale']],
    ['instrument.minutes', '1,234', undefined, ['invalid'], []],
    ['instrument.minutes', '1e2', 100, [], []],
    ['instrument.minutes', '0x10', undefined, ['invalid'], []],
    ['instrument.minutes', 'Infinity', undefined, ['invalid'], []],
    ['licence.amount', '1e999', undefined, ['invalid'], []],
    [yes, 'TRUE', true, [], []],
    [yes, 'Ja', true, [], []],
    [yes, 'oui', true, [], []],
    [yes, 'sí', true, [], []],
    [yes, 'nee', false, [], []],
    [yes, 'Nein', false, [], []],
    [yes, 'non', false, [], []],
    [yes, 'perhaps', undefined, ['invalid'], []],
    ['nextReviewDue', '2026-03-04', '2026-03-04', [], []],
    ['nextReviewDue', '2026-03-04T00:00:00.000Z', '2026-03-04', [], []],
    ['nextReviewDue', '04/03/2026', undefined, ['invalid'], []],
    ['nextReviewDue', '2026-03', undefined, ['invalid'], []],
    ['scoring', 'proportion', 'proportion', [], []],
    ['scoring', ' PROPORTION ', 'proportion', [], []],
    ['scoring', 'proportions', undefined, ['unknown-code'], []],
    ['language', 'pt_br', 'pt-BR', [], ['locale']],
    ['language', 'Nederlands', 'nl', [], []],
    ['language', 'Klingonish', undefined, ['unknown-code'], []],
    ['jurisdictions', 'NL; gb-eng\nFrankreich', ['NL', 'GB-ENG', 'FR'], [], ['locale']],
    ['jurisdictions', 'uk', ['GB'], [], ['locale']],
    ['types', 'process|outcome', ['process', 'outcome'], [], []],
    ['types', 'Process, Outcome, process', ['process', 'outcome'], [], []],
    ['types', 'patientReportedOutcome', ['patient-reported-outcome'], [], []],
    ['types', ['process', 'outcome'], ['process', 'outcome'], [], []],
    ['types', 'process|progress', ['process'], ['unknown-code'], []],
    ['strategies', 'Evaluation with routine, meaningful data', ['6'], [], []],
    ['strategies', '1, 6', ['1', '6'], [], []],
    ['specification.riskAdjustment', 'age; sex\nsex', ['age; sex', 'sex'], [], []],
    ['specification.riskAdjustment', 'age|sex; gender', ['age', 'sex; gender'], [], []],
    ['specification.riskAdjustment', 'age; sex', ['age', 'sex'], [], []],
    ['specification.riskAdjustment', ['age; years', ' sex '], ['age; years', 'sex'], [], ['whitespace']],
    [
      'identifiers',
      'CBE=0059|QPP=001',
      [
        { system: 'CBE', value: '0059' },
        { system: 'QPP', value: '001' }
      ],
      [],
      []
    ],
    [
      'identifiers',
      'DOI=10.1/a|b|QPP=x=y',
      [
        { system: 'DOI', value: '10.1/a|b' },
        { system: 'QPP', value: 'x=y' }
      ],
      [],
      []
    ],
    ['identifiers', '0059', [], ['invalid'], []],
    ['identifiers', 'CBE=', [], ['invalid'], []],
    ['identifiers.CBE', '0059|0060', ['0059', '0060'], [], []],
    ['identifiers.urn:ietf:rfc:3986', 'http://x.org/M|1.0', ['http://x.org/M|1.0'], [], []],
    ['dataSources', 'claims, EHR', [{ kind: 'claims' }, { kind: 'ehr' }], [], []],
    [
      'stratifiers',
      'age=available; place',
      [
        { dimension: 'age', availability: 'available' },
        { dimension: 'place', availability: 'unknown' }
      ],
      [],
      []
    ],
    ['stratifiers', 'age=perhaps', [], ['unknown-code'], []],
    [
      'languages',
      'nl=validated|pt_br',
      [
        { code: 'nl', validation: 'validated' },
        { code: 'pt-BR', validation: 'unknown' }
      ],
      [],
      ['locale']
    ],
    ['evidence', '[{"title":"A&amp;B"}]', [{ title: 'A&B' }], [], ['entities']],
    ['evidence', '[{"titel":"A"}]', [{}], ['unknown-field'], []],
    ['evidence', '[{"title":}]', undefined, ['unreadable'], []],
    ['translations', '{"pt_br":{"title":"T"}}', { 'pt-BR': { title: 'T' } }, [], ['locale']]
  ] as const) {
    const result = read(column, cell)
    t.same(
      [result.value, codesOf(result.errors), codesOf(result.warnings)],
      [value, errors, warnings],
      `${JSON.stringify(column)} ${shown(cell)}`
    )
  }
})

t.test('a stated separator is the only one', async (t) => {
  t.same(read('types', 'process / outcome', '/').value, ['process', 'outcome'])
  t.same(read('specification.riskAdjustment', 'age|sex, gender', ',').value, ['age|sex', 'gender'])
})

t.test('an error says what is expected, and what may have been meant', async (t) => {
  t.match(read('scoring', 'proportions').errors, [
    {
      code: 'unknown-code',
      column: 'Heading',
      field: 'scoring',
      found: 'proportions',
      expected: 'A code of `scoring`, or its label.',
      mend: 'Did you mean "proportion"?'
    }
  ])
  t.match(read('nextReviewDue', '4 March').errors, [{ expected: 'YYYY-MM-DD' }])
  t.match(read('evidence', '[{"é":1 "b"}]').errors, [{ detail: 'It is not JSON: character 9 cannot stand there.' }])
  t.match(read('evidence', '[1,2').errors, [{ detail: 'It is not JSON: character 5 cannot stand there.' }])
  t.match(read('evidence', '[{"titel":"A"}]').errors, [{ field: 'evidence.0.titel', mend: 'Did you mean "title"?' }])
})

t.test('however much is wrong in a cell, the report stays short', async (t) => {
  t.ok(read('types', Array.from({ length: 5_000 }, (_, i) => `x${i}`).join('|')).errors.length <= 100)
})

t.test('mappings are read, and what does not fit is named', async (t) => {
  const header = ['Name', 'Type', 'Number of\nitems'].map(headingOf)
  const good = {
    Name: 'title',
    Type: { field: 'types', values: { PROM: 'patient-reported-outcome', '-': null } },
    'Number of\n items': null
  }
  t.same(readMapping(good, header), { mapping: { Name: 'title', Type: good.Type, 'Number of items': null } })
  t.ok('mapping' in readMapping({ '* jurisdictions': { field: 'jurisdictions', value: 'US', always: true } }, header))
  t.ok('mapping' in readMapping({ Anything: 'title' }), 'without a header every heading may come')
  for (const [mapping, code, expected] of [
    ['title', 'invalid', {}],
    [['title'], 'invalid', {}],
    [null, 'invalid', {}],
    [{ Name: 'titel' }, 'unknown-field', { field: 'titel', mend: 'Did you mean "title"?' }],
    [{ Name: 'constructor' }, 'unknown-field', {}],
    [{ Name: 'version' }, 'unknown-field', { mend: 'Map the heading to null.' }],
    [{ Nam: 'title' }, 'invalid', { column: 'Nam', mend: 'Did you mean "Name"?' }],
    [{ Name: 7 }, 'invalid', {}],
    [{ Name: ['title'] }, 'invalid', {}],
    [{ Name: { fields: 'title' } }, 'invalid', {}],
    [{ Name: { field: 'title', when: 'x' } }, 'invalid', { pointer: '/when' }],
    [{ Type: { field: 'types', value: 'proces' } }, 'unknown-code', { mend: 'Did you mean "process"?' }],
    [{ Type: { field: 'types', values: { P: 'process|outcomes' } } }, 'unknown-code', { found: 'outcomes' }],
    [{ Name: { field: 'title', always: true } }, 'invalid', {}],
    [{ Name: 'title', Type: 'title' }, 'invalid', { column: 'Type', field: 'title' }],
    [{ Name: 'title', ' Name ': 'shortTitle' }, 'invalid', { column: 'Name' }],
    [JSON.parse('{"__proto__":"title"}'), 'invalid', {}],
    [JSON.parse('{"Name":{"field":"title","__proto__":{}}}'), 'invalid', {}],
    [Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`h${i}`, null])), 'invalid', {}]
  ] as const) {
    const result = readMapping(mapping, header)
    t.match('errors' in result && result.errors[0], { code, ...expected }, shown(mapping))
  }
  t.match(readMapping({ A: { field: 'scoring', value: 'ratio' }, B: { field: 'scoring', value: 'cohort' } }), { mapping: {} })
})

t.test('objects that are not ours have cells, by dotted path', async (t) => {
  const cells = cellsOfObject({ a: 1, b: null, c: ['x', 'y'], d: { e: true, f: { g: 'h' } }, i: [{ j: 1 }], k: [] })
  t.same({ ...cells }, { a: '1', b: '', c: ['x', 'y'], 'd.e': 'true', 'd.f.g': 'h', i: '[{"j":1}]', k: [] })
  t.same(Object.keys(cellsOfObject(JSON.parse('{"__proto__":{"title":"x"}}'))), ['__proto__.title'])
  for (const value of [null, 7, 'text', ['a']]) t.same({ ...cellsOfObject(value) }, {})
})

t.test('headings are recognised by their own names and by what fields are called in five languages', async (t) => {
  for (const [heading, field] of [
    ['title', 'title'],
    ['TITLE', 'title'],
    ['Title of the measure', 'title'],
    ['Titel', 'title'],
    ["Nom de l'indicateur", 'title'],
    ['Name des Indikators', 'title'],
    ['Título', 'title'],
    ['short_title', 'shortTitle'],
    ['specification numerator', 'specification.numerator'],
    ['Zähler', 'specification.numerator'],
    ['Noemer', 'specification.denominator'],
    ['identifiers.My system', 'identifiers.My system'],
    ['translations.nl.title', 'translations.nl.title'],
    ['NQF #', 'identifiers.NQF'],
    ['status', null]
  ] as const)
    t.same(proposeMapping([heading]), { mapping: { [heading]: field }, unmapped: [] }, heading)
  const foreign = ['Status', 'ID', 'Evidence', 'Identifiers', 'constructor', '__proto__', 'Owner']
  t.same(proposeMapping([...foreign, '', 'importComment']), { mapping: {}, unmapped: foreign })
})

t.test('two headings for one value stay unmapped, unless one is the field itself', async (t) => {
  t.same(proposeMapping(['Titel', 'Measure name']), { mapping: {}, unmapped: ['Titel', 'Measure name'] })
  t.same(proposeMapping(['Titel', 'title']), { mapping: { title: 'title' }, unmapped: ['Titel'] })
  t.same(proposeMapping(['Land', 'Country']).unmapped, [])
})

t.test('a synonym stands for one field that there is', async (t) => {
  const fields = new Map<string, string>()
  for (const [field, spellings] of Object.entries(synonyms)) {
    t.ok(columnOf(field), field)
    for (const spelling of spellings) {
      const other = fields.get(plainWord(spelling))
      t.ok(other === undefined || other === field, `${spelling}: ${other} or ${field}`)
      fields.set(plainWord(spelling), field)
    }
  }
  for (const { name } of FIELD_COLUMNS) {
    const other = fields.get(plainWord(name))
    t.ok(other === undefined || other === name, `${name}: a synonym of ${other}`)
  }
})

t.test('known lists are read by mappings that fit', async (t) => {
  for (const { name, recognisedBy, mapping, constants, records } of KNOWN_LISTS) {
    t.match(readMapping(mapping), { mapping: {} }, name)
    const proposal = proposeMapping(recognisedBy)
    t.equal(proposal.recognised, name)
    t.match(readMapping(proposal.mapping, records === 'rows' ? recognisedBy : undefined), { mapping: {} }, `${name}, as it is proposed`)
    for (const { field, value } of constants) t.match(proposal.mapping[`* ${field}`], { field, value, always: true })
    t.not(proposeMapping(recognisedBy.slice(1)).recognised, name, 'a part of the signature is none')
  }
})

const row = (cells: Record<string, unknown>, mapping: ColumnMapping) => measureFromRow(cells, mapping, lists)

t.test('a row becomes a measure, nested as the schema has it', async (t) => {
  const { content, identity, errors, warnings, classified } = row(
    {
      id: 'falls',
      Name: 'Falls',
      Numerator: 'Fell',
      CBE: '0101',
      Claims: 'X',
      Record: 'x',
      Survey: '-',
      Register: '',
      Kind: 'PROM; process',
      Version: '2024',
      Day: '2024-02-01',
      'Titel (NL)': 'Vallen',
      Other: 'kept elsewhere'
    },
    {
      id: 'id',
      Name: 'title',
      Numerator: 'specification.numerator',
      CBE: 'identifiers.CBE',
      Claims: { field: 'dataSources', value: 'claims' },
      Record: { field: 'dataSources', value: 'ehr' },
      Survey: { field: 'dataSources', value: 'survey' },
      Register: { field: 'dataSources', value: 'register' },
      Kind: { field: 'types', values: { prom: 'patient-reported-outcome' } },
      Version: 'release',
      Day: 'releaseDate',
      'Titel (NL)': 'translations.nl.title',
      Nowhere: 'acronym',
      Other: null,
      '* jurisdictions': { field: 'jurisdictions', value: 'US', always: true },
      '* title': { field: 'title', value: 'Not this', always: true }
    }
  )
  t.same(content, {
    title: 'Falls',
    specification: { numerator: 'Fell' },
    types: ['patient-reported-outcome', 'process'],
    jurisdictions: ['US'],
    dataSources: [{ kind: 'claims' }, { kind: 'ehr' }],
    translations: { nl: { title: 'Vallen' } },
    identifiers: [
      { system: 'CBE', value: '0101' },
      { system: 'CBE version', value: '2024' }
    ]
  })
  t.same(identity, { id: 'falls', release: '2024', date: '2024-02-01' })
  t.same(classified, ['jurisdictions'])
  t.same([codesOf(errors), codesOf(warnings)], [[], ['version-as-identifier']])
})

t.test('which cells count', async (t) => {
  for (const [cell, target, value, warnings] of [
    ['yes', { value: 'claims' }, ['claims'], []],
    ['no', { value: 'claims' }, undefined, []],
    ['some', { value: 'claims' }, undefined, ['not-mapped']],
    ['some', { value: 'claims', when: ['SOME', 'all'] }, ['claims'], []],
    ['none', { value: 'claims', when: ['some', 'all'] }, undefined, []],
    ['N/A', { unless: ['n/a', '-'] }, undefined, []],
    ['claims|-', { unless: ['n/a', '-'] }, ['claims'], []],
    ['EHR', { when: ['claims'] }, undefined, []],
    ['Chart review, claims', { values: { 'chart review': 'observation' } }, ['observation', 'claims'], []],
    ['Chart, paper', { values: { 'chart, paper': 'observation' } }, ['observation'], []],
    ['none', { values: { none: null } }, undefined, []],
    [['a', 'claims'], { values: { a: 'ehr|survey' } }, ['ehr', 'survey', 'claims'], []],
    ['a+claims', { values: { a: 'ehr' }, separator: '+' }, ['ehr', 'claims'], []]
  ] as const) {
    const result = row({ Heading: cell }, { Heading: { field: 'dataSources', ...target } as never })
    const kinds = result.content.dataSources?.map(({ kind }) => kind)
    t.same([kinds, codesOf(result.warnings), result.errors], [value, warnings, []], `${shown(cell)} ${JSON.stringify(target)}`)
  }
})

t.test('two cells for one value are refused, and lists are joined', async (t) => {
  const scored: ColumnMapping = { P: { field: 'scoring', value: 'proportion' }, R: { field: 'scoring', value: 'ratio' } }
  t.same(row({ P: 'x' }, scored).content, { scoring: 'proportion' })
  t.same(codesOf(row({ P: 'x', R: 'x' }, scored).errors), ['ambiguous'])
  t.same(row({ A: 'NL', B: 'BE|NL' }, { A: 'jurisdictions', B: 'jurisdictions' }).content, { jurisdictions: ['NL', 'BE'] })
})

t.test('what holds for every record is added to lists, and is told from what stands in the record', async (t) => {
  const mapping: ColumnMapping = {
    Country: 'jurisdictions',
    '* jurisdictions': { field: 'jurisdictions', value: 'US', always: true },
    '* types': { field: 'types', value: 'process|outcome', separator: '/', always: true }
  }
  for (const [country, jurisdictions, classified] of [
    ['CA', ['CA', 'US'], ['jurisdictions', 'types']],
    ['US', ['US'], ['types']],
    ['', ['US'], ['jurisdictions', 'types']]
  ] as const) {
    const result = row({ Country: country }, mapping)
    t.same([result.content, result.classified], [{ jurisdictions, types: ['process', 'outcome'] }, classified], country)
  }
})

t.test('a simple column and its details are one list', async (t) => {
  const mapping = proposeMapping(['dataSources', 'dataSources.details', 'stratifiers', 'stratifiers.details']).mapping
  const details = '[{"kind":"ehr","note":"N"},{"kind":"claims"},{"kind":"ehr","note":"M"}]'
  for (const [simple, expected, warnings] of [
    ['', ['ehr N', 'claims', 'ehr M'], []],
    ['ehr|claims|ehr', ['ehr N', 'claims', 'ehr M'], []],
    ['ehr|survey', ['ehr N', 'ehr M', 'survey'], ['kept-apart']],
    ['claims', ['claims'], ['kept-apart', 'kept-apart']]
  ] as const) {
    const { content, warnings: notes } = row({ dataSources: simple, 'dataSources.details': details }, mapping)
    t.same([content.dataSources?.map(({ kind, note = '' }) => `${kind} ${note}`.trim()), codesOf(notes)], [expected, warnings], simple)
  }
  // Details of a form that is not ours stay as they are, for the schema to refuse.
  t.same(row({ dataSources: 'ehr', 'dataSources.details': '{"kind":"ehr"}' }, mapping).content, { dataSources: { kind: 'ehr' } })
  t.same(
    row(
      { stratifiers: 'age=unavailable', 'stratifiers.details': '[{"dimension":"age","availability":"available","coding":"bands"}]' },
      mapping
    ).content,
    { stratifiers: [{ dimension: 'age', availability: 'unavailable', coding: 'bands' }] }
  )
})

t.test('columns of a language go before the column of translations', async (t) => {
  const headings = ['translations', 'translations.nl.title', 'translations.pt_br.title']
  const { content, errors, warnings } = row(
    { translations: '{"nl":{"title":"Oud","rationale":"R"}}', 'translations.nl.title': 'Nieuw', 'translations.pt_br.title': 'Novo' },
    proposeMapping(headings).mapping
  )
  t.same(content.translations, { nl: { title: 'Nieuw', rationale: 'R' }, 'pt-BR': { title: 'Novo' } })
  t.same([errors, codesOf(warnings)], [[], ['locale']])
  t.same(codesOf(row({ H: 'T' }, { H: 'translations.klingonish.title' }).errors), ['unknown-code'])
  t.same(codesOf(row({ A: 'T', B: 'U' }, { A: 'translations.pt_br.title', B: 'translations.pt-BR.title' }).errors), ['ambiguous'])
})

t.test('another publisher’s address and version tell which measure it is', async (t) => {
  const mapping: ColumnMapping = { url: 'identifiers.urn:ietf:rfc:3986', version: 'release' }
  const { identity, content, warnings } = row({ url: 'http://x.org/Measure/a|1.2.3', version: '1.2.3' }, mapping)
  t.same(identity, { url: 'http://x.org/Measure/a', release: '1.2.3' })
  t.same(content.identifiers?.[1], { system: 'urn:ietf:rfc:3986 version', value: '1.2.3' })
  t.same(warnings, [])
  t.same(row({ version: 'v7' }, mapping).content.identifiers, [{ system: 'version', value: 'v7' }])
})

t.test('rows that explain are no measures; errors of a spreadsheet are', async (t) => {
  for (const [cell, expected] of [
    ['# a comment', true],
    ['  #', true],
    ['#REF!', false],
    ['#N/A', false],
    ['Title', false],
    ['', false]
  ] as const)
    t.equal(isComment([cell, 'x']), expected, cell)
  t.notOk(isComment([]))
})

t.test('hostile headings are headings', async (t) => {
  const headings = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  for (const heading of headings) t.same(row({}, { [heading]: 'title' }).content, {}, heading)
  const cells = JSON.parse('{"__proto__":"A title","constructor":"b"}')
  t.same(row(cells, JSON.parse('{"__proto__":"title"}')).content, { title: 'A title' })
  t.equal(Object.hasOwn(Object.prototype, 'title'), false)
})

t.test('our own JSON is read as people write it', async (t) => {
  const { content, identity, errors, warnings } = measureFromOwn(
    {
      id: 'falls',
      title: 'Falls &amp; fractures\n',
      language: 'en_gb',
      jurisdictions: ['uk'],
      evidence: [{ title: 'One\n\n\n\ntwo' }],
      identifiers: [{ system: 'urn:ietf:rfc:3986', value: 'http://x.org/a' }],
      translations: { pt_br: { title: 'Quedas' } },
      types: 'process',
      status: 'active',
      gapCount: 3,
      importComment: 'title: too long'
    },
    lists
  )
  t.same(content, {
    title: 'Falls & fractures',
    language: 'en-GB',
    jurisdictions: ['GB'],
    evidence: [{ title: 'One\n\ntwo' }],
    identifiers: [{ system: 'urn:ietf:rfc:3986', value: 'http://x.org/a' }],
    translations: { 'pt-BR': { title: 'Quedas' } },
    types: 'process'
  })
  t.same(identity, { id: 'falls', url: 'http://x.org/a' })
  t.same(errors, [])
  t.same(
    warnings.map(({ code, pointer }) => `${code} ${pointer}`),
    [
      'entities /title',
      'whitespace /title',
      'locale /language',
      'locale /jurisdictions/0',
      'whitespace /evidence/0/title',
      'locale /translations/pt_br',
      'kept-apart /status',
      'kept-apart /gapCount'
    ]
  )
})

t.test('what is not ours is refused by name', async (t) => {
  for (const [value, code, pointer, mend] of [
    [{ titel: 'x' }, 'unknown-field', '/titel', 'Did you mean "title"? Or give a mapping, if this is a list of somebody else.'],
    [{ specification: { numerater: 'x' } }, 'unknown-field', '/specification/numerater', 'Did you mean "numerator"?'],
    [{ 'a/b~c': 'x' }, 'unknown-field', '/a~1b~0c', undefined],
    [JSON.parse('{"__proto__":{"title":"x"}}'), 'unknown-field', '/__proto__', undefined],
    [{ constructor: 'x' }, 'unknown-field', '/constructor', undefined],
    [{ id: 7 }, 'invalid', '/id', undefined],
    [{ translations: { pt_br: {}, 'pt-BR': {} } }, 'ambiguous', '/translations/pt-BR', undefined],
    [[], 'not-a-measure', '', undefined],
    [null, 'not-a-measure', '', undefined],
    ['text', 'not-a-measure', '', undefined]
  ] as const) {
    const [error, ...rest] = measureFromOwn(value, lists).errors
    t.match(error, { code, pointer, ...(mend ? { mend } : {}) }, shown(value))
    t.same(rest, [])
  }
})

const STARTERS = globSync('db/catalogue/measures/*.json').sort()
const starterOf = (path: string) => {
  const { id, ...content } = json(path) as MeasureContent & { id: string }
  const at = '2026-01-01T00:00:00.000Z'
  return composeMeasure(contentOf(content), {
    id,
    publicUrl: 'https://registry.example/v1',
    version: '1.0.0',
    status: 'active',
    createdAt: at,
    updatedAt: at,
    publishedAt: at
  })
}

t.test('what is exported comes back the same, from a sheet and from JSON', async (t) => {
  t.ok(STARTERS.length > 100)
  const header = MEASURE_COLUMNS.map(({ name }) => name)
  const { mapping, unmapped } = proposeMapping(header)
  t.same(unmapped, [])
  for (const path of STARTERS) {
    const measure = starterOf(path)
    const cells = Object.fromEntries(
      MEASURE_COLUMNS.map(({ name, cell }) => [name, cell(measure)] as const).map(([name, cell]) => [
        name,
        cell === undefined ? '' : String(cell)
      ])
    )
    const clean = { classified: [], errors: [], warnings: [] }
    const fromSheet = row(cells, mapping)
    t.match(fromSheet, { ...clean, identity: { id: measure.id } }, path)
    t.same(fromSheet.content, contentOf(measure), path)
    const fromJson = measureFromOwn(JSON.parse(JSON.stringify(measure)), lists)
    t.match(fromJson, { ...clean, identity: { id: measure.id } }, path)
    t.same(fromJson.content, contentOf(measure), path)
    t.same(check(fromSheet), [])
  }
})

const anyField = fc.constantFrom(
  ...FIELD_COLUMNS.map(({ name }) => name),
  'identifiers.X',
  'translations.nl.title',
  'translations.xx_1.title',
  'release',
  'releaseDate',
  'nonsense'
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('X', '-', 'a=b|c', '[{"kind":"ehr"}]', '{"nl":{}}', '{"nl":7}', '[1]', 'null', '12,5', '<p>')
)
const anyTarget = fc.oneof(
  anyField,
  fc.constant(null),
  fc.record(
    {
      field: anyField,
      value: anyText,
      when: fc.array(anyText),
      unless: fc.array(anyText),
      values: fc.dictionary(anyText, fc.option(anyText)),
      separator: fc.string({ minLength: 1 }),
      always: fc.boolean()
    },
    { requiredKeys: ['field'] }
  )
)
const anyHeading = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.string())

t.test('no row and no JSON makes them throw', async (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(anyHeading, fc.oneof(anyText, fc.array(anyText), fc.jsonValue())),
      fc.dictionary(anyHeading, anyTarget),
      (cells, mapping) => {
        const headings = Object.keys(cells)
        const entries = Object.entries(mapping).map(([heading, target], i) => [headings[i] ?? heading, target])
        row(cells, Object.fromEntries(entries))
        check(row(cells, proposeMapping(headings).mapping))
        readMapping(mapping, headings)
      }
    ),
    { numRuns: 1_000 }
  )
  const anyOwn = fc.dictionary(
    fc.oneof(fc.constantFrom(...FIELD_COLUMNS.map(({ name }) => name.split('.')[0]!), 'status'), anyHeading),
    fc.jsonValue()
  )
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), anyOwn), (value) => {
      check(measureFromOwn(value, lists))
      row(cellsOfObject(value), proposeMapping(Object.keys(cellsOfObject(value))).mapping)
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})

t.test(
  'lists that others published go in',
  { skip: existsSync(SAMPLES) ? false : 'the published lists are not beside the project' },
  async (t) => {
    const objects = (path: string) => [json(join(SAMPLES, path))].flat().map((object) => cellsOfObject(object))
    const sheet = (path: string) => {
      const [first = [], ...rows] = parse(readFileSync(join(SAMPLES, path)), { bom: true }) as string[][]
      const header = headerOf(first)
      return rows.map((cells) =>
        Object.fromEntries(header.map((heading, i) => [heading, cells[i]] as const).filter(([heading]) => heading !== ''))
      )
    }
    const prescribing = readdirSync(join(SAMPLES, 'openprescribing')).filter((name) => name.endsWith('.json'))
    for (const [name, records, count, fields] of [
      ['cms-qpp-2022', sheet('cms-qpp/qpp-2022-quality-measures.csv'), 296, ['types', 'dataSources', 'identifiers', 'development']],
      ['cms-qpp-2025', objects('cms-qpp/qpp-2025-measures-data.json'), 612, ['identifiers', 'jurisdictions']],
      ['fingertips', objects('fingertips/indicators.json'), 35, ['direction', 'identifiers', 'specification']],
      ['openprescribing', prescribing.flatMap((file) => objects(join('openprescribing', file))), 80, ['rationale', 'specification']]
    ] as const) {
      const proposal = proposeMapping(Object.keys(records[0]!))
      t.equal(proposal.recognised, name)
      t.equal(records.length, count)
      for (const cells of records) {
        const interpreted = row(cells, proposal.mapping)
        t.same([...interpreted.errors, ...check(interpreted)], [], `${name}: ${interpreted.content.title}`)
        t.same(interpreted.classified, ['jurisdictions'])
        for (const field of fields) t.ok(interpreted.content[field], `${name}: ${field}`)
      }
    }
  }
)
