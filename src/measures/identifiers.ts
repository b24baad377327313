/** What an identifier is looked up by. Long ones by their beginnings: an index entry of PostgreSQL has its limits. */
export const identifierKey = ({ system, value }: { readonly system: string; readonly value: string }): string =>
  `${Array.from(system).slice(0, 150).join('')}|${Array.from(value).slice(0, 450).join('')}`

/** The system of identifiers that are addresses (FHIR R5, section 2.1.28.0.3): canonical urls are written with it. */
export const URI_SYSTEM = 'urn:ietf:rfc:3986'
