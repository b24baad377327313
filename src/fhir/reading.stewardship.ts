/** Who made the measure and keeps it, and what is allowed (http://hl7.org/fhir/R4/measure-definitions.html). */
import { Development, Licence } from '../measures/measure.parts.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import type { Findings } from './findings.ts'
import { at, each, filled, isAbsent, type Place, textAt } from './place.ts'
import { readLine, readText } from './texts.ts'

type Stewardship = Pick<MeasureContent, 'development' | 'licence'>
type DevelopmentContent = NonNullable<MeasureContent['development']>
type LicenceContent = NonNullable<MeasureContent['licence']>

export function readStewardship(findings: Findings, resource: Place): Partial<Stewardship> {
  return filled<Stewardship>({ development: readDevelopment(findings, resource), licence: readLicence(findings, resource) })
}

function readDevelopment(findings: Findings, resource: Place): Partial<DevelopmentContent> {
  const { properties } = Development
  return filled<DevelopmentContent>({
    steward: readLine(findings, at(resource, 'publisher'), { field: 'development.steward', schema: properties.steward }),
    contact: readContact(findings, resource),
    year: readYear(findings, resource)
  })
}

/** The first address of the web or of mail. */
function readContact(findings: Findings, resource: Place): string | undefined {
  const contacts = each(at(resource, 'contact'))
  const points = contacts.flatMap((contact) => each(at(contact, 'telecom')))
  if (points.length > 1 || contacts.some((contact) => !isAbsent(at(contact, 'name')))) findings.keepApart('contact')
  const point = points.find(
    (each) => ['url', 'email'].includes(String(at(each, 'system').value)) && textAt(at(each, 'value')) !== undefined
  )
  if (!point) return undefined
  findings.foundAt('development.contact', point)
  return readLine(findings, at(point, 'value'), { field: 'development.contact', schema: Development.properties.contact })
}

/** The approval by the publisher is the nearest that a Measure says of when it came out. */
function readYear(findings: Findings, resource: Place): number | undefined {
  const place = at(resource, 'approvalDate')
  const year = /^((?:18|19|20|21)\d{2})(?:-|$)/.exec(textAt(place) ?? '')?.[1]
  if (year === undefined) {
    if (!isAbsent(place))
      findings.warn(place, { code: 'not-mapped', field: 'development.year', detail: 'This is not a date.', expected: 'YYYY-MM-DD' })
    return undefined
  }
  findings.classify(place, 'development.year', 'The year is that of the approval by its publisher; it may have come out before.')
  return Number(year)
}

/** Copyright is shown wherever the measure is shown. What is allowed besides, a Measure does not say in codes, and it is not guessed. */
function readLicence(findings: Findings, resource: Place): Partial<LicenceContent> {
  const { properties } = Licence
  const target = { field: 'licence.copyright', schema: properties.copyright }
  const whole = at(resource, 'copyright')
  const label = at(resource, 'copyrightLabel')
  const copyright = readText(findings, whole, target)
  if (copyright !== undefined && !isAbsent(label)) findings.keepApart('copyrightLabel')
  const held = copyright ?? readText(findings, label, target)
  if (held !== undefined) findings.foundAt('licence.copyright', copyright === undefined ? label : whole)
  return filled<LicenceContent>({
    copyright: held,
    note: readText(findings, at(resource, 'disclaimer'), { field: 'licence.note', schema: properties.note })
  })
}
