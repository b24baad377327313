/** Large files are read in little memory. Each is read in a thread that ends when it wants more than it is given. */
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { strToU8, zipSync } from 'fflate'
import t from 'tap'

const MIB = 1024 * 1024
const folder = t.testdir()
const READING = new URL('../../src/imports/reading/', import.meta.url)

/** Writes a file of many records; answers how many. */
function write(name: string, size: number, head: string, record: (i: number) => string, tail = ''): number {
  const file = openSync(join(folder, name), 'w')
  let count = 0
  let written = writeSync(file, head)
  while (written < size) {
    let part = ''
    while (part.length < MIB) part += record(count++)
    written += writeSync(file, part)
  }
  writeSync(file, tail)
  closeSync(file)
  return count
}

/** Counts the records of a file in a thread with `heap` MiB for what it keeps. */
async function countIn(heap: number, name: string): Promise<unknown> {
  const path = JSON.stringify(join(folder, name))
  const module = (file: string) => `await import(${JSON.stringify(new URL(file, READING).href)})`
  const source = name.endsWith('.csv')
    ? `(await (${module('csv.ts')}).readCsv(${path}, {})).rows`
    : name.endsWith('.xlsx')
      ? `(await (${module('xlsx.ts')}).readXlsx(${path})).rows`
      : `(${module('json.ts')}).readJson(${path}, { lines: false })`
  const code = `(async () => {
    let count = 0
    for await (const _ of ${source}) count++
    require('node:worker_threads').parentPort.postMessage(count)
  })()`
  const worker = new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: heap } })
  let count: unknown
  worker.on('message', (message) => {
    count = message
  })
  await once(worker, 'exit')
  return count
}

const words = (i: number) => `Mésure ${i} `.repeat(100)
const resource = (i: number) =>
  JSON.stringify({ resource: { resourceType: 'Measure', id: `m${i}`, description: words(i), group: [{ code: { text: 'x' } }] } })

t.test('CSV', async (t) => {
  const count = write('large.csv', 40 * MIB, 'title,description\n', (i) => `Title ${i},"${words(i)}"\n`)
  t.equal(await countIn(32, 'large.csv'), count)
})

t.test('a Bundle whose kind is known at its end', async (t) => {
  const count = write('large.json', 40 * MIB, '{"entry":[{}', (i) => `,${resource(i)}`, '],"resourceType":"Bundle"}')
  t.equal(await countIn(32, 'large.json'), count + 1)
})

t.test('an object on each line', async (t) => {
  const count = write('lines.json', 40 * MIB, '', (i) => `${resource(i)}\n`)
  t.equal(await countIn(32, 'lines.json'), count)
})

t.test('a workbook as large as is read', async (t) => {
  const rows = ['<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row>']
  for (let size = 0, row = 2; size < 24 * MIB; row++) {
    const xml = `<row r="${row}"><c r="A${row}" t="inlineStr"><is><t>${words(row)}–</t></is></c><c r="B${row}"><v>${row}</v></c></row>`
    size += xml.length
    rows.push(xml)
  }
  const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const parts = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="S" r:id="s"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="s" Type="${types}/worksheet" Target="s.xml"/></Relationships>`,
    'xl/s.xml': `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`
  }
  writeFileSync(
    join(folder, 'large.xlsx'),
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])), { level: 1 })
  )
  t.equal(await countIn(160, 'large.xlsx'), rows.length - 1)
})
