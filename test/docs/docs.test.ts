/**
 * The documentation is run. Every document gets a registry of its own, and bash runs its blocks in order: `sh` blocks as they
 * stand, `js runnable NAME` blocks as a file of that name. A `json answer` block names a part of what the block before it
 * printed, a `text answer` block names lines of it; `…` stands for anything. `npm` blocks name scripts that have to exist.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { freePort } from '../free-port.ts'

const ROOT = join(import.meta.dirname, '../..')
const WRITTEN_FOR = 'http://127.0.0.1:3000'
const ADMIN_KEY = 'an-admin-key-for-trying-things-out'
const START_MS = 30_000
const RUN_MS = 60_000

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const GUIDES = ['README.md', ...globSync('docs/*.md', { cwd: ROOT }).sort()]
const ALL = globSync('**/*.md', { cwd: ROOT, exclude: (name) => ['node_modules', '.git', '.tap'].includes(name) }).sort()

interface Block {
  readonly info: string
  readonly text: string
  readonly line: number
}

/** The fenced blocks of a document. */
function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ 1: info = '', 2: text = '', index }) => ({
    info: info.trim(),
    text,
    line: markdown.slice(0, index).split('\n').length
  }))
}

const isNpm = ({ info, text }: Block) => info === 'sh' && /\bnpm\b/.test(text)
const isRun = (block: Block) => (block.info === 'sh' && !isNpm(block)) || block.info.startsWith('js runnable ')
const isAnswer = ({ info }: Block) => info.endsWith(' answer')
const OTHER = ['', 'sh needs-postgresql', 'json', 'text', 'js', 'nginx']

/** What stands for a text in which `…` is anything. */
const patternOf = (text: string) => new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '[\\s\\S]*')}$`)

/** Where an answer differs from what the document says of it; undefined where it does not. */
function difference(said: unknown, real: unknown, at = ''): string | undefined {
  if (said === '…') return real === undefined ? `${at} is missing` : undefined
  if (Array.isArray(said)) {
    if (!Array.isArray(real)) return `${at} is no list`
    const open = said.at(-1) === '…'
    const items = open ? said.slice(0, -1) : said
    if (open ? real.length < items.length : real.length !== items.length) return `${at} has ${real.length} members`
    return firstOf(items.map((item, i) => difference(item, real[i], `${at}/${i}`)))
  }
  if (typeof said === 'object' && said !== null) {
    if (typeof real !== 'object' || real === null) return `${at} is no object`
    return firstOf(Object.entries(said).map(([name, value]) => difference(value, real[name as keyof typeof real], `${at}/${name}`)))
  }
  const same = typeof said === 'string' && typeof real === 'string' ? patternOf(said).test(real) : said === real
  return same ? undefined : `${at} is ${JSON.stringify(real)}, not ${JSON.stringify(said)}`
}
const firstOf = (found: readonly (string | undefined)[]) => found.find((each) => each !== undefined)

/** The line of the answer that was not printed, in its place. */
function missingLine(said: string, printed: string): string | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd())
  let from = 0
  return said
    .trimEnd()
    .split('\n')
    .find((line) => {
      const found = lines.findIndex((real, i) => i >= from && patternOf(line).test(real))
      from = found + 1
      return found < 0
    })
}

/** A registry in a folder of its own, as `npm start` starts it. */
async function startRegistry(folder: string) {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), ADMIN_KEY, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const ended = once(child, 'exit')
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  for (const start = Date.now(); !printed.includes(`${address}/v1`); await sleep(25)) {
    if (child.exitCode !== null || Date.now() - start > START_MS) throw new Error(`The registry did not start:\n${printed}`)
  }
  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = await ended
    return { code, printed }
  }
  return { address, stop }
}

/** One script for a document, so that a variable of one block is there in the next; each block prints to a file of its own. */
function scriptOf(blocks: readonly Block[], folder: string): string {
  const steps = blocks.map(({ info, text, line }, i) => {
    const name = /^js runnable (\S+)$/.exec(info)?.[1]
    if (name !== undefined) writeFileSync(join(folder, name), text)
    return `at='line ${line}'\n{\n${name === undefined ? text : `node ${name}\n`}} > printed.${i}\n`
  })
  return `set -euo pipefail\ntrap 'echo "The block at $at failed" >&2; cat printed.* | tail -c 2000 >&2' ERR\n${steps.join('')}`
}

function runBlocks(blocks: readonly Block[], folder: string, address: string) {
  const here = blocks.map((block) => ({ ...block, text: block.text.replaceAll(WRITTEN_FOR, address) }))
  const script = scriptOf(here, folder)
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: folder, LC_ALL: 'C.UTF-8' }
  return spawnSync('bash', ['-c', script], { cwd: folder, env, encoding: 'utf8', timeout: RUN_MS })
}

const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
const missingTool = ['curl', 'bash'].find((tool) => spawnSync(tool, ['--version']).error)

for (const path of GUIDES) {
  const blocks = blocksOf(read(path))
  const runnable = blocks.filter(isRun)

  t.test(`${path}: blocks`, async (t) => {
    for (const [i, block] of blocks.entries()) {
      const at = `${path}:${block.line}`
      if (isNpm(block)) {
        for (const [, name = ''] of block.text.matchAll(/\bnpm (?:run )?([\w:-]+)/g))
          t.ok(name === 'ci' || scripts.includes(name), `${at}: package.json has a script ${name}`)
        t.notMatch(block.text, /\bcurl\b/, `${at}: a block with npm is not run, so it has nothing else`)
      } else if (isAnswer(block)) {
        t.ok(blocks[i - 1] && isRun(blocks[i - 1]!), `${at}: an answer stands after a block that is run`)
      } else if (block.info === 'sh needs-postgresql') {
        const { status, stderr } = spawnSync('bash', ['-n', '-c', block.text], { encoding: 'utf8' })
        t.equal(status, 0, `${at}: bash can read it ${stderr}`)
        t.comment(`${at}: not run, only read by bash: it needs a PostgreSQL server and its tools`)
      } else {
        t.ok(isRun(block) || OTHER.includes(block.info), `${at}: "${block.info}" is a kind of block that is known`)
      }
      const careless = block.info === 'sh' && /\bcurl\b(?! --fail-with-body -sS)/.test(block.text)
      if (careless) t.ok(blocks[i + 1] && isAnswer(blocks[i + 1]!), `${at}: a request that may be refused is followed by its answer`)
    }
  })

  if (runnable.length === 0) continue
  const skip = missingTool !== undefined && process.env['CI'] !== 'true' && `${missingTool} is not installed`
  t.test(`${path}: run`, { skip }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'docs-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    const { address, stop } = await startRegistry(folder)
    const { status, stderr, error } = runBlocks(runnable, folder, address)
    const { code, printed } = await stop()
    t.equal(status, 0, `every block of ${path} runs`, { printed: `${error?.message ?? ''}${stderr}` })
    t.equal(code, 0, 'the registry stops when it is told to')
    t.notMatch(printed, /"level":[56]0/, 'the registry logs no error')
    if (status !== 0) return
    for (const [i, block] of blocks.entries()) {
      if (!isAnswer(block)) continue
      const output = readFileSync(join(folder, `printed.${runnable.indexOf(blocks[i - 1]!)}`), 'utf8').replaceAll(address, WRITTEN_FOR)
      const wrong = block.info.startsWith('json') ? difference(JSON.parse(block.text), JSON.parse(output)) : missingLine(block.text, output)
      t.equal(wrong, undefined, `${path}:${block.line}: the answer is as written`, { printed: output.slice(0, 2_000) })
    }
  })
}

const npm = (...args: string[]) => execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' })

t.test('commands', async (t) => {
  t.match(npm('run', 'catalogue', '--', 'report'), /seen +unverified +classified +unknown/)
  const help = npm('start', '--', '--help')
  const variables = [...help.matchAll(/^ {2}([A-Z_]+) +(.*?)(?: Default: (.*)\.)?$/gm)].map(([, name, meaning, fallback]) =>
    [name, fallback ?? '', meaning].join(' | ')
  )
  const rows = [...read('docs/operations.md').matchAll(/^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.*) \|$/gm)].map(
    ([, name, fallback, meaning]) => [name, fallback ?? '', meaning].join(' | ')
  )
  t.ok(variables.length > 0)
  t.same(rows, variables, 'the table of docs/operations.md is what `npm start -- --help` says')
})

/** What GitHub makes of headings. */
const anchorsOf = (markdown: string) =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  )

t.test('links', async (t) => {
  for (const path of ALL) {
    const markdown = read(path).replaceAll(/^```[\s\S]*?^```$/gm, '')
    for (const [, target = ''] of markdown.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const linked = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(ROOT, linked))) t.fail(`${path}: ${target} leads nowhere`)
      else if (anchor !== undefined && !anchorsOf(read(linked)).includes(anchor)) t.fail(`${path}: ${target} has no such heading`)
    }
  }
  for (const path of GUIDES) {
    for (const [, named = ''] of read(path).matchAll(/`((?:src|db|docs|test|scripts|openapi)\/[\w./-]+)`/g))
      t.ok(existsSync(join(ROOT, named)), `${path}: ${named} is there`)
  }
  const index = read('docs/README.md')
  for (const name of readdirSync(join(ROOT, 'docs/decisions'))) t.ok(index.includes(`](decisions/${name})`), `docs/README.md links ${name}`)
  for (const name of readdirSync(join(ROOT, 'docs')))
    if (name.endsWith('.md') && name !== 'README.md') t.ok(index.includes(`](${name})`), `docs/README.md links ${name}`)
})
