/**
 * Writes who may do what as a table, from the operations of the OpenAPI document.
 *
 *   npm run generate:rights [-- --check]
 */
import { KEY_ROLES, rightsOf } from '../src/access/roles.ts'
import { generate, served } from './generated.ts'

type Document = { paths: Record<string, Record<string, { summary: string; 'x-required-role': string }>> }

const roles = (['reader', ...KEY_ROLES] as const).map((role) => `| ${role} | ${rightsOf(role).join(', ')} |`)

const INTRODUCTION = `# Who may do what

<!-- Generated from the routes by \`npm run generate\`. -->

A reader has no key. A request that needs a key and has none is answered 401 \`unauthenticated\`; one whose key does not include
the role that is needed is answered 403 \`forbidden\`. \`GET /v1/me\` says what a key includes.

| Role | Includes |
|---|---|
${roles.join('\n')}
`

function table({ paths }: Document): string {
  const rows = Object.entries(paths)
    .flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ path, method, operation })))
    .sort((a, b) => (a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1))
    .map(
      ({ path, method, operation }) => `| ${method.toUpperCase()} | \`${path}\` | ${operation.summary} | ${operation['x-required-role']} |`
    )
  return ['| Method | Path | What | Role needed |', '|---|---|---|---|', ...rows].join('\n')
}

await generate({
  help: 'npm run generate:rights [-- --check]\nWrites docs/rights.md, or with --check fails if it is out of date.',
  async files() {
    const { '/openapi.json': json } = await served(['/openapi.json'])
    return { 'docs/rights.md': `${INTRODUCTION}\n${table(JSON.parse(json))}\n` }
  }
})
