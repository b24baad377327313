import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { LONG } from './client.ts'
import { bearer, refusedStart, running, skip } from './running.ts'
import { ADMIN_KEY, startProcess } from './server.ts'

const VARIABLES = ['PORT', 'HOST', 'DATABASE_URL', 'PUBLIC_URL', 'ADMIN_KEY', 'CATALOGUE', 'LOG_LEVEL']
const folder = mkdtempSync(join(tmpdir(), 'acceptance-process-'))
let databases = 0
const fresh = () => `file:${join(folder, `${++databases}`, 'registry.db')}`
t.setTimeout(LONG)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

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
  const rows = [
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '0x10'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['DATABASE_URL', 'registry.db'],
    ['DATABASE_URL', `file:${file}`],
    ['DATABASE_URL', `file:${file}/registry.db`],
    ['DATABASE_URL', 'postgres://someone:s3cretword@127.0.0.1:1/none'],
    ['ADMIN_KEY', 'x'.repeat(31)],
    ['ADMIN_KEY', `${'x'.repeat(20)} ${'x'.repeat(20)}`],
    ['LOG_LEVEL', 'loud'],
    ['CATALOGUE', 'full'],
    ['PUBLIC_URL', 'registry.example']
  ] as const
  for (const [name, value] of rows) {
    const { code, out, err } = await refusedStart({ DATABASE_URL: fresh(), [name]: value })
    t.equal(code, 1, `${name}=${JSON.stringify(value)} exits with 1`)
    t.ok(err.includes(name), `${name}=${JSON.stringify(value)} is named: ${err.slice(0, 200)}`)
    t.equal(err.trim().split('\n').length, 1, `${name}=${JSON.stringify(value)}: one line`)
    t.notMatch(err, /\n +at |node_modules|\.ts:\d/, `${name}: no stack`)
    t.notMatch(out, /http:/, `${name}: it does not say that it serves`)
    t.notOk(/s3cretword/.test(out + err) || (name === 'ADMIN_KEY' && err.includes(value)), `${name}: no secret is printed back`)
  }
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
  const { code, err } = await refusedStart({ DATABASE_URL: fresh(), PORT: `${port}` })
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
