/**
 * The turnout for screens in a room, as server-sent events (HTML Living Standard, section 9.2). One look at the database a second serves
 * all screens of an exercise; an event is sent when a rounded number has changed.
 */
import { PassThrough, type Readable } from 'node:stream'
import type { Turnout } from './voter.schema.ts'

const LOOK_MS = 1_000
/** Proxies close what is silent for longer. */
const KEEP_ALIVE_MS = 15_000
/** Screens of one process: a room has one, and nobody needs hundreds. */
export const MAX_SCREENS = 200

interface Room {
  readonly screens: Set<PassThrough>
  readonly timer: NodeJS.Timeout
  last: string
}

export class LiveTurnout {
  readonly #look: (id: string) => Promise<Turnout>
  readonly #rooms = new Map<string, Room>()
  readonly #keepAlive: NodeJS.Timeout

  constructor(look: (id: string) => Promise<Turnout>) {
    this.#look = look
    this.#keepAlive = setInterval(() => this.#send(this.#screens(), ': \n\n'), KEEP_ALIVE_MS)
    this.#keepAlive.unref()
  }

  get isFull(): boolean {
    return this.#screens().length >= MAX_SCREENS
  }

  /** A stream of events for one screen: the turnout now, and whenever it changes. */
  watch(id: string, now: Turnout): Readable {
    const screen = new PassThrough()
    const room = this.#rooms.get(id) ?? this.#open(id, JSON.stringify(now))
    room.screens.add(screen)
    screen.on('close', () => this.#leave(id, screen))
    screen.write('retry: 3000\n')
    screen.write(eventOf(JSON.stringify(now)))
    return screen
  }

  /** Ends every stream: the process stops. */
  close(): void {
    clearInterval(this.#keepAlive)
    for (const screen of this.#screens()) screen.end()
  }

  #open(id: string, last: string): Room {
    const room: Room = { screens: new Set(), timer: setInterval(() => void this.#tell(id), LOOK_MS), last }
    room.timer.unref()
    this.#rooms.set(id, room)
    return room
  }

  #leave(id: string, screen: PassThrough): void {
    const room = this.#rooms.get(id)
    if (!room?.screens.delete(screen) || room.screens.size > 0) return
    clearInterval(room.timer)
    this.#rooms.delete(id)
  }

  async #tell(id: string): Promise<void> {
    // Where the database does not answer, the next look may find it again.
    const turnout = await this.#look(id).then(JSON.stringify, () => undefined)
    const room = this.#rooms.get(id)
    if (!room || turnout === undefined || turnout === room.last) return
    room.last = turnout
    this.#send([...room.screens], eventOf(turnout))
  }

  #screens(): PassThrough[] {
    return [...this.#rooms.values()].flatMap(({ screens }) => [...screens])
  }

  #send(screens: readonly PassThrough[], text: string): void {
    for (const screen of screens) screen.write(text)
  }
}

const eventOf = (json: string) => `event: turnout\ndata: ${json}\n\n`
