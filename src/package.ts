import { readFileSync } from 'node:fs'

/** What `package.json` says of the software itself. */
export const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  name: string
  version: string
  description: string
  license: string
}
