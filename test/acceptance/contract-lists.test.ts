import t from 'tap'
import { allPages, type Client, onEveryEngine, refuses } from './client.ts'

/** Five measures whose differences the filters see; what they share is the word of the client, in their titles. */
async function fill(client: Client): Promise<Map<string, string>> {
  const { word } = client
  const measures = {
    zebra: {
      title: `Zebra ${word}`,
      types: ['process'],
      levels: ['clinical'],
      settings: ['primary-care'],
      jurisdictions: ['GB-SCT'],
      development: { steward: `Büro ${word}, Ost`, livedExperience: 'co-developed' },
      identifiers: [{ system: 'CMIT', value: `${word}-7` }],
      direction: 'increase'
    },
    apple: {
      title: `apple ${word}`,
      types: ['outcome'],
      levels: ['clinical', 'professional'],
      settings: ['hospital', 'home'],
      dataSources: [{ kind: 'claims' }, { kind: 'linked' }],
      description: 'Care is coordinated between sectors.',
      licence: { fee: 'paid' },
      stratifiers: [
        { dimension: 'age', availability: 'available' },
        { dimension: 'religion', availability: 'unavailable' }
      ]
    },
    eclair: {
      title: `Éclair ${word}`,
      types: ['process', 'outcome'],
      levels: ['organisational'],
      settings: ['primary-care'],
      languages: [{ code: 'pt-BR', validation: 'validated' }],
      licence: { permission: 'ask' },
      strategies: ['6'],
      aims: ['equity']
    },
    mango: {
      title: `Mango ${word}`,
      acronym: `MX${word}`,
      types: ['cost'],
      levels: ['professional'],
      conditions: ['diabetes'],
      populations: ['older-adults'],
      sectors: ['health', 'housing'],
      perspectives: ['system'],
      domains: ['cost-use'],
      dimensions: ['normative'],
      testing: { reliability: 'positive' },
      use: [{ organisation: 'A region', jurisdiction: 'NL', lastConfirmed: '2026-01', purpose: 'improvement', mandated: true }]
    },
    plum: {
      title: `plum MX${word} and ${word}`,
      types: ['balancing'],
      levels: ['clinical'],
      language: 'de',
      description: 'Gemessen wird, wie Behandlungen zusammenwirken und wie Menschen sie wahrnehmen.',
      translations: { nl: { title: `Pruim ${word}`, description: 'Hoe behandelingen samenwerken.' } }
    }
  }
  const ids = new Map<string, string>()
  for (const [name, content] of Object.entries(measures)) ids.set((await client.publish(content)).json.id, name)
  return ids
}

onEveryEngine(t, async (t, client) => {
  const { word } = client
  const names = await fill(client)
  const list = (query: string) => client.get(`/v1/measures?${query}`)
  const found = async (query: string) => {
    const { status, json, text } = await list(query)
    if (status !== 200) return [`${status} ${text}`]
    return json.items.map(({ id }) => names.get(id) ?? id)
  }
  const all = ['apple', 'eclair', 'mango', 'plum', 'zebra']
  const but = (...left: string[]) => all.filter((name) => !left.includes(name))

  t.test('filters: comma is or, repetition is and, ! is not', async (t) => {
    const rows: [string, string[]][] = [
      ['', all],
      ['type=process', ['eclair', 'zebra']],
      ['type=process,cost', ['eclair', 'mango', 'zebra']],
      ['type=process&type=outcome', ['eclair']],
      ['type=!process', ['apple', 'mango', 'plum']],
      ['type=process&type=!outcome', ['zebra']],
      ['type=!process,outcome', ['apple', 'eclair', 'mango', 'plum']],
      ['type=process,outcome&level=clinical', ['apple', 'zebra']],
      ['scoring=proportion', all],
      ['scoring=ratio', []],
      ['direction=increase', ['zebra']],
      ['level=professional', ['apple', 'mango']],
      ['dimension=normative', ['mango']],
      ['domain=cost-use', ['mango']],
      ['strategy=6', ['eclair']],
      ['aim=equity', ['eclair']],
      ['perspective=system', ['mango']],
      ['setting=primary-care', ['eclair', 'zebra']],
      ['sector=housing', ['mango']],
      ['condition=diabetes', ['mango']],
      ['population=older-adults', ['mango']],
      ['jurisdiction=GB-SCT', ['zebra']],
      ['jurisdiction=GB', ['zebra']],
      ['stratifier=age', ['apple']],
      ['stratifier=religion', []],
      ['dataSource=claims', ['apple']],
      ['dataSource=claims&dataSource=linked', ['apple']],
      ['language=pt-BR', ['eclair']],
      ['language=pt', ['eclair']],
      ['licenceFee=paid', ['apple']],
      ['licenceFee=unknown', ['eclair']],
      ['permission=ask', ['eclair']],
      ['maturity=M5', ['mango']],
      ['maturity=M1', but('mango')],
      ['livedExperience=co-developed', ['zebra']],
      [`steward=${encodeURIComponent(`büro ${word}\\, ost`)}`, ['zebra']],
      [`steward=${encodeURIComponent(`BURO ${word}\\, OST`)}`, ['zebra']],
      ['steward=Acceptance%20Office', but('zebra')],
      [`identifier=${word}-7`, ['zebra']],
      [`identifier=CMIT%7C${word}-7`, ['zebra']],
      [`identifier=LOINC%7C${word}-7`, []],
      ['status=active', all],
      ['status=retired', []],
      ['missing=acronym', but('mango')],
      ['missing=!acronym', ['mango']],
      ['missing=acronym,testing', all.filter((name) => name !== 'mango')],
      ['missing=acronym&missing=direction', ['apple', 'eclair', 'plum']],
      ['missing=licence.fee', ['eclair']],
      ['missing=development.livedExperience', but('zebra')],
      ['updatedSince=2000-01-01T00:00:00Z', all],
      ['updatedSince=2000-01-01T00:00:00%2B02:00', all],
      ['updatedSince=2999-01-01T00:00:00Z', []]
    ]
    for (const [query, expected] of rows) t.same(await found(`q=${word}&sort=title&${query}`), expected, query || 'nothing')
  })

  t.test('search: stems, beginnings, accents, every word, the acronym first', async (t) => {
    const rows: [string, string[]][] = [
      [`${word} coordinating`, ['apple']],
      [`${word} coordinate`, ['apple']],
      [`${word} coord`, ['apple']],
      [`${word} ECLAIR`, ['eclair']],
      [`${word} éclairs`, ['eclair']],
      [`${word} Behandlung`, ['plum']],
      [`${word} behandeling`, ['plum']],
      [`${word} pruim`, ['plum']],
      [`${word} coordinated nothingofthekind`, []],
      [word.slice(0, 9), all],
      [word.toUpperCase(), all],
      [`${word}-7`, ['zebra']]
    ]
    for (const [q, expected] of rows) t.same((await found(`q=${encodeURIComponent(q)}&sort=title`)).sort(), [...expected].sort(), q)
    t.same(await found(`q=MX${word}`), ['mango', 'plum'], 'the measure with that acronym comes before one that mentions it')
    t.same(await found(`q=mx${word}&sort=-title`), ['plum', 'mango'], 'unless another order is asked for')
  })

  t.test('a search that finds nothing suggests others', async (t) => {
    const { json } = await list('q=coordinaton')
    t.equal(json.total, 0)
    t.ok((json['suggestions'] as string[]).length > 0)
    for (const suggestion of json['suggestions'] as string[])
      t.ok((await list(`q=${encodeURIComponent(suggestion)}`)).json.total > 0, `${suggestion} finds something`)
  })

  t.test('sort orders, and their opposites', async (t) => {
    t.same(await found(`q=${word}&sort=title`), all)
    t.same(await found(`q=${word}&sort=-title`), all.toReversed())
    t.same(await found(`q=${word}&sort=updated`), ['zebra', 'apple', 'eclair', 'mango', 'plum'])
    t.same(await found(`q=${word}&sort=-updated`), ['plum', 'mango', 'eclair', 'apple', 'zebra'])
    const byMaturity = await found(`q=${word}&sort=maturity`)
    t.equal(byMaturity.at(-1), 'mango', '- is for descending, here as well')
    t.same(await found(`q=${word}&sort=-maturity`), byMaturity.toReversed())
    t.same((await found(`q=${word}&sort=relevance`)).sort(), all)
    refuses(t, await list('sort=relevance'), { status: 400, code: 'invalid-parameter', at: '?sort' }, 'relevance needs words')
  })

  t.test('facets count under the same filters, each without its own', async (t) => {
    const counts = async (query: string, field: string) => {
      const { json } = await list(`q=${word}&facets=type,level&${query}`)
      return Object.fromEntries(json.facets[field]!.map(({ code, count }) => [code, count]))
    }
    t.same(await counts('', 'type'), { process: 2, outcome: 2, cost: 1, balancing: 1 })
    t.same(await counts('type=process', 'type'), { process: 2, outcome: 2, cost: 1, balancing: 1 }, 'without its own filter')
    t.same(await counts('type=process', 'level'), { clinical: 1, organisational: 1 }, 'with the filter of another')
    t.same(await counts('type=process&level=clinical', 'type'), { process: 1, outcome: 1, balancing: 1 })
    const { json } = await list(`q=${word}&facets=type&lang=fr`)
    const labels = (await client.get('/v1/vocabularies/measure-type?lang=fr')).json['concepts'] as { code: string; label: string }[]
    for (const { code, label } of json.facets['type']!) t.equal(label, labels.find((concept) => concept.code === code)?.label)
    t.equal((await list(`q=${word}`)).json['facets'], undefined, 'only where asked for')
    refuses(t, await list('facets=typ'), { status: 400, code: 'invalid-parameter', at: '?facets' }, 'an unknown facet')
  })

  t.test('unknown names are refused, with the nearest', async (t) => {
    const rows = [
      ['typ=process', 'unknown-parameter', '?typ', 'type'],
      ['type=proces', 'unknown-code', '?type', 'process'],
      ['type=!proces', 'unknown-code', '?type', 'process'],
      ['type=process&type=outcom', 'unknown-code', '?type', 'outcome'],
      ['setting=primarycare', 'unknown-code', '?setting', 'primary-care'],
      ['jurisdiction=XX', 'unknown-code', '?jurisdiction', undefined],
      ['missing=licens', 'unknown-code', '?missing', 'licence'],
      ['status=activ', 'unknown-code', '?status', 'active'],
      ['fields=titel', 'invalid-parameter', '?fields', 'title'],
      ['sort=titel', 'invalid-parameter', '?sort', 'title'],
      ['format=cvs', 'invalid-parameter', '?format', 'csv']
    ] as const
    for (const [query, code, at, nearest] of rows) {
      const reply = await list(query)
      refuses(t, reply, { status: 400, code, at }, query)
      if (nearest) t.equal(reply.json.errors?.[0]?.nearest, nearest, `${query}: did you mean ${nearest}?`)
    }
  })

  t.test('fields, language, limit, totals', async (t) => {
    const few = await list(`q=${word}&fields=id,title,readiness`)
    for (const item of few.json.items) t.same(Object.keys(item).sort(), ['id', 'readiness', 'title'])
    const dutch = await list(`q=${word}&sort=title&lang=nl&fields=title`)
    t.equal(dutch.headers.get('content-language'), 'nl')
    t.ok(dutch.json.items.some(({ title }) => title === `Pruim ${word}`))
    const negotiated = await client.get(`/v1/measures?q=${word}`, { headers: { 'accept-language': 'nl-BE, en;q=0.5' } })
    t.ok(
      negotiated.json.items.some(({ title }) => title === `Pruim ${word}`),
      'a regional form falls back to its language'
    )
    t.match(negotiated.headers.get('content-language') ?? '', /^nl/)
    t.notOk((await list(`q=${word}`)).json.items.some(({ title }) => title === `Pruim ${word}`))
    const { json } = await list('')
    t.equal(json.items.length, Math.min(50, json.total), 'fifty when nothing is said')
    t.same((await list('limit=1000')).json.items.length, Math.min(1000, json.total))
    t.equal((await list(`q=${word}&limit=5`)).json.next, '', 'a page that just fits is the last')
    t.equal((await list('q=nothingofthekind')).json.next, '', 'next is there where nothing is')
  })

  t.test('list items are the measures', async (t) => {
    for (const item of (await list(`q=${word}`)).json.items) t.same(item, (await client.get(`/v1/measures/${item.id}`)).json)
  })

  t.test('every code of every vocabulary is a filter', async (t) => {
    const pairs = { type: 'measure-type', scoring: 'scoring', level: 'level', domain: 'domain', strategy: 'strategy', maturity: 'maturity' }
    for (const [filter, name] of Object.entries(pairs)) {
      const concepts = (await client.get(`/v1/vocabularies/${name}`)).json['concepts'] as { code: string }[]
      const counted = await Promise.all(concepts.map(({ code }) => list(`${filter}=${code}&limit=1`)))
      t.ok(
        counted.every(({ status }) => status === 200),
        filter
      )
      const facet = (await list(`facets=${filter}&limit=1`)).json.facets[filter]!
      for (const [i, { code }] of concepts.entries())
        t.equal(facet.find((entry) => entry.code === code)?.count ?? 0, counted[i]!.json.total, `${filter}=${code}: total and facet agree`)
    }
  })

  t.test('pages hold the whole list once, whatever the order', async (t) => {
    for (const sort of ['title', '-title', 'updated', '-updated', 'maturity', '-maturity']) {
      const pages = await allPages(client, `/v1/measures?sort=${sort}&limit=7&fields=id`)
      const ids = pages.flat().map(({ id }) => id)
      t.equal(new Set(ids).size, ids.length, `${sort}: none twice`)
      t.equal(ids.length, (await list('limit=1')).json.total, `${sort}: all of them`)
      t.ok(pages.slice(0, -1).every((page) => page.length === 7))
    }
    const pages = await allPages(client, `/v1/measures?q=MX${word}&limit=1`)
    t.same(
      pages.flat().map(({ id }) => names.get(id)),
      ['mango', 'plum'],
      'by relevance as well'
    )
  })
})
