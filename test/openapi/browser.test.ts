/** The reference, in a real browser: readable, and nothing of it comes from elsewhere. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path))
if (!executablePath && process.env['CI'] === 'true') throw new Error('Continuous integration does not skip the browser: install chromium')

t.test('/docs', { skip: !executablePath && 'there is no Chromium on this machine; CHROMIUM names one' }, async (t) => {
  const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
  t.teardown(registry.close)
  const address = await registry.app.listen({ host: '127.0.0.1', port: 0 })
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync'
  ]
  const browser = await chromium.launch({ executablePath: executablePath!, args: quiet })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const [asked, wrong]: string[][] = [[], []]
  page.on('request', (request) => asked!.push(request.url()))
  page.on('console', (message) => message.type() === 'error' && wrong!.push(message.text()))
  page.on('pageerror', (error) => wrong!.push(error.message))

  await page.goto(`${address}/docs`)
  await page.getByText('List, filter and search measures').waitFor({ timeout: 20_000 })
  t.same(
    asked!.filter((url) => !url.startsWith(address) && !url.startsWith('data:')),
    [],
    'everything comes from the registry'
  )
  t.same(wrong, [], 'nothing is refused or breaks')

  await page.getByText('See what this is').click()
  await page.getByRole('button', { name: 'Execute' }).click()
  const answer = page.locator('.live-responses-table tbody .response-col_status').first()
  await answer.waitFor({ timeout: 10_000 })
  t.match(await answer.textContent(), /200/, 'a request can be tried out')
})
