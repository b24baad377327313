import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { complete, LONG } from './client.ts'
import { ADMIN_KEY, engines, freePort, type Started, startProcess, untilReady } from './server.ts'

const skip = process.env['ACCEPTANCE_URL'] ? 'a server that is running already is not started' : false
const VARIABLES = ['PORT', 'HOST', 'DATABASE_URL', 'PUBLIC_URL', 'ADMIN_KEY', 'CATALOGUE', 'LOG_LEVEL']
const quiet = { LOG_LEVEL: 'error', CATALOGUE: 'empty', ADMIN_KEY }
const folder = mkdtempSync(join(tmpdir(), 'acceptance-process-'))
const fresh = (() => {
  let n = 0
  return () => `file:${join(folder, `${++n}`, 'registry.db')}`
})()
t.setTimeout(LONG)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** A process that is ready, and what ends it. */
async function running(
  env: Record<string, string>
): Promise<Started & { base: string; port: number; end(signal?: NodeJS.Signals): Started['ended'] }> {
  const port = await freePort()
  const started = startProcess({ PORT: `${port}`, ...quiet, ...env })
  const base = `http://127.0.0.1:${port}`
  await untilReady(base, started).catch((error) => {
    started.child.kill('SIGKILL')
    throw error
  })
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    started.child.kill(signal)
    return started.ended
  }
  return { ...started, base, port, end }
}

const without = (env: Record<string, string>, name: string) => Object.fromEntries(Object.entries(env).filter(([key]) => key !== name))

/** Starts with exactly these variables, beside a free port; gives what came of it. */
async function refusedStart(env: Record<string, string>) {
  const started = startProcess({ PORT: `${await freePort()}`, ...env })
  const limit = setTimeout(() => started.child.kill('SIGKILL'), 30_000)
  const { code } = await started.ended
  clearTimeout(limit)
  return { code, out: started.out(), err: started.err() }
}

t.test('--help prints every variable', { skip, timeout: LONG }, async (t) => {
  const started = startProcess({}, ['--help'])
  t.equal((await started.ended).code, 0)
  for (const name of VARIABLES) t.match(started.out(), new RegExp(`^ +${name} +\\S`, 'm'), name)
  for (const fallback of ['3000', '127.0.0.1', 'file:./data/registry.db', 'starter', 'info'])
    t.ok(started.out().includes(fallback), fallback)
  t.equal(started.err(), '')
})

t.test('a wrong value stops the start with a sentence that names the variable', { skip, timeout: LONG }, async (t) => {
  const file = join(folder, 'a-file')
  writeFileSync(file, 'not a database, nor a folder, and long enough to be neither')
  const rows: [string, string][] = [
    ...['abc', '-1', '65536', '3000.5', '0x10', ' '].map((value): [string, string] => ['PORT', value]),
    ...['mysql://x/y', 'registry.db', 'file:', 'postgres', `file:${file}`, `file:${file}/registry.db`, 'postgres://127.0.0.1:1/none'].map(
      (value): [string, string] => ['DATABASE_URL', value]
    ),
    ...['short', 'x'.repeat(31), `${'x'.repeat(20)} ${'x'.repeat(20)}`, 'ü'.repeat(40)].map((value): [string, string] => [
      'ADMIN_KEY',
      value
    ]),
    ...['loud', 'INFO', '3'].map((value): [string, string] => ['LOG_LEVEL', value]),
    ...['full', 'Starter'].map((value): [string, string] => ['CATALOGUE', value]),
    ...['registry.example', 'ftp://x', 'http://a b'].map((value): [string, string] => ['PUBLIC_URL', value])
  ]
  const results = await Promise.all(rows.map(([name, value]) => refusedStart({ ...quiet, DATABASE_URL: fresh(), [name]: value })))
  for (const [i, { code, out, err }] of results.entries()) {
    const [name, value] = rows[i]!
    t.equal(code, 1, `${name}=${JSON.stringify(value)} exits with 1`)
    t.ok(err.includes(name), `${name}=${JSON.stringify(value)} is named: ${err.slice(0, 200)}`)
    t.equal(err.trim().split('\n').length, 1, `${name}=${JSON.stringify(value)}: one line`)
    t.notMatch(err, /\n +at |node_modules|\.ts:\d/, `${name}: no stack`)
    t.notMatch(out, /http:/, `${name}: it does not say that it serves`)
    if (name === 'ADMIN_KEY') t.notOk((out + err).includes(value), 'a key is never printed back')
  }
})

t.test('a password in DATABASE_URL is not printed', { skip, timeout: LONG }, async (t) => {
  const { code, out, err } = await refusedStart({ ...quiet, DATABASE_URL: 'postgres://someone:s3cretword@127.0.0.1:1/none' })
  t.equal(code, 1)
  t.notMatch(out + err, /s3cretword/)
})

t.test('without ADMIN_KEY the first start makes a key and prints it once', { skip, timeout: LONG }, async (t) => {
  const DATABASE_URL = fresh()
  const none = { DATABASE_URL, ADMIN_KEY: '' }
  const first = await running(none)
  const key = /^\s*(cm_\S+)$/m.exec(first.out())?.[1] ?? ''
  t.ok(key.length >= 32, 'it prints a key')
  const me = async (base: string, as: string) => (await fetch(`${base}/v1/me`, { headers: bearer(as) })).status
  t.equal(await me(first.base, key), 200, 'that works')
  t.equal((await first.end()).code, 0)
  const second = await running(none)
  t.notMatch(second.out() + second.err(), /cm_/, 'the second start prints none')
  t.equal(await me(second.base, key), 200, 'and the key still works')
  await second.end()
  const chosen = await running({ DATABASE_URL })
  t.notMatch(chosen.out() + chosen.err(), new RegExp(ADMIN_KEY), 'a key that was given is not printed')
  t.equal(await me(chosen.base, ADMIN_KEY), 200, 'and works')
  await chosen.end()
  const other = 'another-key-of-the-operator-long-enough'
  const rotated = await running({ DATABASE_URL, ADMIN_KEY: other })
  t.same([await me(rotated.base, other), await me(rotated.base, ADMIN_KEY)], [200, 401], 'another takes its place')
  await rotated.end()
})

t.test('CATALOGUE, PUBLIC_URL and a database that is forgotten', { skip, timeout: LONG }, async (t) => {
  const starter = await running({ DATABASE_URL: 'file::memory:', CATALOGUE: 'starter', PUBLIC_URL: 'https://measures.example/registry/' })
  const empty = await running({ DATABASE_URL: 'file::memory:' })
  const list = async (base: string) =>
    (await (await fetch(`${base}/v1/measures?limit=1`)).json()) as { total: number; items: { canonicalUrl: string }[] }
  t.ok((await list(starter.base)).total > 50)
  t.match((await list(starter.base)).items[0]?.canonicalUrl, /^https:\/\/measures\.example\/registry\/measures\//)
  t.equal((await list(empty.base)).total, 0)
  const root = (await (await fetch(`${starter.base}/v1`)).json()) as { links: Record<string, string> }
  t.equal(root.links['measures'], 'https://measures.example/registry/v1/measures')
  t.same(
    (await Promise.all([starter.end(), empty.end('SIGINT')])).map(({ code }) => code),
    [0, 0],
    'SIGINT ends it as well'
  )
})

t.test('a port that is taken is a sentence, not a stack', { skip, timeout: LONG }, async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const { code, err } = await refusedStart({ ...quiet, DATABASE_URL: fresh(), PORT: `${port}` })
  t.equal(code, 1)
  t.match(err, new RegExp(`${port}`), 'it names the port')
  t.equal(err.trim().split('\n').length, 1)
  t.notMatch(err, /\n +at /)
  server.close()
})

t.test('logs hold no keys', { skip, timeout: LONG }, async (t) => {
  const server = await running({ DATABASE_URL: fresh(), LOG_LEVEL: 'trace' })
  const made = await fetch(`${server.base}/v1/keys`, {
    method: 'POST',
    headers: { ...bearer(ADMIN_KEY), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'x', role: 'reviewer' })
  })
  const { key } = (await made.json()) as { key: string }
  await (await fetch(`${server.base}/v1/me`, { headers: bearer(key) })).text()
  await (await fetch(`${server.base}/v1/me`, { headers: bearer(`${key}x`) })).text()
  await server.end()
  const printed = server.out() + server.err()
  t.match(printed, /"url":"\/v1\/me"/, 'requests are logged')
  for (const secret of [ADMIN_KEY, key]) t.notOk(printed.includes(secret))
})

for (const engine of engines) {
  t.test(`kill -9 after an answer loses nothing (${engine.name})`, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { url, drop } = await engine.database()
    t.teardown(drop)
    const answered: string[] = []
    for (let round = 0; round < 3; round++) {
      const server = await running({ DATABASE_URL: url })
      let isUp = true
      const write = async (writer: number) => {
        for (let n = 0; isUp; n++) {
          const id = `kill-${round}-${writer}-${n}`
          const headers = { ...bearer(ADMIN_KEY), 'content-type': 'application/json' }
          const answer = await fetch(`${server.base}/v1/measures`, {
            method: 'POST',
            headers,
            body: JSON.stringify(complete({ id }))
          }).catch(() => undefined)
          if (answer?.status === 201) answered.push(id)
          await answer?.body?.cancel().catch(() => {})
        }
      }
      const writers = [0, 1, 2, 3].map(write)
      while (answered.length < 25 * (round + 1)) await new Promise((resolve) => setTimeout(resolve, 5))
      await server.end('SIGKILL')
      isUp = false
      await Promise.all(writers)
    }
    const server = await running({ DATABASE_URL: url })
    const missing: string[] = []
    for (const id of answered) {
      const answer = await fetch(`${server.base}/v1/measures/${id}/draft`, { headers: bearer(ADMIN_KEY) })
      if (answer.status !== 200) missing.push(id)
      await answer.body?.cancel()
    }
    t.same(missing, [], `${answered.length} writes were answered, and all are there`)
    const log = (await (await fetch(`${server.base}/v1/changes?limit=1000`)).json()) as { items: { id: string }[] }
    const logged = new Set(log.items.map(({ id }) => id))
    t.same(
      answered.filter((id) => !logged.has(id)),
      [],
      'and in the log'
    )
    await server.end()
  })

  t.test(`three processes start at once on one database (${engine.name})`, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { url, drop } = await engine.database()
    t.teardown(drop)
    const env = without({ DATABASE_URL: url, CATALOGUE: 'starter', ADMIN_KEY: '' }, 'none')
    const servers = await Promise.all([running(env), running(env), running(env)])
    const printed = servers.map(({ out }) => out())
    t.equal(printed.filter((out) => /cm_/.test(out)).length, 1, 'one makes the key')
    t.equal(printed.filter((out) => /starter catalogue/i.test(out)).length, 1, 'one loads the catalogue')
    const key = /^\s*(cm_\S+)$/m.exec(printed.join('\n'))?.[1] ?? ''
    const roots = await Promise.all(servers.map(async ({ base }) => (await (await fetch(`${base}/v1`)).json()) as { counts: object }))
    for (const { counts } of roots) t.same(counts, roots[0]?.counts, 'all see the same')
    const log = (await (await fetch(`${servers[0].base}/v1/changes?limit=1000`)).json()) as { items: { id: string }[] }
    t.equal(new Set(log.items.map(({ id }) => id)).size, log.items.length, 'each measure was loaded once')
    const headers = { ...bearer(key), 'content-type': 'application/json' }
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        fetch(`${servers[i % 3]!.base}/v1/measures`, { method: 'POST', headers, body: JSON.stringify(complete({ title: `Shared ${i}` })) })
      )
    )
    t.ok(
      made.every(({ status }) => status === 201),
      'all of them write'
    )
    for (const { base } of servers) {
      const list = (await (await fetch(`${base}/v1/measures?status=draft&limit=1`, { headers })).json()) as { total: number }
      t.equal(list.total, 30, 'and each lists what the others wrote')
    }
    t.same(
      (await Promise.all(servers.map(({ end }) => end()))).map(({ code }) => code),
      [0, 0, 0]
    )
  })
}
