/** Lists that stand in two columns: in a simple one, and in full as JSON. */
import type { FieldColumn } from './columns.ts'
import { isObject } from './tidying.ts'

/**
 * One list of the two. Where both name the same things in the same order, the details are the list. Otherwise somebody has edited the
 * simple column, and it decides what there is: each thing that it names keeps its details where there are some, with what the simple
 * column says of it; details of what it does not name are left out, which `onLeft` is told. A single column is the list by itself.
 */
export function withDetails(column: FieldColumn, simple: unknown, details: unknown, onLeft: (left: unknown) => void): unknown {
  if (!Array.isArray(simple) || details === undefined) return simple ?? details
  // Details of another form are for the schema to refuse.
  if (!Array.isArray(details) || !details.every(isObject)) return details
  const members = (column.sides ?? []).map(({ member }) => member)
  const said = (item: Record<string, unknown>) => JSON.stringify(members.map((member) => item[member]))
  const edited = simple as Record<string, unknown>[]
  const distinct = (items: Record<string, unknown>[]) => [...new Set(items.map(said))].join()
  if (distinct(edited) === distinct(details)) return details
  const key = members[0] ?? ''
  const named = new Set(edited.map((item) => item[key]))
  for (const item of details) if (!named.has(item[key])) onLeft(item)
  return edited.flatMap((item) => {
    const known = details.filter((detail) => detail[key] === item[key])
    return known.length > 0 ? known.map((detail) => ({ ...detail, ...item })) : [item]
  })
}
