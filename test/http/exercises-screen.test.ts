/** The page for the screen in a workshop, in a real browser: it follows the turnout by itself, and runs nothing but its own script. */
import t from 'tap'
import { openBrowser, watched, withoutBrowser } from '../browser.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { exercisesIn, LIVED, PLAN, PROS, ratings } from './exercises.made.ts'

const HOSTILE = '</title><script>document.title="taken"</script> "&\' 中文 عربي'

t.test('the screen', { skip: withoutBrowser }, async (t) => {
  const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
  t.teardown(registry.close)
  const { prepare, take, invite, cast, at, see } = exercisesIn(registry)
  const groups = [
    { code: LIVED, target: 0.5, required: true },
    { code: PROS, target: 0.5, label: HOSTILE }
  ]
  const { id } = await prepare({ ...PLAN, id: 'on-screen', title: HOSTILE, question: HOSTILE, groups })
  const address = await registry.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const { asked, wrong } = watched(page)

  await page.goto(`${address}${at(id, '/turnout')}?format=html&lang=nl`)
  t.match({ status: (await see(id, '/turnout')).statusCode }, { status: 404 }, 'a draft is for organisers')
  t.match(await page.textContent('body'), /no exercise/)

  await take(id, 'open')
  const codes = await invite(id, LIVED, 8)
  wrong.length = 0
  const answer = await page.goto(`${address}${at(id, '/turnout')}?lang=nl`)
  t.match(answer!.headers(), { 'content-type': 'text/html; charset=utf-8', 'content-language': 'nl' }, 'browsers get the page')
  t.equal(await page.getAttribute('html', 'lang'), 'nl')
  t.match(await page.title(), 'Hoeveel mensen hebben gestemd: </title><script>')
  t.match(await page.textContent('h1'), HOSTILE.slice(0, 20), 'words stay words')
  const row = page.locator(`tr[data-group="${LIVED}"]`)
  t.match(await row.textContent(), /Ervaringsdeskundigen\s*0\s*8/)
  t.match(await page.locator(`tr[data-group="${PROS}"] th`).textContent(), '<script>')

  for (const [i, ballot] of ratings({ i1: [9, 9, 9, 9, 9, 9], i2: [1, 2, 3, 4, 5, 6], i3: [5, 5, 5, 5, 5, 5] }).entries())
    await cast(id, codes[i]!, ballot)
  await row.locator('.voted', { hasText: '5' }).waitFor({ timeout: 10_000 })
  t.equal(await page.locator('#all').textContent(), '5')
  t.equal(await row.locator('meter').evaluate((meter) => (meter as unknown as { value: number }).value), 5)
  await take(id, 'close')
  await page.locator('#state', { hasText: /^(?!Open)/ }).waitFor({ timeout: 10_000 })
  t.not(await page.locator('#state').textContent(), 'Open')

  t.same(
    asked.filter((url) => !url.startsWith(address)),
    [],
    'everything comes from the registry'
  )
  t.same(wrong, [], 'nothing is refused or breaks')
  // A page that lost its registry says so.
  registry.app.server.closeAllConnections()
  await registry.app.close()
  await page.locator('#lost').waitFor({ state: 'visible', timeout: 10_000 })
})
