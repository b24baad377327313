import { connect, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { complete, LONG } from './client.ts'
import { bearer, running, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

t.setTimeout(LONG)

/** A connection on which a request is written by and by. */
function open(port: number): { socket: Socket; heard: Promise<string>; write(text: string): void } {
  const socket = connect({ host: '127.0.0.1', port })
  const heard = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
  return { socket, heard, write: (text) => socket.write(text) }
}

for (const engine of engines) {
  t.test(`SIGTERM finishes what is in flight (${engine.name})`, { skip: skip || engine.skip, timeout: LONG }, async (t) => {
    const { url, drop } = await engine.database()
    t.teardown(drop)
    const server = await running({ DATABASE_URL: url, CATALOGUE: 'starter' })
    const { total } = (await (await fetch(`${server.base}/v1/measures?limit=1`)).json()) as { total: number }
    const body = JSON.stringify(complete({ id: 'in-flight' }))
    const idle = open(server.port)
    idle.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
    const write = open(server.port)
    write.write(
      `POST /v1/measures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_KEY}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`
    )
    const slow = open(server.port)
    slow.socket.pause()
    slow.write('GET /v1/measures?format=ndjson HTTP/1.1\r\nHost: x\r\n\r\n')
    await after(500)
    const stopping = Date.now()
    server.child.kill('SIGTERM')
    await after(500)
    const late = await fetch(`${server.base}/v1`).then(
      ({ status }) => status,
      () => 'refused'
    )
    t.ok(late === 'refused' || late === 503, `nobody new is let in: ${late}`)
    t.equal(server.child.exitCode, null, 'it waits for what is in flight')
    slow.socket.resume()
    write.write(body.slice(20))
    t.match(await write.heard, /^HTTP\/1\.1 201 /, 'a write is answered')
    const exported = await slow.heard
    t.match(exported, /^HTTP\/1\.1 200 /)
    t.equal([...exported.matchAll(/\{"id":"[a-z0-9-]+","canonicalUrl"/g)].length, total, 'an export comes whole')
    t.match(exported, /\r\n0\r\n\r\n$/, 'to its last byte')
    t.same(await server.ended, { code: 0, signal: null })
    t.ok(Date.now() - stopping < 15_000, 'and does not wait for idle connections')
    idle.socket.destroy()
    t.equal(server.err(), '', 'without complaints')

    const again = await running({ DATABASE_URL: url })
    t.equal((await fetch(`${again.base}/v1/measures/in-flight/draft`, { headers: bearer(ADMIN_KEY) })).status, 200, 'the write is there')
    const stuck = open(again.port)
    stuck.write('POST /v1/measures HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    await after(200)
    const start = Date.now()
    t.same(await again.end(), { code: 0, signal: null }, again.err())
    t.ok(Date.now() - start < 30_000, `who never finishes does not hold it up for ever: ${Date.now() - start} ms`)
    stuck.socket.destroy()
  })
}
