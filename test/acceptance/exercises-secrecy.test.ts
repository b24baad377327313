/**
 * A ballot is secret: what a process that was really started writes down of voters, and what becomes of ballots that come at once. Over the
 * network, on both engines; what was kept is read from the database itself.
 */
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { lookInside } from '../inside.ts'
import { type Body, LONG } from './client.ts'
import { place } from './place.ts'
import { bearer, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

const PLAN = {
  title: 'What to measure first',
  question: 'How important is it to measure this first?',
  items: ['secret-item-1', 'secret-item-2'].map((id) => ({ kind: 'statement', id, label: 'Something' })),
  groups: [{ code: 'carers', target: 1 }],
  rounds: [{ method: 'rating-1-9' }]
}
const ballotOf = (n: number) => ({ scores: { 'secret-item-1': (n % 9) + 1, 'secret-item-2': (Math.trunc(n / 9) % 9) + 1 } })

/** How a code could stand in a line. */
const formsOf = (code: string) => {
  const written = [code, code.replaceAll('-', '')].flatMap((each) => [each, each.toLowerCase()])
  return [...written, ...written.map((each) => Buffer.from(each).toString('base64'))]
}

for (const engine of engines) {
  t.test(engine.name, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { env, start } = await place(t, engine)
    const server = await start({ LOG_LEVEL: 'trace' })
    const inside = await lookInside(env.DATABASE_URL)
    t.teardown(inside.close)

    const call = async (
      method: string,
      path: string,
      { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}
    ) => {
      const answer = await fetch(`${server.base}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
      })
      const text = await answer.text()
      return { status: answer.status, text, json: (text.startsWith('{') ? JSON.parse(text) : {}) as Body }
    }
    const admin = { ...bearer(ADMIN_KEY), 'if-match': '*' }
    const step = (id: string, which: string, body: object = {}) => call('POST', `/v1/exercises/${id}/${which}`, { body, headers: admin })
    const opened = async (): Promise<string> => {
      const { id } = (await call('POST', '/v1/exercises', { body: PLAN, headers: admin })).json
      if ((await step(id, 'open')).status !== 200) throw new Error(`${id} was not opened`)
      return id
    }
    const invite = async (id: string, count: number) =>
      (await step(id, 'invitations', { group: 'carers', count })).json['codes'] as string[]
    const ballotAt = (id: string) => `/v1/exercises/${id}/ballot`
    const cast = (id: string, code: string, body: unknown, headers: Record<string, string> = {}) =>
      call('PUT', ballotAt(id), { body, headers: { 'x-ballot-code': code, ...headers } })

    /** Where the log ends when everything before is in it: after the lines of one more request, since it is in order. */
    let marks = 0
    const end = async (): Promise<number> => {
      const mark = `"url":"/v1/exercises/mark-${++marks}"`
      await call('GET', `/v1/exercises/mark-${marks}`)
      for (;;) {
        const [, id] = new RegExp(`"reqId":"([^"]+)","req":{"method":"GET",${mark}`).exec(server.out()) ?? []
        const last = id === undefined ? -1 : server.out().indexOf('\n', server.out().lastIndexOf(id))
        if (last > 0 && server.out().slice(0, last).split(id!).length > 2) return last + 1
        await after(5)
      }
    }
    /** What the process prints while something is done. */
    const printed = async (work: () => Promise<void>): Promise<string> => {
      const from = await end()
      await work()
      const to = await end()
      return server.out().slice(from, to).split('\n').slice(0, -3).join('\n')
    }

    await t.test('nothing is written down of who votes, whatever the level of the log', async (t) => {
      const id = await opened()
      const elsewhere = await opened()
      const [one, two] = await invite(id, 2)
      const [foreign] = await invite(elsewhere, 1)
      const made = (await call('POST', '/v1/keys', { body: { name: 'comes along', role: 'organiser' }, headers: admin })).json
      const key = bearer(String(made['key']))
      const seen: string[] = []
      const voted = await printed(async () => {
        for (const code of [one!, two!]) {
          const receipt = await cast(id, code, ballotOf(3), { ...key, origin: 'https://elsewhere.example' })
          t.equal(receipt.status, 200)
          seen.push(String(receipt.json['receipt']))
          t.equal((await call('GET', ballotAt(id), { headers: { 'x-ballot-code': code, ...key } })).status, 200)
          t.equal((await call('HEAD', ballotAt(id), { headers: { 'x-ballot-code': code } })).status, 200)
          const form = { body: { level: 'clinical', country: 'BE' }, headers: { 'x-ballot-code': code, ...key } }
          t.equal((await call('POST', `/v1/exercises/${id}/form`, form)).status, 204)
          for (const part of ['ballot', 'form'])
            await call('OPTIONS', `/v1/exercises/${id}/${part}`, {
              headers: {
                origin: 'https://elsewhere.example',
                'access-control-request-method': 'GET',
                'access-control-request-headers': 'x-ballot-code'
              }
            })
        }
      })
      t.equal(voted, '', 'who votes, looks and fills in the form leaves no line')

      const refused = await printed(async () => {
        const wrong: [number, unknown, Record<string, string>?][] = [
          [422, { scores: { 'secret-item-1': 99, nothing: 1 } }],
          [422, { approved: ['secret-item-1'] }],
          [400, '{"scores":{"secret-item-1":'],
          [415, 'secret-item-1', { 'content-type': 'text/plain' }],
          [403, ballotOf(5), { 'x-ballot-code': foreign! }],
          [403, ballotOf(5), { 'x-ballot-code': `${one!.slice(0, -1)}?` }],
          [403, ballotOf(5), { 'x-ballot-code': one!.slice(1) }]
        ]
        for (const [status, body, headers] of wrong) t.equal((await cast(id, one!, body, headers)).status, status)
        t.equal((await cast('no-such-exercise', one!, ballotOf(5))).status, 404)
        t.equal((await call('PUT', `${ballotAt(id)}?code=${one}`, { body: ballotOf(1), headers: { 'x-ballot-code': one! } })).status, 400)
        t.equal(
          (await call('POST', `/v1/exercises/${id}/form`, { body: { country: 'XX' }, headers: { 'x-ballot-code': one! } })).status,
          422
        )
        t.equal(
          (await call('POST', `/v1/exercises/${id}/form`, { body: { country: 'BE' }, headers: { 'x-ballot-code': one! } })).status,
          409
        )
      })
      t.equal(refused, '', 'and neither does who is refused')

      const table = inside.engine === 'sqlite'
      await inside.query(
        table
          ? `create trigger refusing before insert on ballots begin select raise(abort, 'refused'); end`
          : `alter table ballots add constraint refusing check (key = '') not valid`
      )
      const failed = await printed(async () => {
        t.equal((await cast(id, one!, ballotOf(8))).status, 500)
      })
      await inside.query(table ? 'drop trigger refusing' : 'alter table ballots drop constraint refusing')
      t.match(failed, /"level":50/, 'a fault of the registry is logged')
      t.equal((await cast(id, two!, ballotOf(4))).status, 200)

      const all = server.out() + server.err()
      const [row] = await inside.query(`select key from ballots where exercise_id = '${id}'`)
      const words = [...[one!, two!, foreign!].flatMap(formsOf), ...seen, String(row!['key']), 'secret-item-1', 'scores', 'comes along']
      t.same(
        words.filter((word) => all.includes(word)),
        [],
        'no line holds a code, a receipt, the key of a ballot or what was voted'
      )
      t.notMatch(failed, /127\.0\.0\.1|::1/, 'and no line on a ballot an address')
      t.match(all, new RegExp(`"url":"/v1/exercises/${id}/open".*"remoteAddress"`), 'other requests are logged as ever')

      const metrics = (await call('GET', '/metrics')).text
      t.match(metrics, /route="\/v1\/exercises\/:id\/open"/)
      t.notMatch(metrics, /\/(ballot|form)"/, 'ballots and forms are in no metric')
      const keys = (await call('GET', '/v1/keys', { headers: admin })).json.items
      t.equal(keys.find(({ name }) => name === 'comes along')?.['lastUsedAt'], undefined, 'a key that comes along is not noted as used')
      t.ok(
        keys.some(({ lastUsedAt }) => lastUsedAt),
        'others are'
      )
    })

    await t.test('ballots that come at once: each code counts once', async (t) => {
      const id = await opened()
      const codes = await invite(id, 100)
      const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => cast(id, codes[n % 100]!, ballotOf(n))))
      t.same([...new Set(answers.map(({ status }) => status))], [200])
      const receipts = new Set(answers.map(({ json }) => json['receipt']))
      t.equal(receipts.size, 100, 'a code has one receipt')
      const rows = await inside.query(`select receipt from receipts where exercise_id = '${id}'`)
      t.same(new Set(rows.map(({ receipt }) => receipt)), receipts)
      t.equal((await inside.query(`select 1 from ballots where exercise_id = '${id}'`)).length, 100)
    })

    await t.test('a round is closed while ballots come: what was answered counts, and nothing else', async (t) => {
      const id = await opened()
      const codes = await invite(id, 200)
      let answered = 0
      let closing: ReturnType<typeof step> | undefined
      const answers = await Promise.all(
        codes.map(async (code, n) => {
          // Some are sent before the round is closed, some while it is, and some afterwards.
          if (n >= 150) while (!closing) await after(1)
          if (n >= 175) await closing
          const answer = await cast(id, code, ballotOf(n))
          if (++answered === 40) closing = step(id, 'close')
          return answer
        })
      )
      t.equal((await closing!).status, 200)
      const statuses = answers.map(({ status }) => status)
      t.same(
        [...new Set(statuses)].filter((status) => status !== 200 && status !== 409),
        []
      )
      t.same([...new Set(statuses.slice(175))], [409], 'after the close nothing is taken')
      for (const { json } of answers.filter(({ status }) => status === 409)) t.equal(json.code, 'round-not-open')
      const taken = answers.filter(({ status }) => status === 200)
      t.comment(`${taken.length} ballots were in time`)
      t.ok(taken.length >= 40)
      const rows = await inside.query(`select receipt from receipts where exercise_id = '${id}'`)
      t.same(
        rows.map(({ receipt }) => receipt).toSorted(),
        taken.map(({ json }) => json['receipt']).toSorted(),
        'every ballot that was answered is in'
      )
      t.equal((await inside.query(`select 1 from ballots where exercise_id = '${id}'`)).length, taken.length, 'and none half')
      if (inside.engine === 'postgres')
        for (const table of ['ballots', 'receipts']) {
          const writers = await inside.query(`select distinct xmin::text from ${table} where exercise_id = '${id}'`)
          t.equal(writers.length, 1, `${table}: the close wrote them all, and none came in afterwards`)
        }
      const listed = (await call('GET', `/v1/exercises/${id}/receipts`, { headers: admin })).json
      t.equal(listed.total, taken.length)
    })

    t.same(await server.end(), { code: 0, signal: null })
  })
}
