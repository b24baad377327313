import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Body, complete, LONG } from './client.ts'
import { place } from './place.ts'
import { bearer, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

const ROOT = new URL('../..', import.meta.url).pathname

const linesOf = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const indicators = (count: number, word: string) =>
  linesOf(Array.from({ length: count }, (_, i) => ({ title: `${word} ${i}`, identifiers: [{ system: 'ICB', value: `${word}-${i}` }] })))

async function count(base: string, query: string): Promise<number> {
  const answer = await fetch(`${base}/v1/measures?limit=1${query}`, { headers: bearer(ADMIN_KEY) })
  return ((await answer.json()) as Body).total
}

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The command, from outside of its terminal. */
function command(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['scripts/import.ts', ...args], { cwd: ROOT, env: { PATH, HOME, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, out, err })))
}

/** The numbers of the last line of the table. */
const sums = ({ out }: Ended) =>
  out
    .trimEnd()
    .split('\n')
    .at(-1)!
    .replace(/^\d+ files/, '')
    .trim()
    .split(/\s+/)
    .map(Number)

for (const engine of engines) {
  t.test(`the command (${engine.name})`, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { env, files, start, left } = await place(t, engine)
    mkdirSync(join(files, 'deep/er'), { recursive: true })
    const write = (name: string, content: string) => {
      writeFileSync(join(files, name), content)
      return join(files, name)
    }
    const clean = write('clean.csv', 'title,levels\r\nFrom a sheet,clinical\r\nAnother of it,clinical\r\n')
    write('deep/one.json', JSON.stringify([complete({ title: 'From a folder' })]))
    write('deep/er/two.ndjson', indicators(3, 'Deeper'))
    write('deep/LICENCE', 'No measures.')
    const mixed = write('mixed.csv', 'title,levels\r\nGood of the mixed,clinical\r\nBad of the mixed,clincal\r\n')
    const foreign = write('foreign.csv', 'Naam;Soort\r\nVan elders;process\r\n')
    const mapping = write('mapping.json', '{"Naam":"title","Soort":"types"}')

    const dry = await command([clean, '--dry-run'], env)
    t.match(dry, { status: 0, err: /clean\.csv/ })
    t.same(sums(dry), [2, 2, 0, 0, 0, 0, 0], 'a dry run says what would happen')
    const folder = await command([join(files, 'deep')], env)
    t.match(folder, { status: 0, err: /LICENCE: skipped/ }, 'a folder, with all that is in it')
    t.same(sums(folder).slice(0, 6), [4, 4, 0, 0, 0, 0])
    const pattern = await command([join(files, '**/*.ndjson')], env)
    t.equal(pattern.status, 0)
    t.same(sums(pattern).slice(0, 6), [3, 0, 0, 3, 0, 0], 'a pattern, and the same again is unchanged')
    const rejected = await command([mixed, clean], env)
    t.equal(rejected.status, 1, 'a row was rejected')
    t.same(sums(rejected).slice(0, 6), [4, 3, 0, 0, 0, 1])
    t.match(rejected.err, /mixed\.csv, row 3, levels: .*clinical/, 'and it is said which, and why')
    const atomic = await command([mixed, '--atomic'], env)
    t.equal(atomic.status, 1)
    const mapped = await command([foreign, '--mapping', mapping], env)
    t.equal(mapped.status, 0)
    t.same(sums(mapped).slice(0, 2), [1, 1])
    const published = await command([join(files, 'deep/one.json'), '--publish', '--quiet'], env)
    t.match(published, { status: 0, err: '' })
    for (const text of [dry, folder, pattern, rejected, mapped].flatMap(({ out, err }) => [out, err])) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what terminals are told begins with one
      t.notMatch(text, /[\u001b\r]/, 'nothing that only a terminal understands')
    }

    const server = await start()
    t.equal(await count(server.base, '&status=draft'), 7, 'what went in is there, and nothing of the dry run')
    t.equal(await count(server.base, ''), 1, 'one was published')
    const remote = { TMPDIR: env.TMPDIR, REGISTRY_KEY: ADMIN_KEY }
    const sent = await command([write('sent.ndjson', indicators(2, 'Sent')), '--server', server.base], remote)
    t.equal(sent.status, 0, sent.err)
    t.same(sums(sent).slice(0, 2), [2, 2])
    t.equal((await command([mixed, '--server', `${server.base}/v1/`], remote)).status, 1, 'a row was rejected there')
    t.match(await command([clean, '--server', server.base], { ...remote, REGISTRY_KEY: 'wrong' }), { status: 1, err: /401/ })
    t.equal(await count(server.base, '&status=draft'), 9)
    await server.end()
    t.same(left(), [], 'no folder is left')
  })
}

t.test('what the command does not understand or find', { skip, timeout: LONG }, async (t) => {
  const { env, files } = await place(t, engines[0]!)
  mkdirSync(join(files, 'deep'))
  const [clean, broken] = [join(files, 'clean.csv'), join(files, 'broken.json')]
  writeFileSync(clean, 'title\r\nFrom a sheet\r\n')
  writeFileSync(broken, '[{"title":')
  writeFileSync(join(files, 'deep/LICENCE'), 'No measures.')
  const wrong: [string, string[], Record<string, string>, number, RegExp][] = [
    ['no file', [], {}, 2, /at least one file/],
    ['an unknown option', [clean, '--dryrun'], {}, 2, /--dryrun/],
    ['an option without its value', [clean, '--mapping'], {}, 2, /mapping/],
    ['no address', [clean, '--server', 'nonsense'], {}, 2, /nonsense/],
    ['no key', [clean, '--server', 'http://127.0.0.1:1'], {}, 2, /REGISTRY_KEY/],
    ['a mapping that is not there', [clean, '--mapping', join(files, 'none.json')], {}, 2, /mapping/],
    ['a mapping that is no JSON', [clean, '--mapping', broken], {}, 2, /mapping/],
    ['a file that is not there', [join(files, 'none.csv')], {}, 1, /none\.csv/],
    ['a pattern of nothing', [join(files, '*.xlsx')], {}, 1, /\*\.xlsx/],
    ['a file of another type', [join(files, 'deep/LICENCE')], {}, 1, /LICENCE/],
    ['a file that is cut off', [broken], {}, 1, /broken\.json/],
    ['a server that does not answer', [clean, '--server', 'http://127.0.0.1:1'], { REGISTRY_KEY: ADMIN_KEY }, 1, /clean\.csv/],
    ['no database', [clean], { DATABASE_URL: 'nonsense' }, 1, /DATABASE_URL/]
  ]
  const all = await Promise.all(wrong.map(async ([, args, more]) => command(args, { ...env, ...more })))
  for (const [i, [name, , , status, says]] of wrong.entries()) {
    const ended = all[i]!
    t.equal(ended.status, status, `${name}: ${ended.err.slice(0, 300)}`)
    t.match(ended.err, says, name)
    t.notMatch(ended.err, /\n\s+at .*\.[jt]s:\d/, `${name}: without a stack`)
  }
  t.match(await command(['--help'], env), { status: 0, out: /--dry-run/, err: '' })
})
