/** Gaps with a process that was really started: the public form over the network, what the log says of it, and the command. */
import { spawn } from 'node:child_process'
import t from 'tap'
import { type Body, LONG } from './client.ts'
import { place } from './place.ts'
import { bearer, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const REPORT = { title: 'Words of a stranger', statement: 'Secret words.', notSeen: 'Somebody.' }

/** The command, from outside of a terminal. */
function command(args: readonly string[], env: Record<string, string>): Promise<{ status: number | null; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['scripts/gaps.ts', ...args], { cwd: ROOT, env: { PATH, HOME, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, out, err })))
}

for (const engine of engines) {
  t.test(engine.name, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { env, start } = await place(t, engine)
    const server = await start({ LOG_LEVEL: 'info', CATALOGUE: 'starter' })
    const get = async (path: string) => (await (await fetch(`${server.base}/v1${path}`, { headers: bearer(ADMIN_KEY) })).json()) as Body

    await t.test('every cell is judged at the first start', async (t) => {
      t.ok((await get('/gaps?rule=R11&limit=1')).total > 0)
      t.match(await get('/measures/pacic'), { gapCount: { total: Number } })
    })

    await t.test('five reports from here, and the sixth is told to wait', async (t) => {
      const report = () =>
        fetch(`${server.base}/v1/gaps`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${Math.trunc(performance.now()) % 250}` },
          body: JSON.stringify(REPORT)
        })
      for (let i = 0; i < 5; i++) t.equal((await report()).status, 202)
      const refused = await report()
      t.equal(refused.status, 429, 'a header that anybody can write changes nothing')
      t.match(refused.headers.get('retry-after'), /^\d+$/)
      t.match(refused.headers.get('content-type'), 'application/problem+json')
      t.equal((await get('/gaps/queue')).total, 5)
    })

    await t.test('the command makes the findings again, and finds nothing to change', async (t) => {
      const ended = await command(['rebuild'], env)
      t.match(ended, { status: 0, out: /nothing changed/, err: /rebuild/ })
      t.match(await command(['rebuild', '--quiet', '--database', env['DATABASE_URL']!], {}), { status: 0, err: '' })
      t.match(await command(['--help'], env), { status: 0, out: /npm run gaps/ })
      for (const args of [[], ['build'], ['rebuild', 'twice'], ['rebuild', '--what']])
        t.equal((await command(args, env)).status, 2, args.join(' '))
      t.match(await command(['rebuild', '--database', 'nonsense'], env), { status: 1, err: /DATABASE_URL/ })
    })

    await server.end()
    t.notMatch(server.out() + server.err(), /stranger|Secret words|Somebody/, 'the log says nothing of what was reported')
  })
}
