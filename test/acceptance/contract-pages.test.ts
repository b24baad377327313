import t from 'tap'
import { type Body, type Client, onEveryEngine, parse, refuses } from './client.ts'

/** The columns of the export. Others build on them: new ones come at the end, none moves or goes away. */
const COLUMNS =
  `id,canonicalUrl,version,status,title,shortTitle,acronym,language,description,plainSummary,rationale,guidance,identifiers,types,
scoring,direction,specification.subject,specification.initialPopulation,specification.denominator,specification.denominatorExclusion,
specification.denominatorException,specification.numerator,specification.numeratorExclusion,specification.measurePopulation,
specification.measurePopulationExclusion,specification.measureObservation,specification.unit,specification.frequency,
specification.riskAdjustment,specification.groups,instrument.name,instrument.items,instrument.minutes,instrument.modes,
instrument.respondents,instrument.recall,instrument.readingGrade,levels,dimensions,domains,strategies,aims,perspectives,settings,sectors,
conditions,populations,jurisdictions,stratifiers,stratifiers.details,excludes,dataSources,dataSources.details,languages,licence.id,
licence.permission,licence.fee,licence.amount,licence.currency,licence.contact,licence.copyright,licence.note,testing.reliability,
testing.validity,testing.responsiveness,testing.crossCultural,development.year,development.steward,development.contact,
development.livedExperience,evidence,use,relations,targets,translations,provenance,nextReviewDue,changeNote,maturity,createdAt,updatedAt,
publishedAt,retirement.reason,retirement.successor`
    .replaceAll('\n', '')
    .split(',')

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(text: string): Record<string, string>[] {
  const cells = [...text.replace(/^\uFEFF/, '').matchAll(/("((?:[^"]|"")*)"|[^",\r\n]*)(,|\r\n|$)/g)]
  const rows: string[][] = [[]]
  for (const [, bare = '', quoted, end] of cells) {
    rows.at(-1)!.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end !== ',') rows.push([])
  }
  const [head = [], ...lines] = rows.filter((row) => row.length > 1)
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ''])))
}

const titles = (items: readonly Body[]) => items.map(({ title }) => title.split(' ')[0])

async function retire(client: Client, id: string) {
  const { etag } = await client.get(`/v1/measures/${id}`)
  await client.post(`/v1/measures/${id}/retire`, { reason: 'Not in use.' }, { as: 'reviewer', headers: { 'if-match': etag } })
}

onEveryEngine(t, async (t, client) => {
  const { word } = client

  t.test('a cursor goes on where its page ended, whatever comes and goes', async (t) => {
    const ids = new Map<string, string>()
    const add = async (name: string) => ids.set(name, (await client.publish({ title: `${name} ${word}` })).json.id)
    for (const name of ['bb', 'dd', 'ff', 'hh', 'jj', 'll']) await add(name)
    const path = `/v1/measures?q=${word}&sort=title&limit=2`
    const first = await client.get(path)
    t.same(titles(first.json.items), ['bb', 'dd'])
    t.equal(first.json.total, 6)
    await add('aa')
    await add('gg')
    await retire(client, ids.get('bb')!)
    await retire(client, ids.get('dd')!)
    await retire(client, ids.get('hh')!)
    const second = await client.get(`${path}&cursor=${first.json.next}`)
    t.same(titles(second.json.items), ['ff', 'gg'], 'the last item of the page before is gone, and nothing shifts')
    t.equal(second.json.total, 5, 'the total is the present one')
    const third = await client.get(`${path}&cursor=${second.json.next}`)
    t.same(titles(third.json.items), ['jj', 'll'])
    t.equal(third.json.next, '')
    t.same(titles((await client.get(`${path}&cursor=${first.json.next}&lang=nl&fields=title`)).json.items), ['ff', 'gg'])
    for (const id of ids.values()) if ((await client.get(`/v1/measures/${id}`)).json.status === 'active') await retire(client, id)
  })

  t.test('pages while others write: what is there all along comes exactly once', async (t) => {
    const stay = await Promise.all(Array.from({ length: 12 }, (_, i) => client.publish({ title: `stay${i} ${word}` })))
    const writing = Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const { json } = await client.publish({ title: `${i % 2 ? 'a' : 'z'}guest${i} ${word}` })
        if (i % 3 === 0) await retire(client, json.id)
      })
    )
    for (let round = 0; round < 6; round++) {
      const seen: string[] = []
      for (let next: string | undefined; next !== ''; ) {
        const { json } = await client.get(
          `/v1/measures?q=${word}&sort=${round % 2 ? 'title' : '-updated'}&limit=3${next ? `&cursor=${next}` : ''}`
        )
        seen.push(...json.items.map(({ id }) => id))
        next = json.next
      }
      t.equal(new Set(seen).size, seen.length, 'none twice')
      for (const { json } of stay) t.ok(seen.includes(json.id), `round ${round} has ${json.title}`)
    }
    await writing
  })

  t.test('Link names the next page, and next is always there', async (t) => {
    const { headers, json } = await client.get(`/v1/measures?q=${word}&limit=2`)
    const link = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
    t.ok(link, headers.get('link') ?? 'no Link')
    const { pathname, search, searchParams } = new URL(link ?? 'http://none')
    t.equal(searchParams.get('cursor'), json.next)
    t.same((await client.get(pathname + search)).json, (await client.get(`/v1/measures?q=${word}&limit=2&cursor=${json.next}`)).json)
    const last = await client.get(`/v1/measures?q=${word}&limit=1000`)
    t.equal(last.json.next, '')
    t.equal(last.headers.get('link'), null)
    for (const path of ['/v1/vocabularies', '/v1/changes?limit=1000']) t.equal(typeof (await client.get(path)).json.next, 'string', path)
    t.equal((await client.get('/v1/measures?limit=1&cursor=')).status, 200, 'an empty cursor is the first page')
    const beyond = await client.get('/v1/changes?since=999999999')
    t.match(beyond.json, { status: 400, code: 'invalid-cursor' }, 'a log that was restored from an older copy says so')
  })

  t.test('CSV: frozen columns, safe in spreadsheets, the whole result', async (t) => {
    const risky = {
      title: `=HYPERLINK("http://x.example","${word}")`,
      shortTitle: '3-17',
      acronym: '@SUM',
      description: '+1, "quoted"\nand a second line; with a semicolon',
      plainSummary: "-2+3+cmd|' /C calc'!A0",
      rationale: '\tTab first',
      guidance: '=1+1',
      specification: { denominator: 'People.', numerator: 'Some.', unit: '1e5', frequency: '2024-01' }
    }
    const { json: made } = await client.publish(risky)
    const reply = await client.get(`/v1/measures?q=${word}&format=csv&limit=1&fields=id`)
    t.match(reply.headers.get('content-type') ?? '', /^text\/csv; ?charset=utf-8/i)
    t.match(reply.headers.get('content-disposition') ?? '', /attachment; filename="[\w.-]+\.csv"/)
    t.same([...reply.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'spreadsheets know UTF-8 by its mark')
    const [heading] = reply.text.replace(/^\uFEFF/, '').split('\r\n')
    t.same(heading!.split(',').slice(0, COLUMNS.length), COLUMNS, 'all columns in the frozen order, whatever the fields')
    const rows = readCsv(reply.text)
    const { total } = (await client.get(`/v1/measures?q=${word}&limit=1`)).json
    t.equal(rows.length, total, 'the whole result, not a page')
    const formulas = (of: typeof rows) => of.flatMap((each) => Object.values(each)).filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))
    t.same(formulas(rows), [], 'no cell starts a formula')
    // Its identifier is made of the short title, and would be a date as well.
    const row = rows.find(({ id }) => id?.replace(/^'/, '') === made.id)!
    for (const [name, value] of Object.entries(risky).filter(([, value]) => typeof value === 'string'))
      t.equal(row[name]?.replace(/^'/, ''), value, `${name} is all there`)
    t.equal(row['shortTitle'], "'3-17", 'an age band does not become a date')
    t.match(row['specification.unit'], /^'/, 'nor a unit a number')
    t.same(
      (await client.get(`/v1/measures?q=${word}`, { headers: { accept: 'text/csv' } })).text,
      (await client.get(`/v1/measures?q=${word}&format=csv`)).text
    )
    const everything = readCsv((await client.get('/v1/measures?format=csv')).text)
    t.equal(everything.length, (await client.get('/v1/measures?limit=1')).json.total)
    t.same(formulas(everything), [])
  })

  t.test('NDJSON: one measure a line, the whole result', async (t) => {
    for (const [query, headers] of [
      ['&format=ndjson', {}],
      ['', { accept: 'application/x-ndjson' }]
    ] as const) {
      const reply = await client.get(`/v1/measures?limit=1&sort=-updated${query}`, { headers })
      t.match(reply.headers.get('content-type') ?? '', /^application\/x-ndjson/)
      t.ok(reply.text.endsWith('\n'))
      const items = reply.text.trimEnd().split('\n').map(parse)
      const { json } = await client.get('/v1/measures?limit=1000&sort=-updated')
      t.equal(items.length, json.total)
      if (json.next === '') t.same(items, json.items, 'the same measures, with all their fields, in the same order')
    }
  })

  t.test('the other lists come as files as well, whole', async (t) => {
    const rows = [
      ['/v1/vocabularies', 'name,title,description,version,concepts,open,source,source.url'],
      ['/v1/vocabularies/level', 'code,label,checked,definition,broader,codings,label.en,label.nl,label.fr,label.de,label.es'],
      ['/v1/changes', 'cursor,at,kind,id,action,version']
    ] as const
    for (const [path, columns] of rows) {
      const { json } = await client.get(path === '/v1/changes' ? `${path}?limit=1000` : path)
      const items = (json.items ?? json['concepts']) as unknown[]
      const csv = await client.get(`${path}?format=csv`)
      t.match(csv.headers.get('content-type') ?? '', /^text\/csv/, path)
      t.equal(csv.text.replace(/^\uFEFF/, '').split('\r\n')[0], columns, `${path}: columns`)
      const lines = await client.get(path, { headers: { accept: 'application/x-ndjson' } })
      const parsed = lines.text.trimEnd().split('\n').map(parse)
      t.equal(parsed.length, readCsv(csv.text).length, `${path}: as many lines as rows`)
      // Only where the pages end can their items be compared with the whole.
      if (!json.next) t.same(parsed, items, `${path}: the same items`)
    }
  })

  t.test('the form is negotiated; format= comes first', async (t) => {
    const rows = [
      ['*/*', /^application\/json/],
      ['text/html,application/xhtml+xml,*/*;q=0.8', /^application\/json/],
      ['application/json;q=0.1, text/csv', /^text\/csv/],
      ['text/csv;q=0, application/json', /^application\/json/],
      ['text/*', /^text\/csv/]
    ] as const
    for (const [accept, type] of rows)
      t.match((await client.get('/v1/measures?limit=1', { headers: { accept } })).headers.get('content-type') ?? '', type, accept)
    t.match((await client.get('/v1/measures?format=json', { headers: { accept: 'text/csv' } })).headers.get('content-type') ?? '', /json/)
    refuses(
      t,
      await client.get('/v1/measures', { headers: { accept: 'image/png' } }),
      { status: 406, code: 'not-acceptable', at: 'accept:' },
      'a picture'
    )
    const types = ['csv', 'ndjson', 'json'].map((format) => client.get(`/v1/measures?limit=1&format=${format}`))
    t.equal(new Set((await Promise.all(types)).map(({ etag }) => etag)).size, 3, 'each form has an ETag of its own')
  })
})
