/**
 * The rules of a measure that need nothing but the measure: what people wrote, what the registry adds, how a slug is
 * made. Pure: no clock, no storage, no HTTP.
 */
import slugify from '@sindresorhus/slugify'
import { completenessOf } from './completeness.ts'
import { maturityOf } from './maturity.ts'
import { FIELDS, type Measure, type MeasureContent, type Retirement, type Similar } from './measure.schema.ts'

/** Words that stand beside the identifiers in the addresses of the registry: no measure gets one as its identifier. */
export const RESERVED_IDS: ReadonlySet<string> = new Set(['balance'])

/** A slug from the short title, or the acronym, or the title; 80 characters at most. */
export function slugOf(content: Pick<MeasureContent, 'title' | 'shortTitle' | 'acronym'>): string {
  const candidates = [content.shortTitle, content.acronym, content.title].filter((text) => text !== undefined)
  const slugs = candidates.map((text) =>
    slugify(text, { decamelize: false })
      .slice(0, 70)
      .replace(/^-+|-+$/g, '')
  )
  return slugs.find((slug) => slug.length >= 2) ?? 'measure'
}

/** What people wrote of a measure, without what the registry adds. */
export function contentOf(measure: Record<string, unknown>): MeasureContent {
  const written = FIELDS.filter((field) => measure[field] !== undefined).map((field) => [field, measure[field]])
  return Object.fromEntries(written) as MeasureContent
}

/** What the registry knows of a measure beside its content. */
export interface Circumstances {
  readonly id: string
  readonly publicUrl: string
  readonly version?: string | undefined
  readonly status: Measure['status']
  readonly reviewState?: Measure['reviewState']
  readonly createdAt: string
  readonly updatedAt: string
  readonly publishedAt?: string | undefined
  readonly similar?: readonly Similar[] | undefined
  readonly review?: string | undefined
  readonly retirement?: Retirement | undefined
}

/**
 * The measure as it is answered: content in the order of the schema, between what the registry keeps and computes. Its maturity is
 * that of the record alone; when it is stored, reports of its use are added.
 */
export function composeMeasure(content: MeasureContent, { publicUrl, ...kept }: Circumstances): Measure {
  const today = kept.updatedAt.slice(0, 10)
  const { until: _until, ...readiness } = maturityOf(content, today)
  const measure = {
    id: kept.id,
    canonicalUrl: canonicalUrl(publicUrl, kept.id),
    version: kept.version,
    status: kept.status,
    reviewState: kept.reviewState,
    ...contentOf(content),
    createdAt: kept.createdAt,
    updatedAt: kept.updatedAt,
    publishedAt: kept.publishedAt,
    completeness: completenessOf(content),
    readiness,
    similar: kept.similar,
    review: kept.review,
    retirement: kept.retirement
  }
  return withoutUndefined(measure) as Measure
}

export const canonicalUrl = (publicUrl: string, id: string) => `${publicUrl.replace(/\/+$/, '')}/measures/${id}`

const withoutUndefined = (object: object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
