/** Reads the starter catalogue from its files: one for the catalogue as a whole, and one for each measure. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeasureContent } from '../measures/measure.schema.ts'

/** A measure as its file holds it. */
export type CatalogueRecord = MeasureContent & { id: string }

/** What `catalogue.json` says of the catalogue. */
export interface Manifest {
  readonly name: string
  readonly version: string
  /** The instant that the whole catalogue counts as published at, whenever it is loaded. */
  readonly released: string
  readonly licence: string
  readonly title: string
  readonly description: string
  /** How many measures there have to be, so that a file that went missing does not go unnoticed. */
  readonly measures: number
}

export interface Catalogue {
  readonly manifest: Manifest
  readonly records: readonly CatalogueRecord[]
}

export const CATALOGUE_FOLDER = join(import.meta.dirname, '../../db/catalogue')

const readJson = async <T>(path: string) => JSON.parse(await readFile(path, 'utf8')) as T

/** The names of the measure files, in an order that does not depend on the file system. */
export const measureFiles = async (folder = CATALOGUE_FOLDER): Promise<string[]> =>
  (await readdir(join(folder, 'measures'))).filter((name) => name.endsWith('.json')).sort()

/** The catalogue with all its records, in the order of their ids. It trusts the files: their tests are what checks them. */
export async function readCatalogue(folder = CATALOGUE_FOLDER): Promise<Catalogue> {
  const names = await measureFiles(folder)
  const [manifest, ...records] = await Promise.all([
    readJson<Manifest>(join(folder, 'catalogue.json')),
    ...names.map((name) => readJson<CatalogueRecord>(join(folder, 'measures', name)))
  ])
  return { manifest, records }
}
