import { connect } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { type Client, leaks, onEveryEngine, parse } from './client.ts'
import { unharmed } from './unharmed.ts'

interface Heard {
  readonly text: string
  readonly isClosed: boolean
  readonly seconds: number
}

/** Sends bytes as they are and listens until the other side closes, or for a while. */
function say(client: Client, parts: readonly (string | Buffer)[], { forMs = 3_000, ends = false } = {}): Promise<Heard> {
  const { hostname, port } = new URL(client.server.base)
  return new Promise((resolve) => {
    const start = Date.now()
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let text = ''
    const finish = (isClosed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, isClosed, seconds: (Date.now() - start) / 1_000 })
    }
    const timer = setTimeout(() => finish(false), forMs)
    socket.on('data', (chunk) => (text += chunk))
    socket.on('end', () => finish(true))
    socket.on('error', () => finish(true))
    socket.on('close', () => finish(true))
    socket.on('connect', async () => {
      for (const part of parts) {
        socket.write(part)
        await after(20)
      }
      if (ends) socket.end()
    })
  })
}

const statuses = ({ text }: Heard) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

onEveryEngine(t, async (t, client) => {
  const { test } = await unharmed(t, client)
  const key = `Authorization: ${client.bearer('contributor')}`
  const post = (headers: string, body: string) =>
    `POST /v1/measures HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`
  const smuggled = 'POST /v1/measures HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
  const sized = '{"title":"Smuggled"}'

  const slow = [
    say(
      client,
      ['POST /v1/measures HTTP/1.1\r\nHost: x\r\n', `${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":`],
      { forMs: 21_000 }
    ),
    say(client, ['GET /v1 HTTP/1.1\r\nHost: x\r\nX-Slow: '], { forMs: 21_000 })
  ]

  test('what is not HTTP is refused, and the connection closed', async (t) => {
    const rows: [string, string, number[]][] = [
      ['nonsense', 'NONSENSE\r\n\r\n', [400]],
      ['nothing but lines', '\r\n\r\n\r\n\r\nX\r\n\r\n', [400]],
      ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', [400]],
      ['a version that is none', 'GET /v1 HTTP/9.9\r\nHost: x\r\n\r\n', [400, 505]],
      ['no Host', 'GET /v1 HTTP/1.1\r\n\r\n', [400]],
      ['a header without a colon', 'GET /v1 HTTP/1.1\r\nHost x\r\n\r\n', [400]],
      ['a space before the colon', 'GET /v1 HTTP/1.1\r\nHost : x\r\n\r\n', [400]],
      ['a NUL in a header', 'GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n', [400]],
      ['a return in a header', 'GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n', [400]],
      ['a space in the address', 'GET /v1 measures HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
      ['two lengths', post(`Content-Length: ${sized.length}\r\nContent-Length: 2`, sized + smuggled), [400]],
      ['two lengths in one', post(`Content-Length: ${sized.length}, 2`, sized), [400]],
      ['a negative length', post('Content-Length: -1', sized), [400]],
      ['a length that is no number', post('Content-Length: 0x14', sized), [400]],
      ['a length over all bounds', post(`Content-Length: ${'9'.repeat(30)}`, sized), [400, 413]],
      ['length and chunks', post(`Content-Length: ${sized.length}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${smuggled}`), [400]],
      ['chunks that are not last', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${smuggled}`), [400]],
      ['a coding that is none', post('Transfer-Encoding: xchunked', `0\r\n\r\n${smuggled}`), [400, 501]],
      ['a chunk of no size', post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'), [400]],
      ['a chunk longer than it says', post('Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n'), [400]],
      ['a method that is none', 'FOO /v1/measures HTTP/1.1\r\nHost: x\r\n\r\n', [400, 405, 501]],
      ['an expectation that is none', post('Expect: nonsense\r\nContent-Length: 2', '{}'), [417]]
    ]
    for (const [name, bytes, expected] of rows) {
      const heard = await say(client, [bytes])
      const [first, ...others] = statuses(heard)
      t.ok(expected.includes(first ?? 0), `${name}: ${first} of ${expected}`)
      t.same(others, [], `${name}: one answer`)
      // Of an expectation that it does not know Node only says so.
      t.ok(heard.isClosed || first === 417, `${name}: the connection is closed`)
      t.equal(leaks(heard.text), undefined, `${name}: nothing is shown`)
      const [head, body = ''] = heard.text.split('\r\n\r\n')
      if (/content-type/i.test(head ?? '')) {
        t.match(head, /content-type: application\/problem\+json/i, `${name}: problem details`)
        t.match(parse(body), { status: first, code: String, type: String, title: String, detail: String }, `${name}: with a code`)
      }
    }
  })

  test('methods that no path knows', async (t) => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'MKCOL', 'LOCK', 'PURGE', 'QUERY'])
      for (const path of ['/v1/measures', '/v1', '*']) {
        const heard = await say(client, [`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Secret: s3cret\r\n\r\n`])
        const [status = 0] = statuses(heard)
        t.ok(heard.isClosed && (status === 0 || (status >= 400 && status < 500) || status === 501), `${method} ${path}: ${status}`)
        t.notMatch(heard.text, /s3cret/, 'a request is not told back')
      }
  })

  test('a body that never comes whole makes nothing', async (t) => {
    for (const [headers, body] of [
      ['Content-Length: 100', '{"title":"Half"'],
      ['Content-Length: 100', '{"title":"Whole, but shorter"}'],
      ['Transfer-Encoding: chunked', '16\r\n{"title":"No last one"}\r\n']
    ] as const) {
      const heard = await say(client, [post(headers, body)], { ends: true })
      t.ok(heard.isClosed, `${headers}: closed`)
      t.ok(
        statuses(heard).every((status) => status >= 400 && status < 500),
        `${statuses(heard)}`
      )
    }
  })

  test('addresses in answers do not come from the Host of a request', async (t) => {
    for (const [target = '', headers = ''] of [
      ['/v1', 'Host: evil.example'],
      ['http://evil.example/v1', 'Host: evil.example'],
      ['/v1', 'Host: x\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Forwarded-Proto: https']
    ]) {
      const heard = await say(client, [`GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`])
      t.ok(
        statuses(heard).every((status) => status < 500),
        `${target} ${statuses(heard)}`
      )
      t.notMatch(heard.text, /"http:\/\/evil\.example\/v1\/measures"/, target)
    }
  })

  test('requests in one go are answered in order', async (t) => {
    const heard = await say(client, [
      'GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/measures/none-such HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    ])
    t.same(statuses(heard), [200, 404, 200])
  })

  test('who is too slow is cut off within twenty seconds', async (t) => {
    for (const heard of await Promise.all(slow)) {
      t.ok(heard.isClosed && heard.seconds <= 20, `closed: ${heard.isClosed}, after ${heard.seconds} s`)
      t.same(statuses(heard), [408])
      t.match(parse(heard.text.split('\r\n\r\n')[1] ?? ''), { code: 'request-timeout' })
    }
  })

  test('and the registry goes on', async (t) => {
    t.equal((await client.get('/readyz')).status, 200)
  })
})
