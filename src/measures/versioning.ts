import type { Code } from '../vocabularies/codes.ts'

const parts = (version: string) => version.split('.').map(Number) as [number, number, number]

/** The next version after `current`; the first one is 1.0.0 whatever the impact (Semantic Versioning 2.0.0). */
export function nextVersion(current: string | null | undefined, impact: Code<'impact'>): string {
  if (!current) return '1.0.0'
  const [major, minor, patch] = parts(current)
  if (impact === 'major') return `${major + 1}.0.0`
  return impact === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}
