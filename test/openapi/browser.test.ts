/** The reference, in a real browser: readable, and nothing of it comes from elsewhere. */
import t from 'tap'
import { openBrowser, watched, withoutBrowser } from '../browser.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'

t.test('/docs', { skip: withoutBrowser }, async (t) => {
  const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
  t.teardown(registry.close)
  const address = await registry.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const { asked, wrong } = watched(page)

  await page.goto(`${address}/docs`)
  await page.getByText('List, filter and search measures').waitFor({ timeout: 20_000 })
  t.same(
    asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:')),
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
