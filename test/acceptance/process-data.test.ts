import t from 'tap'
import { complete, LONG } from './client.ts'
import { bearer, running, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

t.setTimeout(LONG)

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
    const env = { DATABASE_URL: url, CATALOGUE: 'starter', ADMIN_KEY: '' }
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
