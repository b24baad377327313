/** A real browser for pages, where the machine has one; continuous integration does not do without. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path))
if (!executablePath && process.env['CI'] === 'true') throw new Error('Continuous integration does not skip the browser: install chromium')

/** The reason to skip a test, for its options. */
export const withoutBrowser = !executablePath && 'there is no Chromium on this machine; CHROMIUM names one'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: executablePath!, args: QUIET })

/** Notes what a page asks for, and what goes wrong on it. */
export function watched(page: Page): { readonly asked: string[]; readonly wrong: string[] } {
  const [asked, wrong]: [string[], string[]] = [[], []]
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
  page.on('pageerror', (error) => wrong.push(error.message))
  return { asked, wrong }
}
