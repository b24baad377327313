/** Measures in our own JSON: as people send them, and as the API and the exports answer them. */
import { URI_SYSTEM } from '../../measures/identifiers.ts'
import { FIELDS, Measure } from '../../measures/measure.schema.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { Identity, Interpreted } from '../candidate.ts'
import { COMMENT } from '../comment.ts'
import { Findings } from './findings.ts'
import { MEASURE_SHAPE, memberShape } from './shapes.ts'
import { isObject, refuseMember, type Tidying, tidy } from './tidying.ts'

/** What the registry adds to a measure, and what it counts of it elsewhere. */
const KEPT: readonly string[] = [
  ...Object.keys(Measure.properties).filter((name) => name !== 'id' && !(FIELDS as readonly string[]).includes(name)),
  'gapCount',
  'priorities'
]
/** What every answer of ours has, and nobody writes by hand. */
const MARKS = ['id', 'canonicalUrl', 'status'] as const
const WITH_MAPPING = 'Or give a mapping, if this is a list of somebody else.'

/**
 * A measure from a value that has our own form. Members that the registry keeps itself are left out: without a word where the record is
 * an answer of ours, else with a warning. Values of a wrong type pass unchanged, for the schema to refuse. Nothing is thrown.
 */
export function measureFromOwn(value: unknown, lists: Vocabularies): Interpreted {
  const findings = new Findings()
  const placeOf = (path: readonly string[]) => ({ pointer: pointerTo(path), field: path.join('.') })
  if (!isObject(value)) {
    const expected = 'A JSON object with the fields of a measure.'
    findings.refuse({ pointer: '' }, value, { code: 'not-a-measure', detail: 'This is not a JSON object.', expected })
    return { content: {}, identity: {}, classified: [], ...notesOf(findings) }
  }
  const { id, ...content } = membersOf({ lists, findings, placeOf }, value)
  return { content, identity: identityOf(id, content, findings), classified: [], ...notesOf(findings) }
}

const notesOf = ({ errors, warnings }: Findings) => ({ errors, warnings })

const pointerTo = (path: readonly string[]) => path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The members that are ours, tidied. */
function membersOf(tidying: Tidying, value: Record<string, unknown>): Record<string, unknown> {
  const isAnswer = MARKS.every((name) => Object.hasOwn(value, name))
  const members = Object.entries(value).flatMap(([name, member]) => {
    const shape = memberShape(MEASURE_SHAPE, name)
    if (shape) return [[name, name === 'id' ? member : tidy(tidying, member, shape, [name])]]
    if (KEPT.includes(name)) {
      if (!isAnswer) warnKept(tidying, name)
    } else if (name !== COMMENT) refuseMember(tidying, name, FIELDS, [name], WITH_MAPPING)
    return []
  })
  return Object.fromEntries(members)
}

const warnKept = ({ findings, placeOf }: Tidying, name: string) =>
  findings.warn(placeOf([name]), undefined, { code: 'kept-apart', detail: 'The registry keeps this itself: it was left out.' })

function identityOf(id: unknown, { identifiers }: Record<string, unknown>, findings: Findings): Identity {
  if (id !== undefined && typeof id !== 'string')
    findings.refuse({ pointer: '/id', field: 'id' }, id, {
      code: 'invalid',
      detail: 'It is not a text.',
      expected: 'An identifier of this registry.'
    })
  const url = Array.isArray(identifiers) ? identifiers.filter(isObject).find(({ system }) => system === URI_SYSTEM)?.['value'] : undefined
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof url === 'string' && url !== '' ? { url: url.split('|', 1)[0]! } : {}) }
}
