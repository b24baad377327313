/** The optional form: added to numbers, once for each code. */
import type { Static } from 'typebox'
import type { Writer } from '../../../db/store.ts'
import { problem } from '../../http/problems.ts'
import { voterOf } from './casting.ts'
import { countAnswer, putFormMark } from './form.queries.ts'
import { formMarkOf } from './secrets.ts'
import type { VoterForm } from './voter.schema.ts'

/** Counts what a voter says of themselves. That it was said is noted under a mark that leads to no ballot. */
export async function fillInForm(tx: Writer, id: string, code: string, { level, country }: Static<typeof VoterForm>): Promise<void> {
  const { secret } = await voterOf(tx, id, code)
  if (!(await putFormMark(tx, id, formMarkOf(secret, code))))
    throw problem('conflict', 'The form was filled in with this code already. What was said cannot be found again, and so not be changed.')
  if (level !== undefined) await countAnswer(tx, id, 'level', level)
  // A region would say more of a voter than anybody needs.
  if (country !== undefined) await countAnswer(tx, id, 'country', country.split('-')[0]!)
}
