/** Everything that can be configured, from the environment: one schema, from which defaults, checks and `--help` come. */
import { type Static, Type } from 'typebox'
import Value from 'typebox/value'

const Schema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000, description: 'Port to listen on; 0 takes a free one.' }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 for all.' }),
  DATABASE_URL: Type.String({
    pattern: '^(file:.+|postgres(ql)?://.+)$',
    default: 'file:./data/registry.db',
    description: 'file:./path for the embedded database, file::memory: for one that is forgotten, or postgres://… (15 or later).'
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      description: 'Address under which others reach the registry, for canonical urls and links; http://HOST:PORT when left out.'
    })
  ),
  ADMIN_KEY: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{32,}$',
      description:
        'Makes the first administrator key: at least 32 visible characters. Without it the first start makes one and prints it once.'
    })
  ),
  CATALOGUE: Type.Unsafe<'starter' | 'empty'>({
    type: 'string',
    enum: ['starter', 'empty'],
    default: 'starter',
    description: 'What an empty database is filled with: starter or empty.'
  }),
  LOG_LEVEL: Type.Unsafe<'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'>({
    type: 'string',
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'How much to log: fatal, error, warn, info, debug, trace or silent.'
  })
})
export type Config = Static<typeof Schema> & {
  readonly PUBLIC_URL: string
  /** Whether somebody stated the public address, or it is made of HOST and PORT. */
  readonly isAddressStated: boolean
}

type Property = { description: string; default?: unknown; type: string }
const PROPERTIES = Object.entries(Schema.properties) as unknown as [keyof Config, Property][]

/** A host as addresses spell it: an IPv6 address in brackets (RFC 3986, section 3.2.2). */
const hostOf = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** A configuration that cannot be used; the message names the variable and what it should be. */
export class ConfigError extends Error {}

/** The configuration that an environment states. Variables that the registry does not know are somebody else's. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const stated = PROPERTIES.flatMap(([name, { type, default: fallback }]) => {
    const value = env[name]
    if (value === undefined || value === '') return fallback === undefined ? [] : [[name, fallback]]
    return [[name, type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value]]
  })
  const config: Record<string, unknown> = Object.fromEntries(stated)
  for (const [name, property] of PROPERTIES) {
    if (name in config && !Value.Check(property as never, config[name]))
      throw new ConfigError(`${name} is not usable. ${property.description}`)
  }
  const PUBLIC_URL = String(config['PUBLIC_URL'] ?? `http://${hostOf(String(config['HOST']))}:${config['PORT']}`).replace(/\/+$/, '')
  return { ...config, PUBLIC_URL, isAddressStated: config['PUBLIC_URL'] !== undefined } as Config
}

/** The variables, their defaults and what they mean, for `--help`. */
export const describeConfig = (): string =>
  PROPERTIES.map(
    ([name, { description, default: fallback }]) =>
      `  ${name.padEnd(14)} ${description}${fallback === undefined ? '' : ` Default: ${fallback}.`}`
  ).join('\n')
