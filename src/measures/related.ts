/** Measures that relate to one: what the records state, in both directions, and what looks alike. */
import type { Catalogue } from './catalogue.ts'
import { findSimilar } from './finding-similar.ts'
import type { Measure } from './measure.schema.ts'
import { contentOf } from './measure.ts'

export async function relatedTo(catalogue: Catalogue, measure: Measure) {
  await catalogue.level()
  const stated = await statedBy(catalogue, measure)
  const naming = await namedBy(catalogue, measure.id)
  const known = new Set([...stated, ...naming].map((related) => related.measure))
  const similar = await findSimilar(catalogue, measure.id, contentOf(measure), 'published')
  const found = similar
    .filter((finding) => !known.has(finding.measure))
    .map(({ measure: id, title, kind, because }) => ({ kind, direction: 'to' as const, measure: id, title, stated: false, because }))
  return [...stated, ...naming, ...found]
}

async function statedBy(catalogue: Catalogue, { relations = [] }: Measure) {
  const titles = await titlesOf(
    catalogue,
    relations.flatMap(({ measure }) => (measure ? [measure] : []))
  )
  return relations.map(({ kind, measure, url }) => {
    const title = measure && titles.get(measure)
    return {
      kind,
      direction: 'to' as const,
      ...(measure ? { measure } : {}),
      ...(title ? { title } : {}),
      ...(url ? { url } : {}),
      stated: true,
      because: [] as string[]
    }
  })
}

async function namedBy(catalogue: Catalogue, id: string) {
  const others = await documents(catalogue, catalogue.index.with('relation', id).array())
  return others
    .filter(({ status }) => status !== 'draft')
    .flatMap(({ id: measure, title, relations = [] }) =>
      relations
        .filter((relation) => relation.measure === id)
        .map(({ kind }) => ({ kind, direction: 'from' as const, measure, title, stated: true, because: [] as string[] }))
    )
}

async function titlesOf(catalogue: Catalogue, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(ids.map((id) => catalogue.queries.published({ id })))
  return new Map(
    found
      .flat()
      .map(({ json }) => JSON.parse(json) as Measure)
      .map(({ id, title }) => [id, title])
  )
}

const documents = async (catalogue: Catalogue, numbers: readonly number[]) =>
  JSON.parse(`[${await catalogue.joined(numbers)}]`) as Measure[]
