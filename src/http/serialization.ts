/**
 * How answers become text. Every schema is compiled once for the process, when the first answer needs it, and with no others than those that
 * it refers to: Fastify would compile the problem of each status of each route, and judge all shared schemas each time.
 */
import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type Factory = ReturnType<typeof SerializerSelector>
type Shared = Record<string, object>
type Serialize = (data: unknown) => string

/** By the text of the schema: a name means the same schema in the whole process. */
const compiled = new Map<string, Serialize>()

/** The shared schemas that a schema refers to, directly or through others. */
function referredBy(text: string, shared: Shared, found: Shared = {}): Shared {
  for (const [, name] of text.matchAll(/"\$ref":"([^"#]+)#"/g)) {
    if (name! in found || !(name! in shared)) continue
    found[name!] = shared[name!]!
    referredBy(JSON.stringify(shared[name!]), shared, found)
  }
  return found
}

export const buildSerializer: Factory = (shared, options) => {
  const build = SerializerSelector()
  return (route) => {
    const text = JSON.stringify(route.schema)
    const compile = () => {
      const serialize = compiled.get(text) ?? build(referredBy(text, (shared ?? {}) as Shared), options)(route)
      compiled.set(text, serialize)
      return serialize
    }
    let serialize: Serialize | undefined
    return (data: unknown) => (serialize ??= compile())(data)
  }
}
