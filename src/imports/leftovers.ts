/** What killed processes left in the folder for temporary files. */
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How the folders of uploads and of imports under way are called. */
const OURS = /^registry-(?:upload|import)-/
/** Nothing is under way for so long, in whatever process. */
const DAY = 86_400_000

/** Takes away folders that nobody has touched for a day; answers how many. What cannot be taken away is somebody else's. */
export async function sweepLeftovers(now: Date, folder = tmpdir()): Promise<number> {
  let swept = 0
  for (const name of (await readdir(folder)).filter((each) => OURS.test(each))) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (!found || now.getTime() - found.mtimeMs < DAY) continue
    swept += await rm(path, { recursive: true, force: true }).then(
      () => 1,
      () => 0
    )
  }
  return swept
}
