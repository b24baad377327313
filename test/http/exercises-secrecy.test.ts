/**
 * A ballot is secret. What the database holds is read from the database itself, not from the source: nothing in it leads from a voter to a
 * ballot, and what is said to be destroyed is not in its files. What anybody can read is compared byte by byte. On every engine.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import t from 'tap'
import type { Reader, Store } from '../../db/store.ts'
import { hashOf, newCode, printedCode, readCode } from '../../src/exercises/voting/codes.ts'
import { ballotKeyOf, formMarkOf } from '../../src/exercises/voting/secrets.ts'
import { engines } from '../engines.ts'
import { type Inside, lookInside, textOf } from '../inside.ts'
import { openRegistry } from '../registry.ts'
import { ANY, exercisesIn, LIVED, PROS, statements, times } from './exercises.made.ts'
import { BY_CHANCE, changedIn, everyAnswer, formsOf, inOrder } from './exercises-secrecy.made.ts'
import { putMeasures, ready } from './made.ts'

const VOTERS = 60
const canonical = (code: string) => (readCode(code) as { code: string }).code

/** A ballot for each place in the order of casting: no two are alike. */
const ballotOf = (place: number) => ({ scores: { i1: (place % 9) + 1, i2: Math.trunc(place / 9) + 1, i3: ((place * 5) % 9) + 1 } })

/** The tables that voters write, with every column that they have. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  electorate: ['exercise_id', 'code_hash', 'group_code'],
  ballots: ['exercise_id', 'round', 'key', 'group_code', 'ballot'],
  receipts: ['exercise_id', 'round', 'receipt'],
  form_marks: ['exercise_id', 'mark'],
  form_counts: ['exercise_id', 'question', 'code', 'count']
}
/** What stands for a voter, and what for a ballot. */
const OF_VOTERS = ['code_hash', 'receipt', 'mark']
const OF_BALLOTS = ['ballot', 'ballots', 'key']

/** The statements of a request: what they do, to which table. */
const noted = new AsyncLocalStorage<string[]>()

/** A store that notes them. */
function noting(store: Store): Store {
  const nameOf = (table: object) => String((table as Record<symbol, unknown>)[Symbol.for('drizzle:Name')])
  const watched = <H extends Reader>(handle: H): H =>
    new Proxy(handle, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (['insert', 'update', 'delete', '$count', 'execute', 'run'].includes(String(name))) noted.getStore()?.push(String(name))
        if (name !== 'select') return value
        return (...columns: []) => {
          const builder = target.select(...columns)
          const from = builder.from.bind(builder)
          return Object.assign(builder, {
            from: (table: Parameters<typeof from>[0]) => {
              noted.getStore()?.push(`select ${nameOf(table)}`)
              return from(table)
            }
          })
        }
      }
    })
  return {
    ...store,
    read: (work) => store.read((db) => work(watched(db))),
    write: (locks, work, options) => store.write(locks, (tx) => work(watched(tx)), options)
  }
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    let url = ''
    const registry = await openRegistry(
      {
        ...engine,
        open: async () => {
          const opened = await engine.open()
          url = opened.url
          return { ...opened, store: noting(opened.store) }
        }
      },
      { catalogue: 'empty' }
    )
    const inside: Inside = await lookInside(url)
    t.teardown(async () => {
      await inside.close()
      await registry.close()
    })
    const { send, store } = registry
    const exercises = exercisesIn(registry)
    const { at, prepare, take, invite, own, cast, vote } = exercises
    const rowsOf = (table: string, id: string) => inside.query(`select * from ${table} where exercise_id = '${id}'`)
    const secretOf = async (id: string) => (await inside.query(`select secret from exercises where id = '${id}'`))[0]!['secret'] as string
    const fillIn = (id: string, code: string, body: object) => send('POST', at(id, '/form'), { body, headers: { 'x-ballot-code': code } })
    /** Those of some words that stand in a file, as bytes. */
    const inFiles = async (words: readonly string[]): Promise<string[]> =>
      [...((await inside.files()) ?? [])].flatMap(([name, bytes]) =>
        words.filter((word) => bytes.includes(word)).map((word) => `${name}: ${word}`)
      )
    const allText = async () => [...(await inside.dump()).values()].flat().map(textOf).join('\n')

    await t.test('no table has both a voter and a ballot, or a time', async (t) => {
      const columns = await inside.columns()
      for (const [table, its] of Object.entries(TABLES)) t.same(columns.get(table), its, `${table} has these columns and no others`)
      for (const [table, its] of columns) {
        if (!its.some((column) => OF_BALLOTS.includes(column)) || !its.includes('exercise_id')) continue
        t.same(
          its.filter((column) => OF_VOTERS.includes(column)),
          [],
          `${table} has ballots, and nothing of voters`
        )
      }
      if (inside.engine === 'sqlite') {
        for (const table of Object.keys(TABLES))
          for (const rowid of ['rowid', '_rowid_', 'oid'])
            await t.rejects(inside.query(`select ${rowid} from ${table}`), /no such column/, `${table} has no ${rowid}`)
        t.same(await inside.query(`select name from sqlite_master where type in ('trigger', 'view')`), [], 'nothing copies rows')
      } else {
        t.same(await inside.query('select 1 from information_schema.triggers'), [], 'nothing copies rows')
        t.same(
          await inside.query(
            `select 1 from information_schema.columns where table_schema = 'public' and column_default like 'nextval%' and table_name in ('ballots', 'receipts', 'electorate', 'form_marks', 'form_counts')`
          ),
          []
        )
      }
    })

    await t.test('who is inside the database finds no code, no order, and nothing that two tables have in common', async (t) => {
      const { id } = await prepare()
      await take(id, 'open')
      const groups = [LIVED, PROS]
      const issued = await Promise.all(groups.map((group) => invite(id, group, VOTERS / 2)))
      const codes = Array.from({ length: VOTERS }, (_, place) => issued[place % 2]![Math.trunc(place / 2)]!)
      const receipts: string[] = []
      for (const [place, code] of codes.entries()) {
        if (place < 5) await cast(id, code, { scores: { i1: 5, i2: 5 } })
        receipts.push((await cast(id, code, ballotOf(place))).json().receipt)
        t.equal((await fillIn(id, code, { level: 'clinical', country: 'BE' })).statusCode, 204)
      }
      const secret = await secretOf(id)
      const keys = codes.map((code) => ballotKeyOf(secret, 1, canonical(code)))
      const hashes = codes.map((code) => hashOf(canonical(code)))
      const marks = codes.map((code) => formMarkOf(secret, canonical(code)))
      /** In which places of the order of casting the rows of a table are, as the engine gives them. */
      const placesIn = async (table: string, column: string, known: readonly string[]) =>
        (await rowsOf(table, id)).map((row) => known.indexOf(String(row[column])))

      t.same(
        (await rowsOf('ballots', id)).map(({ key }) => key).toSorted(),
        keys.toSorted(),
        'with the secret and the codes one makes the keys'
      )
      const text = await allText()
      for (const code of codes) {
        const found = formsOf(code).filter((form) => text.includes(form))
        if (found.length > 0) t.fail(`the database has a code as ${found.join(', ')}`)
      }

      await take(id, 'close')
      const dump = await inside.dump()
      for (const [what, words, table] of [
        ['keys of ballots', keys, 'ballots'],
        ['receipts', receipts, 'receipts'],
        ['hashes of codes', hashes, 'electorate'],
        ['marks of forms', marks, 'form_marks']
      ] as const) {
        const elsewhere = [...dump].filter(
          ([name, rows]) => name !== table && rows.some((row) => words.some((word) => textOf(row).includes(word)))
        )
        t.same(
          elsewhere.map(([name]) => name),
          [],
          `${what} stand in ${table} only`
        )
        t.equal(dump.get(table)!.length, VOTERS, `${table} has a row for each voter`)
      }
      const valuesOf = (table: string) => new Set(dump.get(table)!.flatMap((row) => Object.values(row).map(String)))
      const shared = new Set([id, '1', ...groups])
      for (const table of ['electorate', 'receipts', 'form_marks'])
        t.same(
          [...valuesOf('ballots').intersection(valuesOf(table)).difference(shared)],
          [],
          `ballots and ${table} have nothing else in common`
        )

      const places = {
        ballots: await placesIn('ballots', 'key', keys),
        receipts: await placesIn('receipts', 'receipt', receipts),
        electorate: await placesIn('electorate', 'code_hash', hashes)
      }
      for (const [table, order] of Object.entries(places)) {
        t.same(
          order.toSorted((a, b) => a - b),
          [...keys.keys()],
          `${table}: all of them, each once`
        )
        t.ok(Math.abs(inOrder(order)) < BY_CHANCE, `${table}: in no order of casting`, { order })
      }
      for (const table of ['receipts', 'electorate'] as const) {
        const beside = places.ballots.map((voter) => places[table].indexOf(voter))
        t.ok(Math.abs(inOrder(beside)) < BY_CHANCE, `${table} are in another order than ballots`, { beside })
      }
      if (inside.engine === 'postgres') {
        for (const [table, column] of [
          ['ballots', 'key'],
          ['receipts', 'receipt']
        ] as const) {
          const rows = await inside.query(
            `select ${column} as word, xmin::text as writer from ${table} where exercise_id = '${id}' order by ctid`
          )
          t.same(
            rows.map(({ word }) => word),
            rows.map(({ word }) => String(word)).toSorted(),
            `${table} lie in the order of their keys`
          )
          t.equal(new Set(rows.map(({ writer }) => writer)).size, 1, `${table} were written by one and the same transaction`)
        }
      }
      const replaced = JSON.stringify({ scores: { i1: 5, i2: 5 } }).slice(0, -1)
      t.same(await inFiles([`${replaced}}`]), [], 'no file holds a ballot that was replaced')
      for (const [name, bytes] of (await inside.files()) ?? [])
        if (name.endsWith('-wal')) t.ok(bytes.length < 5_000, 'the write-ahead log holds no more than the note that it was emptied')

      await take(id, 'publish')
      t.equal(await secretOf(id), null, 'the secret is gone')
      const published = await allText()
      t.notOk(published.includes(secret), 'and stands in no row')
      t.notOk(published.includes(Buffer.from(secret, 'hex').toString('base64')))
      t.same(await inFiles([secret, ...marks]), [], 'no file holds the secret, or who filled the form in')
      const left = new Set(published.match(/[0-9a-f]{64}/g))
      const known = new Set(keys)
      const made = [...left].flatMap((word) => codes.slice(0, 10).filter((code) => known.has(ballotKeyOf(word, 1, canonical(code)))))
      t.ok(left.size > VOTERS)
      t.same(made, [], 'with the codes and all that the database still has, nobody makes the key of a ballot')
      t.same(
        codes.filter((code) => formsOf(code).some((form) => published.includes(form))),
        []
      )
    })

    await t.test('what was void is in no row and in no file', async (t) => {
      const { id } = await prepare({ items: statements('i1', 'i2', 'i3') })
      await take(id, 'open')
      const voters = await vote(id, { [PROS]: times(12, { scores: { i1: 3, i3: 8, i2: 'unable' } }) })
      const codes = voters.map(({ code }) => canonical(code))
      for (const { code } of voters) await fillIn(id, code, { country: 'NL' })
      const [spare] = await invite(id, PROS, 1)
      const paper = [{ code: spare, ballot: { scores: { i3: 7, i2: 2 } } }, { ballot: { scores: { i2: 6, i1: 'unable' } } }]
      const entered = await send('POST', at(id, '/paper-batches'), {
        as: 'organiser',
        body: { group: PROS, ballots: paper },
        headers: { 'idempotency-key': 'paper' }
      })
      t.equal(entered.statusCode, 201)
      const secret = await secretOf(id)
      const waiting = JSON.parse(String((await rowsOf('paper_batches', id))[0]!['ballots']))
      t.same(Object.keys(waiting.waiting[0]).sort(), ['ballot', 'key'], 'ballots on paper wait apart from receipts and hashes')
      t.notOk(textOf(waiting).includes(hashOf(canonical(spare!))), 'a code that was given out leaves no hash')
      t.notOk(
        formsOf(spare!).some((form) => textOf(waiting).includes(form)),
        'and is not there itself'
      )
      const gone = [
        secret,
        JSON.stringify({ scores: { i1: 3, i3: 8, i2: 'unable' } }),
        ...paper.map(({ ballot }) => JSON.stringify(ballot).replaceAll('"', '\\"')),
        ...paper.map(({ ballot }) => JSON.stringify(ballot)),
        ...voters.map(({ receipt }) => receipt),
        ...codes.flatMap((code) => [ballotKeyOf(secret, 1, code), formMarkOf(secret, code), hashOf(code)])
      ]
      t.ok((await allText()).includes(secret))
      // Somebody reads meanwhile, which keeps a database from being cleaned at once.
      const reading = store.read(async (db) => {
        await db.$count(db.t.exercises)
        await new Promise((resolve) => setTimeout(resolve, 100))
      })
      await take(id, 'void', { reason: 'The cards went to the wrong people.' })
      await reading
      for (const table of Object.keys(TABLES)) t.same(await rowsOf(table, id), [], `${table} has nothing of it`)
      const rows = await allText()
      t.same(
        gone.filter((word) => rows.includes(word)),
        [],
        'no row holds it'
      )
      t.same(await inFiles(gone), [], 'no file holds it')
    })

    await t.test('nobody sees what is voted while a round is open, and not that somebody voted', async (t) => {
      await putMeasures(registry, { 'measure-a': ready(), 'measure-b': ready() })
      const items = [
        { kind: 'measure', id: 'measure-a' },
        { kind: 'measure', id: 'measure-b' }
      ]
      const rounds = times(2, { method: 'rating-1-9' })
      const { id } = await prepare({ items, rounds })
      await take(id, 'open')
      const one = { scores: { 'measure-a': 9, 'measure-b': 1 } }
      const other = { scores: { 'measure-a': 2, 'measure-b': 8 } }
      const codes = [...(await invite(id, LIVED, 15)), ...(await invite(id, PROS, 15))]
      const paper = { group: PROS, ballots: [{ ballot: one }] }
      const batch = (await send('POST', at(id, '/paper-batches'), { as: 'organiser', body: paper })).json().id
      await send('POST', at(id, `/paper-batches/${batch}/discard`), { as: 'organiser', body: { reason: 'It was a trial.' } })
      const fill = { exercises: id, measures: 'measure-a', gaps: 'no-such-gap', batch }
      for (const round of [1, 2]) {
        if (round === 2) {
          await take(id, 'close')
          t.equal(
            (await send('GET', at(id, '/results'), { as: 'organiser' })).statusCode,
            200,
            'organisers see the first round between rounds'
          )
          await take(id, 'open')
        }
        const voters = [...codes.slice(0, 10), ...codes.slice(15, 25)]
        for (const code of voters) t.equal((await cast(id, code, one)).statusCode, 200)
        const before = await everyAnswer(registry, fill)
        t.ok(before.size > 100, `${before.size} answers are compared`)
        for (const part of ['results', 'missing-voices', 'receipts'])
          for (const as of ['reader', 'organiser', 'admin'])
            t.match(
              before.get(`${at(id, `/${part}`)} as ${as}, application/json`),
              /"code\\":\\"sealed\\"|"code\\": \\"sealed\\"/,
              `round ${round}: ${part} are sealed for ${as}`
            )
        if (round === 1) t.same(changedIn(before, await everyAnswer(registry, fill)), [], 'who asks twice is answered the same')
        for (const code of voters) t.equal((await cast(id, code, other)).statusCode, 200)
        t.equal((await cast(id, codes[10]!, other)).statusCode, 200)
        t.equal((await fillIn(id, codes[10 + round]!, { country: 'ES' })).statusCode, 204)
        const after = await everyAnswer(registry, fill)
        t.same(changedIn(before, after), [], `round ${round}: nothing depends on what is voted, and one more ballot changes nothing`)
        for (const code of codes.slice(11, 13)) await cast(id, code, other)
        if (round === 2) continue
        t.same(
          [...new Set(changedIn(before, await everyAnswer(registry, fill)).map((each) => each.split(' ')[0]))],
          [at(id, '/turnout'), at(id, '/turnout/live')],
          'three more change the rounded turnout, and nothing else'
        )
      }
    })

    await t.test('a refusal says nothing of other voters', async (t) => {
      const [here, there] = [await prepare(), await prepare()]
      for (const { id } of [here, there]) await take(id, 'open')
      const [foreign] = await invite(there.id, PROS, 1)
      const [voter] = await invite(here.id, PROS, 1)
      const invented = printedCode(newCode(Buffer.alloc(16, 0x5a)))
      await cast(there.id, foreign!, ballotOf(1))
      await cast(here.id, voter!, ballotOf(7))
      const tried = async (way: (code: string) => ReturnType<typeof cast>, code: string) => {
        const statements: string[] = []
        const { statusCode, headers, body } = await noted.run(statements, async () => await way(code))
        const { date: _date, 'content-length': _length, ...said } = headers
        return { statusCode, said, body: body.replace(/urn:request:[0-9a-f-]+/, ''), statements }
      }
      for (const [what, way] of [
        ['vote', (code: string) => cast(here.id, code, ballotOf(2))],
        ['look', (code: string) => own(here.id, code)],
        ['fill the form in', (code: string) => fillIn(here.id, code, { country: 'BE' })]
      ] as const) {
        const refused = await tried(way, foreign!)
        t.equal(refused.statusCode, 403, `${what} with a code of another exercise`)
        t.ok(refused.statements.includes('select electorate'), 'the database is asked')
        t.same(await tried(way, invented), refused, `${what}: an invented code is answered the same, after the same queries`)
        t.notOk(
          [here.id, there.id, foreign!, invented].some((word) => refused.body.includes(word)),
          'and the answer names no code'
        )
      }
      const wrong = await cast(here.id, voter!, { scores: { i1: 3, nothing: 4 } })
      t.match(wrong.json(), { code: 'invalid-body', errors: [{ pointer: '/scores/nothing' }] })
      t.notMatch(wrong.body, new RegExp(voter!), 'a wrong ballot is refused without its code')
      t.same((await own(here.id, voter!)).json().ballot, ballotOf(7), 'and the one before stays')
    })

    await t.test('answers that are kept for who asks twice hold no code', async (t) => {
      const { id } = await prepare()
      const headers = { 'idempotency-key': 'invitations' }
      const body = { group: LIVED, count: 3 }
      const [first, second] = [
        await send('POST', at(id, '/invitations'), { as: 'organiser', body, headers }),
        await send('POST', at(id, '/invitations'), { as: 'organiser', body, headers })
      ]
      const codes: string[] = [...first.json().codes, ...second.json().codes]
      t.equal(new Set(codes).size, 6, 'codes are not shown again: the second time there are others')
      await send('POST', at(id, '/open'), { as: 'organiser', headers: { ...ANY, 'idempotency-key': 'opening' } })
      t.equal((await inside.query(`select 1 from replies where idempotency_key = 'opening'`)).length, 1, 'other answers are kept')
      const text = await allText()
      t.same(
        codes.flatMap(formsOf).filter((form) => text.includes(form)),
        [],
        'no code is anywhere'
      )
    })

    await t.test('one code has one voice, however often it is sent at once', async (t) => {
      const { id } = await prepare()
      await take(id, 'open')
      const [code, ...codes] = await invite(id, PROS, 101)
      const many = await Promise.all(Array.from({ length: 1_000 }, (_, place) => cast(id, code!, ballotOf(place % VOTERS))))
      const good = many.filter(({ statusCode }) => statusCode === 200)
      t.comment(`${good.length} of 1000 ballots with one code were taken, the others were told to try again`)
      t.same(
        [...new Set(many.map(({ statusCode }) => statusCode))].filter((status) => status !== 200 && status !== 503),
        []
      )
      t.ok(good.length > 0)
      t.equal(new Set(good.map(({ body }) => body)).size, 1, 'all have the same receipt')
      const receipts = await rowsOf('receipts', id)
      t.same(
        receipts.map(({ receipt }) => receipt),
        [good[0]!.json().receipt],
        'which is there once'
      )
      const ballots = await rowsOf('ballots', id)
      t.equal(ballots.length, 1, 'one ballot is there')
      t.ok(Array.from({ length: VOTERS }, (_, place) => JSON.stringify(ballotOf(place))).includes(String(ballots[0]!['ballot'])), 'whole')

      const hundred = await Promise.all(Array.from({ length: 300 }, (_, i) => cast(id, codes[i % 100]!, ballotOf(i % VOTERS))))
      t.same([...new Set(hundred.map(({ statusCode }) => statusCode))], [200])
      t.equal((await rowsOf('ballots', id)).length, 101, '300 ballots with 100 codes are 100 more')
      t.equal((await rowsOf('receipts', id)).length, 101)
    })
  })
}
