/** Readiness as it is answered: at once after a change, to whom, with validators, in five languages, in sentences; and its rules. */
import t from 'tap'
import { GATE_IDS } from '../../src/readiness/gate.ts'
import { VERDICTS } from '../../src/readiness/verdict.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Registry, type SendOptions } from '../registry.ts'
import { putMeasures, type ReadinessAnswer, ready, retire, SENTENCE } from './made.ts'

const LANGUAGES = ['en', 'nl', 'fr', 'de', 'es'] as const
const ASKED = 'data=survey&language=nl,en&jurisdiction=BE&budget=0&minutes=5&setting=hospital&stratifier=age,religion&populationSize=50'

async function open(engine: (typeof engines)[number]) {
  const registry = await openRegistry(engine, { catalogue: 'empty' })
  await putMeasures(registry, {
    scale: ready({
      title: 'A scale',
      acronym: 'SCL',
      languages: [{ code: 'en', validation: 'original' }],
      excludes: [{ dimension: 'place', note: 'Islands.' }]
    }),
    costly: ready({ title: 'A costly one', licence: { permission: 'ask', fee: 'paid', amount: 1250.5, currency: 'EUR' } }),
    young: ready({ title: 'A young one', testing: undefined, use: undefined, instrument: undefined, direction: undefined }),
    record: ready({ title: 'A record', instrument: undefined, languages: undefined, dataSources: [{ kind: 'ehr', elements: ['HbA1c'] }] })
  })
  const save = async (context: object, name: string): Promise<string> =>
    (await registry.send('POST', '/v1/contexts', { as: 'contributor', body: { name, context } })).json().id
  const [a, b] = [await save({ language: ['nl'] }, 'Ghent'), await save({ language: ['en'], jurisdiction: ['GB'] }, 'Leeds')]
  const paths = {
    measure: `/v1/measures/scale/readiness?${ASKED}`,
    catalogue: `/v1/readiness?${ASKED}`,
    unlocks: `/v1/readiness/unlocks?${ASKED}`,
    compare: `/v1/readiness/compare?a=${a}&b=${b}`,
    rules: '/v1/readiness-rules?'
  }
  return { registry, paths, a, b }
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { registry, paths, a } = await open(engine)
    t.teardown(registry.close)
    const { send } = registry
    const json = async (url: string, options: SendOptions = {}) => (await send('GET', url, options)).json()
    const dutch = async (more = '', options: SendOptions = {}) => {
      const { items, counts, total, facets } = await json(`/v1/readiness?language=nl&facets=language,status&limit=1000&${more}`, options)
      return { verdicts: verdictsOf(items), counts, total, languages: countsIn(facets.language), statuses: countsIn(facets.status) }
    }

    await t.test('validators: the same until the catalogue changes', async (t) => {
      const seen = new Map<string, string>()
      for (const [name, path] of Object.entries(paths)) {
        const first = await send('GET', path)
        t.equal(first.statusCode, 200, first.body)
        const etag = String(first.headers.etag)
        t.match(etag, /^"[^"]+"$/, 'strong')
        seen.set(name, etag)
        const again = await send('GET', path, { headers: { 'if-none-match': `"x", ${etag}` } })
        t.strictSame([again.statusCode, again.body, again.headers.etag], [304, '', etag], name)
        t.match(first.headers.vary, /accept-language/i, name)
        const head = await send('HEAD', path)
        t.strictSame([head.statusCode, head.body, head.headers.etag, head.headers['content-language']], [200, '', etag, 'en'], name)
        t.equal(head.headers['content-length'], first.headers['content-length'], name)
        for (const other of ['lang=nl', ...(name === 'rules' || name === 'compare' ? [] : ['format=text', 'purpose=research'])])
          t.not((await send('GET', `${path}&${other}`)).headers.etag, etag, `${name} ${other}`)
      }
      const before = await json(paths.catalogue)
      await revise(registry, 'scale', { rationale: 'Something new.' })
      for (const [name, path] of Object.entries(paths))
        t.equal((await send('GET', path)).headers.etag === seen.get(name), name === 'rules', `${name} after a change`)
      t.match(await json(paths.catalogue), { counts: before.counts, total: before.total })
    })

    await t.test('a new version, a retirement and a discarded draft show at the next request', async (t) => {
      const before = await dutch()
      t.match(before, { verdicts: { scale: 'not-ready', record: 'ready-now' }, total: 4, languages: { en: 3 }, statuses: { active: 4 } })
      t.notOk(before.languages['nl'])
      const draft = await edit(registry, 'scale', {
        languages: [
          { code: 'en', validation: 'original' },
          { code: 'nl', validation: 'validated' }
        ]
      })
      t.same(await dutch(), before, 'a draft beside it changes nothing for readers')
      t.equal((await json('/v1/measures/scale/readiness?language=nl')).verdict, 'not-ready')
      await publish(registry, 'scale', String(draft.headers.etag))
      const after = await dutch()
      t.match(after, { verdicts: { scale: 'ready-now' }, total: 4, languages: { en: 3, nl: 1 } })
      t.equal(after.counts['ready-now'], before.counts['ready-now'] + 1)
      t.equal(after.counts['not-ready'], before.counts['not-ready'] - 1)
      t.match(await json('/v1/measures/scale/readiness?language=nl'), { verdict: 'ready-now', measure: { version: '1.2.0' } })

      await putMeasures(registry, { gone: ready({ title: 'Soon gone' }) })
      t.match(await dutch(), { total: 5, verdicts: { gone: 'not-ready' } })
      await retire(registry, 'gone')
      t.same(await dutch(), { ...after, statuses: { active: 4, retired: 1 } }, 'retired measures are listed where somebody asks for them')
      t.same((await dutch('status=retired')).verdicts, { gone: 'not-ready' })
      t.match(await json('/v1/measures/gone/readiness'), { verdict: 'not-ready', measure: { status: 'retired' } })
      t.equal((await send('GET', '/v1/measures/nothing/readiness')).statusCode, 404)
    })

    await t.test('contributors see drafts as well, others are refused', async (t) => {
      const body = ready({ title: 'A draft', languages: [{ code: 'nl', validation: 'validated' }] })
      const made = await send('POST', '/v1/measures', { as: 'contributor', body: { ...body, id: 'draft-one' } })
      t.equal(made.statusCode, 201, made.body)
      const drafts = 'status=draft,active'
      t.match(await dutch(drafts, { as: 'contributor' }), {
        total: 5,
        verdicts: { 'draft-one': 'ready-now' },
        statuses: { draft: 1, active: 4 }
      })
      t.match(await dutch('', { as: 'contributor' }), { total: 4, statuses: { draft: 1 } })
      t.notOk((await dutch()).statuses['draft'], 'they are not even counted')
      t.same((await dutch('status=!active', { as: 'contributor' })).verdicts, { 'draft-one': 'ready-now', gone: 'not-ready' })
      t.same((await dutch('status=!active')).verdicts, { gone: 'not-ready' })
      for (const path of [`/v1/readiness?${drafts}`, `/v1/readiness/unlocks?${drafts}`, `${paths.compare}&${drafts}`]) {
        t.match(await json(path), { status: 401, code: 'unauthenticated' }, path)
        t.match(await json(path, { as: 'organiser' }), { status: 403, code: 'forbidden' }, path)
        t.equal((await send('GET', path, { as: 'contributor' })).statusCode, 200, path)
      }
      t.equal(
        (await send('GET', '/v1/measures/draft-one/readiness', { as: 'contributor' })).statusCode,
        404,
        'drafts have no answer of their own'
      )
      t.equal((await send('DELETE', '/v1/measures/draft-one/draft', { as: 'contributor' })).statusCode, 204)
      t.same((await dutch(drafts, { as: 'contributor' })).statuses, { active: 4, retired: 1 })
    })

    await t.test('five languages', async (t) => {
      for (const [name, path] of Object.entries(paths)) {
        const said = new Set<string>()
        for (const lang of LANGUAGES) {
          const answer = await send('GET', `${path}&lang=${lang}`)
          t.equal(answer.headers['content-language'], lang)
          t.equal(
            (await send('GET', path, { headers: { 'accept-language': `${lang}-XX, en;q=0.1` } })).body,
            answer.body,
            `${name} ${lang}`
          )
          const sentences = sentencesIn(answer.json())
          t.ok(sentences.length > 0, name)
          if (name !== 'rules') for (const sentence of sentences) t.match(sentence.replace(/\?$/, '.'), SENTENCE)
          said.add(sentences.join())
        }
        t.equal(said.size, LANGUAGES.length, `${name}: each in its own words`)
        t.equal((await send('GET', `${path}&lang=pl`)).headers['content-language'], 'en')
        t.equal((await send('GET', `${path}&lang=en`)).headers.etag, (await send('GET', path)).headers.etag)
      }
    })

    await t.test('whole sentences as text', async (t) => {
      const rows: [path: string, says: RegExp[]][] = [
        [paths.measure, [/^You asked: /, /A scale \(SCL\)/, /1\.0\.0/, /Islands\./]],
        [paths.catalogue, [/Of 4 measures, /, /A scale \(SCL\)/, /A costly one/, /A young one/, /A record/, /€1,250\.50?/]],
        [`${paths.catalogue}&limit=1`, [/There are 3 more measures\..*cursor \S+/]],
        [paths.unlocks, [/Of 4 measures, /, /1\. \p{Lu}/u, /- \p{Lu}/u]],
        ['/v1/readiness?', [/You named no circumstances/]],
        ['/v1/readiness/unlocks?status=retired&q=nothing', [/Of 0 measures, /, /No single change/]]
      ]
      for (const [path, says] of rows) {
        for (const lang of LANGUAGES) {
          const answer = await send('GET', `${path}&format=text&lang=${lang}`)
          t.match(answer.headers, { 'content-type': 'text/plain; charset=utf-8', 'content-language': lang })
          t.notMatch(answer.body, /[{}]|undefined|null|NaN|\[object|\.\.(\s|$)|\s[.,](\s|$)|\u0020{2}/, `${path} ${lang}`)
          for (const line of answer.body.split('\n')) {
            const isTitle = /^(A scale \(SCL\)|A costly one|A young one|A record|Soon gone)$/.test(line)
            t.ok(line === '' || isTitle || /[.:]$/.test(line) || /\d\.$|[\w-]{20,}\.?$/.test(line), `${lang}: ${line}`)
          }
          if (lang === 'en') for (const each of says) t.match(answer.body, each, path)
          const accepted = await send('GET', `${path}&lang=${lang}`, { headers: { accept: 'text/plain, application/json;q=0.5' } })
          t.equal(accepted.body, answer.body)
        }
      }
      for (const path of [paths.measure, paths.catalogue, paths.unlocks])
        t.match(await json(path, { headers: { accept: 'image/png' } }), { status: 406, code: 'not-acceptable' })
    })

    await t.test('a saved context, and what is stated beside it', async (t) => {
      t.match((await json(`/v1/readiness?context=${a}`)).context, { language: ['nl'], horizonDays: 90 })
      const both = await json(`/v1/readiness?context=${a}&language=tr&minutes=5`)
      t.strictSame(both.context, { language: ['tr'], minutes: 5, horizonDays: 90, asOf: '2026-11-24' })
      t.same((await json('/v1/readiness?language=tr&minutes=5')).items, both.items)
      for (const path of ['/v1/measures/scale/readiness?', '/v1/readiness?', '/v1/readiness/unlocks?']) {
        t.strictSame((await json(`${path}context=${a}&asOf=2020-02-29`)).context, { language: ['nl'], horizonDays: 90, asOf: '2020-02-29' })
        t.match(await json(`${path}context=0000000000000000`), { status: 404, code: 'not-found', errors: [{ parameter: 'context' }] }, path)
      }
    })

    await t.test('reports from practice stand beside the verdict', async (t) => {
      const [before] = (await json('/v1/readiness?q=costly')).items
      const body = { outcome: 'abandoned', organisation: 'A hospital', context: { jurisdiction: ['BE'] }, reason: 'Too dear.' }
      const sent = await send('POST', '/v1/measures/costly/implementations', { as: 'contributor', body })
      t.equal(sent.statusCode, 201, sent.body)
      const [item] = (await json('/v1/readiness?q=costly')).items
      t.strictSame(item, { ...before, reports: { ...before.reports, abandoned: 1 } })
      t.match(await json('/v1/measures/costly/readiness'), { verdict: before.verdict, recentReports: [{ outcome: 'abandoned' }] })
    })

    await t.test('the rules', async (t) => {
      for (const lang of LANGUAGES) {
        const rules = await json(`/v1/readiness-rules?lang=${lang}`)
        t.equal(rules.language, lang)
        t.same(idsOf(rules.gates), GATE_IDS)
        t.same(idsOf(rules.maturity), ['M0', 'M1', 'M2', 'M3', 'M4', 'M5'])
        t.same(idsOf(rules.verdicts), VERDICTS)
        t.ok(rules.workingFigures.length > 0)
        for (const part of ['title', 'question', 'fails', 'closes', 'source'])
          t.ok(
            rules.gates.every((gate: Record<string, string>) => gate[part]?.trim()),
            `${lang} ${part}`
          )
        for (const { question, fails, closes } of rules.gates) {
          t.match(question, /^[\p{Lu}¿].*\?$/u)
          for (const text of [fails, closes]) t.match(text, SENTENCE)
        }
        for (const path of [paths.measure, paths.catalogue, paths.unlocks, paths.compare])
          t.equal((await json(path)).rulesVersion, rules.version)
      }
    })
  })
}

const idsOf = (entries: readonly { id: string }[]) => entries.map(({ id }) => id)
const verdictsOf = (items: readonly ReadinessAnswer[]) => Object.fromEntries(items.map(({ measure, verdict }) => [measure.id, verdict]))
const countsIn = (facet: readonly { code: string; count: number }[]): Record<string, number> =>
  Object.fromEntries(facet.map(({ code, count }) => [code, count]))

/** What is said for people anywhere in an answer. */
function sentencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(sentencesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => {
    if (['because', 'closesWith', 'sentence', 'question', 'fails'].includes(name) && typeof part === 'string')
      return part === '' ? [] : [part]
    return sentencesIn(part)
  })
}

async function edit({ send }: Registry, id: string, patch: object) {
  const answer = await send('PATCH', `/v1/measures/${id}/draft`, { as: 'contributor', body: patch, headers: { 'if-match': '*' } })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer
}

async function publish({ send }: Registry, id: string, etag: string) {
  const answer = await send('POST', `/v1/measures/${id}/draft/publish`, {
    as: 'reviewer',
    body: { impact: 'minor' },
    headers: { 'if-match': etag }
  })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

const revise = async (registry: Registry, id: string, patch: object) =>
  publish(registry, id, String((await edit(registry, id, patch)).headers.etag))
