/** What a schema finds wrong, in words: the place, what is expected, and the nearest that would be right. */
import { closest } from 'fastest-levenshtein'

/** An error of Ajv, with `verbose` on. */
export interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Record<string, unknown>
  readonly message?: string
  readonly data?: unknown
  readonly parentSchema?: object
}

/** Of a choice, what each alternative lacks says more than that none fits; of an `if`, the same. */
export function tellingErrors<E extends Pick<SchemaError, 'keyword'>>(found: readonly E[]): readonly E[] {
  const telling = found.filter(({ keyword }) => !['anyOf', 'oneOf', 'if'].includes(keyword))
  return telling.length > 0 ? telling : found
}

/** The member that is missing or should not be there; nothing where the error is of a value. */
export function memberOf({ keyword, params }: SchemaError): string | undefined {
  if (keyword === 'additionalProperties') return params['additionalProperty'] as string
  return keyword === 'required' ? (params['missingProperty'] as string) : undefined
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Where it is wrong (RFC 6901). */
export function pointerOf(error: SchemaError): string {
  const name = memberOf(error)
  return name === undefined ? error.instancePath : `${error.instancePath}/${escaped(name)}`
}

/** In words: what is wrong, what is expected, and the nearest that would be right. */
export function explain({ keyword, params, message = 'does not fit', data, parentSchema }: SchemaError): {
  detail: string
  nearest?: string
} {
  if (keyword === 'additionalProperties') {
    const name = params['additionalProperty'] as string
    return withNearest(
      `"${shortened(name)}" is not known here.`,
      name,
      Object.keys((parentSchema as { properties?: object })?.properties ?? {})
    )
  }
  if (keyword === 'required') return { detail: 'It is missing.' }
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).map(String)
    const text = typeof data === 'string' ? data : ''
    return withNearest(`${shortened(JSON.stringify(data) ?? '')} is not one of ${allowed.slice(0, 40).join(', ')}.`, text, allowed)
  }
  return { detail: `It ${message}.` }
}

function withNearest(detail: string, word: string, words: readonly string[]) {
  const nearest = word && words.length > 0 && word.length < 200 ? closest(word, words as string[]) : undefined
  return nearest ? { detail: `${detail} Did you mean "${nearest}"?`, nearest } : { detail }
}

const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
