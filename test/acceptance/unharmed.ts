/** Requests that have to be refused, and what has to be the same after all of them. */
import type { Test } from 'tap'
import { type Ask, type Client, faultOf } from './client.ts'

/** Method, path, what goes with it; status, code and place of the refusal. */
export type Row = readonly [name: string, method: string, path: string, ask: Ask, status: number, code: string, at?: string | undefined]

async function snapshotOf(client: Client, draftId: string): Promise<object> {
  const { counts } = (await client.get('/v1')).json
  const drafts = await client.get('/v1/measures?status=draft&limit=1', { as: 'contributor' })
  const keys = await client.get('/v1/keys', { as: 'admin' })
  const log = await client.get(`/v1/changes?since=${Math.max(0, counts.changes - 1)}`)
  const draft = await client.get(`/v1/measures/${draftId}/draft`, { as: 'contributor' })
  return { counts, drafts: drafts.json.total, keys: keys.json.total, head: log.json.items.at(-1)?.['cursor'], draft: draft.etag }
}

export interface Unharmed {
  /** An open draft, for requests that are about one. */
  readonly draft: { readonly id: string; readonly etag: string; readonly path: string }
  /** A test after which counts, log, keys and the draft are as they were. */
  test(name: string, work: (t: Test) => Promise<void>): void
  /** A test that each row is refused as it says. */
  refuses(name: string, rows: readonly Row[]): void
}

export async function unharmed(t: Test, client: Client): Promise<Unharmed> {
  const { json, etag } = await client.draft({ title: `Unharmed ${client.word}` })
  const before = await snapshotOf(client, json.id)
  const test: Unharmed['test'] = (name, work) => {
    t.test(name, async (t) => {
      await work(t)
      t.same(await snapshotOf(client, json.id), before, 'nothing was half-done')
    })
  }
  return {
    draft: { id: json.id, etag, path: `/v1/measures/${json.id}/draft` },
    test,
    refuses: (name, rows) =>
      test(`${name} (${rows.length} requests)`, async (t) => {
        const faults: string[] = []
        for (const [name, method, path, ask, status, code, at] of rows) {
          const fault = faultOf(await client.call(method, path, ask), { status, code, at })
          if (fault) faults.push(`${name}: ${fault}`)
        }
        t.same(faults, [])
      })
  }
}
