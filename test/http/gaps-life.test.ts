/** The life of gaps: recorded ones through every status, findings as their measures change, on every engine. */
import t from 'tap'
import { refreshDismissals } from '../../src/gaps/dismissing.ts'
import { type GapStatus, needsReason, STEPS } from '../../src/gaps/life.ts'
import { rebuildGaps, refreshGaps } from '../../src/gaps/rebuilding.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Response, type SendOptions } from '../registry.ts'
import { putMeasures, ready, retire } from './made.ts'

const ANY = { 'if-match': '*' }
const GAP = {
  title: 'Nobody asks',
  statement: 'The questions exist in Dutch only.',
  kind: 'no-translation',
  populations: [{ dimension: 'language', focus: 'excluded' }]
}
const etag = (response: Response) => ({ 'if-match': String(response.headers['etag']) })
/** How one comes to a status from `reported`. */
const WAYS: Partial<Record<GapStatus, readonly GapStatus[]>> = {
  reported: [],
  'under-review': ['under-review'],
  confirmed: ['confirmed'],
  'remedy-agreed': ['confirmed', 'remedy-agreed'],
  'in-progress': ['confirmed', 'remedy-agreed', 'in-progress'],
  resolved: ['confirmed', 'remedy-agreed', 'in-progress', 'resolved'],
  rejected: ['rejected'],
  'accepted-risk': ['confirmed', 'accepted-risk'],
  merged: ['merged']
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { send, store, context, close } = registry
    t.teardown(close)

    let made = 0
    const record = async (body: object = {}): Promise<string> => {
      const id = `gap-${++made}`
      const answer = await send('POST', '/v1/gaps', { as: 'contributor', body: { ...GAP, id, ...body } })
      t.equal(answer.statusCode, 201, answer.body)
      return id
    }
    const target = await record()
    const move = (id: string, body: object, options: SendOptions = {}) =>
      send('POST', `/v1/gaps/${id}/transitions`, { as: 'reviewer', headers: ANY, ...options, body })
    /** The body of a step with everything that it needs. */
    const stepTo = (to: GapStatus) => ({
      to,
      reason: 'Because.',
      ...(to === 'merged' ? { into: target } : {}),
      ...(to === 'dismissed' ? { until: '2027-01-31' } : {})
    })
    const inStatus = async (status: GapStatus, body: object = {}) => {
      const id = await record(body)
      for (const to of WAYS[status]!) t.equal((await move(id, stepTo(to))).statusCode, 200, to)
      return id
    }
    const read = async (id: string) => (await send('GET', `/v1/gaps/${id}`)).json()
    const findings = async (query: string) => (await send('GET', `/v1/gaps?origin=derived&limit=1000&${query}`)).json().items
    const countOf = async (id: string) => (await send('GET', `/v1/measures/${id}`)).json().gapCount
    const mend = async (id: string, patch: object) => {
      const opened = await send('PATCH', `/v1/measures/${id}/draft`, { as: 'contributor', headers: ANY, body: patch })
      t.equal(opened.statusCode, 200, opened.body)
      const published = await send('POST', `/v1/measures/${id}/draft/publish`, { as: 'reviewer', headers: ANY, body: {} })
      t.equal(published.statusCode, 200, published.body)
    }

    await t.test('every step from every status, by each role, with and without a reason', async (t) => {
      for (const from of Object.keys(WAYS) as GapStatus[]) {
        for (const to of CODES['gap-status']) {
          const step = STEPS[from].find((each) => each.to === to)
          const id = await inStatus(from)
          const name = `${from} to ${to}`
          if (!step) {
            const refused = (await move(id, stepTo(to))).json()
            t.match(refused, { status: 409, code: 'transition-not-allowed' }, name)
            for (const each of STEPS[from]) t.ok(refused.detail.includes(each.to), `${name}: it names ${each.to}`)
            continue
          }
          t.equal((await move(id, stepTo(to), { as: 'organiser' })).statusCode, 403)
          if (step.role === 'reviewer') t.match((await move(id, stepTo(to), { as: 'contributor' })).json(), { code: 'forbidden' }, name)
          const { reason: _reason, ...silent } = stepTo(to)
          if (needsReason(from, to)) t.match((await move(id, silent)).json(), { status: 422, errors: [{ pointer: '/reason' }] }, name)
          const before = await read(id)
          const moved = await move(id, needsReason(from, to) ? stepTo(to) : silent, { as: step.role })
          t.match(moved.json(), { id, status: to }, name)
          t.equal((await send('GET', `/v1/gaps/${id}`)).body, moved.body)
          t.equal(moved.json().closingReason, ['rejected', 'accepted-risk', 'merged'].includes(to) ? 'Because.' : undefined, name)
          t.equal(moved.json().mergedInto, to === 'merged' ? target : undefined)
          t.ok(moved.json().updatedAt > before.updatedAt)
        }
      }
    })

    await t.test('what a step has to say', async (t) => {
      const id = await record()
      const merged = await inStatus('merged')
      const rows: [body: object, pointer: string][] = [
        [{ to: 'merged', reason: 'x' }, '/into'],
        [{ to: 'merged', reason: 'x', into: id }, '/into'],
        [{ to: 'merged', reason: 'x', into: 'not-there' }, '/into'],
        [{ to: 'merged', reason: 'x', into: merged }, '/into'],
        [{ to: 'merged', reason: 'x', into: 'Not A Slug' }, '/into'],
        [{ to: 'confirmed', into: target }, '/into'],
        [{ to: 'confirmed', until: '2027-01-01' }, '/until'],
        [{ to: 'confirmed', reason: '' }, '/reason'],
        [{ to: 'confirmed', reason: 'x'.repeat(5_001) }, '/reason'],
        [{ to: 'confirmd' }, '/to'],
        [{}, '/to'],
        [{ to: 'confirmed', note: 'x' }, '/note']
      ]
      for (const [body, pointer] of rows) {
        const refused = (await move(id, body)).json()
        t.equal(refused.status, 422, JSON.stringify(body).slice(0, 80))
        t.ok(
          refused.errors.some((error: { pointer: string }) => error.pointer === pointer),
          pointer
        )
      }
      t.equal((await move(id, { to: 'confirmed' }, { headers: {} })).statusCode, 428)
      t.equal((await move(id, { to: 'confirmed' }, { headers: { 'if-match': '"old"' } })).statusCode, 412)
      t.equal((await move('not-there', { to: 'confirmed' })).statusCode, 404)
      t.equal((await send('POST', `/v1/gaps/${id}/transitions`, { headers: ANY, body: { to: 'confirmed' } })).statusCode, 401)
      t.equal((await read(id)).status, 'reported')
      const again = { headers: { ...ANY, 'idempotency-key': 'step-1' } }
      const first = await move(id, { to: 'under-review' }, again)
      t.equal((await move(id, { to: 'under-review' }, again)).body, first.body)
    })

    await t.test('editing', async (t) => {
      const id = await record({ severity: { reach: 'few', consequence: 'harm' } })
      const edit = (body: object, options: SendOptions = {}) =>
        send('PATCH', `/v1/gaps/${id}`, { as: 'contributor', headers: ANY, body, ...options })
      const seen = await send('GET', `/v1/gaps/${id}`)
      const edited = await edit({ severity: { alternative: 'good' }, levels: ['clinical'] }, { headers: etag(seen) })
      t.match(edited.json(), { severity: { reach: 'few', consequence: 'harm', alternative: 'good' }, severityLevel: 'moderate' })
      t.equal((await edit({ title: 'x' }, { headers: etag(seen) })).statusCode, 412)
      t.equal((await edit({ title: 'x' }, { headers: {} })).statusCode, 428)
      t.equal((await edit({ levels: ['clinical'] })).headers['etag'], edited.headers['etag'], 'without a difference nothing happens')
      for (const [body, pointer] of [
        [{ kind: null }, '/kind'],
        [{ statement: null }, '/statement'],
        [{ title: null }, '/title'],
        [{ severity: { reach: null } }, '/severity/reach'],
        [{ jurisdictions: ['XX'] }, '/jurisdictions/0'],
        [{ measures: [{ measure: 'not-there', role: 'affects' }] }, '/measures/0/measure'],
        [{ status: 'confirmed' }, '/status']
      ] as const) {
        const refused = (await edit(body)).json()
        t.equal(refused.status, 422, pointer)
        t.ok(
          refused.errors.some((error: { pointer: string }) => error.pointer === pointer),
          pointer
        )
      }
      const other = await record()
      t.equal(
        (await send('PATCH', `/v1/gaps/${other}`, { as: 'admin', headers: ANY, body: { title: 'By an administrator' } })).statusCode,
        200
      )
      await move(id, { to: 'under-review' })
      t.match((await edit({ title: 'Too late' })).json(), { code: 'transition-not-allowed' })
      t.equal((await edit({ title: 'A reviewer may' }, { as: 'reviewer' })).statusCode, 200)
      t.match((await send('GET', `/v1/gaps/${id}/history`, { as: 'contributor' })).json().items, [
        { who: 'the contributor', action: 'reported', fields: [{ pointer: '/title', new: GAP.title }] },
        { who: 'the contributor', action: 'updated', fields: [{ pointer: '/severity/alternative' }, { pointer: '/levels' }] },
        { who: 'the reviewer', action: 'under-review' },
        { who: 'the reviewer', action: 'updated', fields: [{ pointer: '/title', old: GAP.title, new: 'A reviewer may' }] }
      ])
      const made = await send('POST', '/v1/gaps', { as: 'reviewer', body: GAP })
      t.match((await send('PATCH', `/v1/gaps/${made.json().id}`, { as: 'contributor', headers: ANY, body: { title: 'x' } })).json(), {
        code: 'forbidden'
      })
    })

    await t.test('of two at the same moment one wins', async (t) => {
      for (const [condition, refusal] of [
        [undefined, 412],
        [ANY, 409]
      ] as const) {
        const id = await inStatus('confirmed')
        const headers = condition ?? etag(await send('GET', `/v1/gaps/${id}`))
        const both = await Promise.all(
          (['reviewer', 'second-reviewer'] as const).map((as) => move(id, { to: 'rejected', reason: 'x' }, { as, headers }))
        )
        t.same(both.map(({ statusCode }) => statusCode).sort(), [200, refusal])
      }
      const [a, b] = [await record(), await record()]
      const into = await Promise.all([move(a, { to: 'merged', reason: 'x', into: b }), move(b, { to: 'merged', reason: 'x', into: a })])
      t.same(into.map(({ statusCode }) => statusCode).sort(), [200, 422], 'two are not merged into each other')
      const edits = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          send('PATCH', `/v1/gaps/${target}`, { as: 'reviewer', headers: ANY, body: { evidence: [{ kind: 'assertion', text: `${i}` }] } })
        )
      )
      t.ok(edits.every(({ statusCode }) => statusCode === 200))
    })

    await t.test('measures count the gaps that name them', async (t) => {
      await putMeasures(registry, { counted: ready(), 'counted-too': ready() })
      const before = (await countOf('counted')).total
      const severity = { reach: 'many', consequence: 'harm' }
      const id = await record({ measures: [{ measure: 'counted', role: 'affects' }], severity })
      t.match(await countOf('counted'), { total: before + 1, critical: 1 })
      await send('PATCH', `/v1/gaps/${id}`, {
        as: 'contributor',
        headers: ANY,
        body: { measures: [{ measure: 'counted-too', role: 'affects' }] }
      })
      t.match([await countOf('counted'), await countOf('counted-too')], [{ critical: 0 }, { critical: 1 }])
      await move(id, { to: 'rejected', reason: 'x' })
      t.match(await countOf('counted-too'), { critical: 0 })
      const both = await Promise.all(
        Array.from({ length: 6 }, () =>
          record({
            measures: [
              { measure: 'counted', role: 'affects' },
              { measure: 'counted-too', role: 'affects' }
            ],
            severity
          })
        )
      )
      t.match([await countOf('counted'), await countOf('counted-too')], [{ critical: both.length }, { critical: both.length }])
      t.equal((await send('GET', '/v1/measures?hasGap=true&measure=x')).statusCode, 400)
    })

    await t.test('findings come, go and come back with their measure, under the same identifier', async (t) => {
      await putMeasures(registry, { comes: ready({ instrument: { name: 'Q', modes: ['app'], respondents: ['self'], readingGrade: 6 } }) })
      const [digital] = await findings('measure=comes&rule=R6')
      t.match(digital, {
        origin: 'derived',
        status: 'open',
        finding: { certainty: 'absent', closesWith: 'instrument.modes' },
        severityLevel: 'unknown'
      })
      t.match(digital.id, /^d-[0-9a-f]{20}$/)
      t.match((await send('PATCH', `/v1/gaps/${digital.id}`, { as: 'reviewer', headers: ANY, body: { title: 'x' } })).json(), {
        code: 'transition-not-allowed',
        detail: /adopt/
      })
      await mend('comes', { instrument: { modes: ['app', 'paper'] } })
      t.same(await findings('measure=comes&rule=R6'), [])
      const closed = await read(digital.id)
      t.match(closed, { status: 'closed', finding: { closedAt: /^2026/ } })
      t.match((await move(digital.id, stepTo('dismissed'))).json(), { code: 'transition-not-allowed', detail: /nowhere/ })
      t.match((await send('POST', `/v1/gaps/${digital.id}/adopt`, { as: 'reviewer', headers: ANY, body: { ownerRole: 'x' } })).json(), {
        status: 409
      })
      await mend('comes', { instrument: { modes: ['web'] } })
      const back = await read(digital.id)
      t.match(back, { id: digital.id, status: 'open', createdAt: digital.createdAt, finding: { closedAt: undefined } })
      t.ok(back.finding.openedAt > digital.finding.openedAt)
      t.match((await send('GET', `/v1/gaps/${digital.id}/history`)).json().items, [{ who: 'registry', action: 'opened' }])
      t.equal(await rebuildGaps(store, context.clock.now().toISOString()), 0, 'made again they are the same')
      t.same(await read(digital.id), back)
      await refreshGaps(store, context.clock.now().toISOString())
      t.equal(await refreshGaps(store, context.clock.now().toISOString()), 0)
      await retire(registry, 'comes')
      t.same(await findings('measure=comes'), [])
      t.equal((await read(digital.id)).status, 'closed')
    })

    await t.test('a finding is put aside until a day', async (t) => {
      await putMeasures(registry, { aside: ready({ licence: { permission: 'ask', fee: 'free' } }) })
      const [{ id }] = await findings('measure=aside&rule=R8')
      const before = (await countOf('aside')).total
      for (const [body, pointer] of [
        [{ to: 'dismissed', until: '2027-01-31' }, '/reason'],
        [{ to: 'dismissed', reason: 'x' }, '/until'],
        [{ to: 'dismissed', reason: 'x', until: '2026-11-24' }, '/until'],
        [{ to: 'dismissed', reason: 'x', until: '2028-11-25' }, '/until'],
        [{ to: 'dismissed', reason: 'x', until: '2027-02-30' }, '/until'],
        [{ to: 'dismissed', reason: 'x', until: 'soon' }, '/until']
      ] as const)
        t.match((await move(id, body)).json(), { status: 422, errors: [{ pointer }] }, JSON.stringify(body))
      t.match((await move(id, stepTo('dismissed'), { as: 'contributor' })).json(), { code: 'forbidden' })
      t.match((await move(id, { to: 'confirmed' })).json(), { code: 'transition-not-allowed', detail: /dismissed.*adopted/ })
      const dismissed = await move(id, stepTo('dismissed'))
      t.match(dismissed.json(), { status: 'dismissed', dismissal: { reason: 'Because.', until: '2027-01-31' } })
      t.equal((await countOf('aside')).total, before - 1)
      await mend('aside', { guidance: 'Another version.' })
      t.match(await read(id), { status: 'dismissed', dismissal: { until: '2027-01-31' } }, 'it stays aside while its measure changes')
      t.equal(await refreshDismissals(store, { now: '2027-01-31T12:00:00.000Z' }), 0)
      t.equal(await refreshDismissals(store, { now: '2027-02-01T00:00:00.000Z' }), 1)
      t.match(await read(id), { status: 'open', dismissal: undefined })
      t.equal((await countOf('aside')).total, before)
      t.equal(await refreshDismissals(store, { now: '2027-02-01T00:00:00.000Z' }), 0)
      await move(id, stepTo('dismissed'))
      t.match((await move(id, { to: 'open' })).json(), { status: 'open', dismissal: undefined })
      t.equal(await refreshDismissals(store, { now: '2028-01-01T00:00:00.000Z' }), 0)
      await move(id, stepTo('dismissed'))
      await mend('aside', { licence: { permission: 'none' } })
      await mend('aside', { licence: { permission: 'ask' } })
      t.match(
        await read(id),
        { status: 'dismissed', dismissal: { until: String } },
        'a rule that pauses does not end what was decided until a day'
      )
      t.match(
        (await send('GET', `/v1/gaps/${id}/history`)).json().items.map(({ action, who }: Record<string, string>) => `${action} ${who}`),
        ['opened registry', 'dismissed a reviewer', 'open registry', 'dismissed a reviewer', 'open a reviewer', 'dismissed a reviewer']
      )
    })

    await t.test('a finding becomes somebody’s, and its rule goes on being told', async (t) => {
      await putMeasures(registry, { owned: ready({ instrument: { name: 'Q', modes: ['app'], readingGrade: 6 } }) })
      const [{ id, title }] = await findings('measure=owned&rule=R6')
      const adopt = (options: SendOptions) =>
        send('POST', `/v1/gaps/${id}/adopt`, { headers: ANY, body: { ownerRole: 'Steward' }, ...options })
      const before = (await countOf('owned')).total
      t.equal((await adopt({})).statusCode, 401)
      t.equal((await adopt({ as: 'organiser' })).statusCode, 403)
      t.equal((await adopt({ as: 'contributor', headers: {} })).statusCode, 428)
      for (const body of [{}, { ownerRole: '' }, { ownerRole: 'x'.repeat(501) }, { ownerRole: 'x', to: 'y' }])
        t.equal((await adopt({ as: 'contributor', body })).statusCode, 422)
      const both = await Promise.all([adopt({ as: 'contributor' }), adopt({ as: 'reviewer' })])
      t.same(both.map(({ statusCode }) => statusCode).sort(), [200, 409])
      t.match(await read(id), {
        origin: 'adopted',
        status: 'confirmed',
        ownerRole: 'Steward',
        finding: { rule: 'R6', closedAt: undefined }
      })
      t.equal((await countOf('owned')).total, before)
      const edited = await send('PATCH', `/v1/gaps/${id}`, {
        as: 'reviewer',
        headers: ANY,
        body: { title: 'In our words', severity: { reach: 'many', consequence: 'harm' } }
      })
      t.match(edited.json(), { title: 'In our words', severityLevel: 'critical' })
      await move(id, { to: 'remedy-agreed' }, { as: 'contributor' })
      await mend('owned', { instrument: { modes: ['app', 'paper'] } })
      t.match(await read(id), { status: 'remedy-agreed', title: 'In our words', finding: { closedAt: /^2026/ } }, 'it stays with its owner')
      await rebuildGaps(store, context.clock.now().toISOString())
      t.match(await read(id), { status: 'remedy-agreed', title: 'In our words', origin: 'adopted' })
      await move(id, { to: 'in-progress' })
      t.match((await move(id, { to: 'resolved' })).json(), { status: 'resolved' })
      t.not(title, 'In our words')
    })

    await t.test('cells of the catalogue', async (t) => {
      const [cell] = await findings('rule=R11&domain=safety&population=age')
      t.match(cell, { measures: undefined, finding: { certainty: 'absent' } })
      const dismissed = await move(cell.id, stepTo('dismissed'))
      t.equal(dismissed.statusCode, 200, dismissed.body)
      const adopted = await send('POST', `/v1/gaps/${cell.id}/adopt`, { as: 'contributor', headers: ANY, body: { ownerRole: 'Ministry' } })
      t.match(adopted.json(), { origin: 'adopted', status: 'confirmed' })
      await putMeasures(registry, { safe: ready({ domains: ['safety'] }) })
      t.match(await read(cell.id), { status: 'confirmed', finding: { closedAt: /^2026/ } })
      const [other] = await findings('rule=R11&domain=medication&population=age')
      await putMeasures(registry, { pills: ready({ domains: ['medication'] }) })
      t.match(await read(other.id), { status: 'closed' })
      t.match((await send('GET', `/v1/gaps/${other.id}/history`)).json().items.at(-1), { who: 'registry', action: 'closed' })
      const busy = await Promise.all([
        ...Array.from({ length: 4 }, (_, i) =>
          putMeasures(registry, { [`busy-${i}`]: ready({ domains: ['workforce'], stratifiers: [] }) })
        ),
        ...(await findings('rule=R11&domain=workforce')).map(({ id }: { id: string }) => move(id, stepTo('dismissed')))
      ])
      t.ok(
        busy.every((each) => each === undefined || each.statusCode === 200),
        'steps and publications at the same time'
      )
    })
  })
}
