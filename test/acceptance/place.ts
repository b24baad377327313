import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Running, running } from './running.ts'
import type { Engine } from './server.ts'

/** A database, a folder for temporary files and one for what is imported, for one test; servers that it starts end with it. */
export async function place(t: Test, engine: Engine) {
  const { url, drop } = await engine.database()
  const folder = t.testdir({ tmp: {}, files: {} })
  const servers: Running[] = []
  t.teardown(async () => {
    await Promise.all(servers.map((server) => server.end('SIGKILL')))
    await drop()
  })
  const env = { DATABASE_URL: url, TMPDIR: join(folder, 'tmp') }
  return {
    env,
    files: join(folder, 'files'),
    start: async (more: Record<string, string> = {}) => {
      const server = await running({ ...env, ...more })
      servers.push(server)
      return server
    },
    /** Folders of uploads and imports that are still there. */
    left: () => readdirSync(env.TMPDIR).filter((name) => /^registry-(?:upload|import)-/.test(name))
  }
}
