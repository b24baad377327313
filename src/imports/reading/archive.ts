/** Zip archives from people one does not know. Everything that its directory says is judged before anything is unpacked. */
import { open } from 'node:fs/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { malformed, tooLarge, unsafe } from './unreadable.ts'

const MAX_ENTRIES = 2_000
const MIB = 1024 * 1024
const MAX_ENTRY = 64 * MIB
const MAX_TOTAL = 100 * MIB
/** Sheets shrink to a tenth or a thirtieth; zeros to a thousandth. Small parts may shrink as they like. */
const MAX_RATIO = 200
const STORED = 0
const DEFLATED = 8

const ZIP = [0x50, 0x4b]
/** Old workbooks, and new ones behind a password. */
const OLE = [0xd0, 0xcf, 0x11, 0xe0]

export class Archive {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  static async open(path: string): Promise<Archive> {
    await checkKind(path)
    const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch((error: Error) => {
      throw damaged(error)
    })
    try {
      return new Archive(zip, await checkedEntries(zip))
    } catch (error) {
      zip.close()
      throw error
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** The unpacked bytes of an entry. An entry that holds more or less than the directory says ends in an error. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name)!
    try {
      yield* (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
    } catch (error) {
      if (/bytes in the stream/.test((error as Error).message))
        throw unsafe(`The part ${name} is not as large as the archive says it is. ${AGAIN}`)
      throw damaged(error as Error)
    }
  }

  close(): void {
    this.#zip.close()
  }
}

const AGAIN = 'Open the workbook in a spreadsheet program and save it again as .xlsx.'

const damaged = (error: Error) => malformed(`The workbook is damaged or was not sent whole (${error.message}). ${AGAIN}`)

async function checkKind(path: string): Promise<void> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const begins = (bytes: readonly number[]) => bytesRead >= bytes.length && bytes.every((byte, i) => buffer[i] === byte)
    if (begins(OLE)) throw malformed('This is an old workbook (.xls), or one behind a password: save it as .xlsx without a password.')
    if (!begins(ZIP)) throw malformed('This is no workbook: save it as .xlsx, or send a CSV file with the type text/csv.')
  } finally {
    await file.close()
  }
}

async function checkedEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw unsafe(`The archive has ${zip.entryCount} parts; a workbook has a few dozen. ${AGAIN}`)
  const entries = new Map<string, Entry>()
  let packed = 0
  let unpacked = 0
  for await (const entry of entriesOf(zip)) {
    checkEntry(entry)
    if (entries.has(entry.fileName)) throw unsafe(`The archive holds the part ${entry.fileName} twice. ${AGAIN}`)
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    if (unpacked > MAX_TOTAL) throw tooLarge('The workbook is larger than 100 MiB when it is unpacked: split it.')
    entries.set(entry.fileName, entry)
  }
  // Parts that share their bytes: a way to make much out of little.
  if (packed > zip.fileSize) throw unsafe(`The parts of the archive are larger than the archive. ${AGAIN}`)
  return entries
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry()
  } catch (error) {
    if (/relative path|absolute path|invalid characters/.test((error as Error).message))
      throw unsafe(`The archive holds a part with a name that leads out of it. ${AGAIN}`)
    throw damaged(error as Error)
  }
}

function checkEntry(entry: Entry): void {
  const { fileName, compressedSize, uncompressedSize, compressionMethod } = entry
  if (entry.isEncrypted()) throw malformed('The workbook is encrypted: save it as .xlsx without a password.')
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw malformed(`The part ${fileName} is packed in a way that workbooks are not (method ${compressionMethod}). ${AGAIN}`)
  if (uncompressedSize > MAX_ENTRY) throw tooLarge(`The part ${fileName} is larger than 64 MiB when it is unpacked: split the workbook.`)
  if (uncompressedSize > MIB && uncompressedSize > compressedSize * MAX_RATIO)
    throw unsafe(`The part ${fileName} grows more than ${MAX_RATIO} times when it is unpacked, as attacks do. ${AGAIN}`)
}
