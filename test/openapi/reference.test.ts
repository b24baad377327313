/** The reference at `/docs`: everything that it loads comes from the registry itself, so that it works without any other host. */
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { document } from './document.ts'

const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
t.teardown(registry.close)

/** The addresses that a page or a style sheet loads. */
const loadedBy = (text: string) => [...text.matchAll(/(?:src|href|action)="([^"]*)"|url\(["']?([^"')]+)/g)].map(([, a, b]) => (a ?? b)!)

for (const path of ['/docs', '/docs/']) {
  t.test(path, async (t) => {
    const page = await registry.send('GET', path)
    t.equal(page.statusCode, 200)
    t.match(page.headers['content-type'], 'text/html')
    const policy = Object.fromEntries(
      String(page.headers['content-security-policy'])
        .split(';')
        .map((rule) => rule.trim().split(/\s+/))
        .map(([name, ...sources]) => [name, sources])
    )
    t.same(policy['default-src'], ["'none'"], 'what is not named is not loaded')
    t.same(policy['script-src'], ["'self'"], 'scripts are files of our own')
    t.same(policy['connect-src'], ["'self'"])
    for (const [name, sources] of Object.entries(policy))
      t.notOk(
        (sources as string[]).some((source) => /\.|^https?:|\*/.test(source)),
        `${name} names no other host`
      )
    t.notOk('upgrade-insecure-requests' in policy, 'it works without TLS, on any host')

    const assets = loadedBy(page.body).map((address) => new URL(address, `http://registry.test${path}`))
    t.ok(assets.length >= 4)
    for (const { origin, pathname } of assets) {
      t.equal(origin, 'http://registry.test', pathname)
      const asset = await registry.send('GET', pathname)
      t.equal(asset.statusCode, 200, pathname)
      t.ok(asset.headers['content-security-policy'])
      if (!pathname.endsWith('.css')) continue
      const others = loadedBy(asset.body).filter((address) => !address.startsWith('data:'))
      t.same(
        others.filter((address) => /^(https?:)?\/\//.test(address)),
        [],
        `${pathname} loads nothing from elsewhere`
      )
    }
  })
}

t.test('it shows the document, and sends it to nobody', async (t) => {
  const shown = await registry.send('GET', '/docs/json')
  t.same(shown.json(), document)
  const script = (await registry.send('GET', '/docs/static/swagger-initializer.js')).body
  t.match(script, /"validatorUrl":\s*null/, 'no validator on another host')
  t.match(script, "url: resolveUrl('./json')")
})
