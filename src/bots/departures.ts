import type { WallClock } from '../core/clock.ts';

/** A message on its way to the platform. One of the two is called once. */
export interface Departure {
  /** The platform has taken it, or has answered otherwise or not at all: it has counted the message by now, if ever. */
  arrived(taken: boolean): void;
  /** Nothing left after all. */
  unused(): void;
}

/** Lets no more messages arrive within any second than the platform takes, on however busy a machine. One for each channel. */
export interface Departures {
  /** Resolves when one more may leave; what is urgent goes before what is not, else in the order of asking. */
  next(urgent: boolean): Promise<Departure>;
}

/** Two moments, each told in whole milliseconds. */
const SECOND_MS = 1_002;

/**
 * When the platform counts a message we do not see, but it is between the departure and the answer, and no trip is shorter than
 * the shortest of all. So a place is free again a second after the answer, less that trip once there were enough to know it. A
 * guess from the call alone was too early whenever something held the call up, and met 429.
 */
export function createDepartures(deps: {
  perSecond: number;
  wall: WallClock;
  pause: (ms: number) => Promise<void>;
}): Departures {
  const { perSecond, wall } = deps;
  const waiting = { urgent: [] as Waiting[], rest: [] as Waiting[] };
  let underWay = 0;
  let trips = 0;
  let shortestMs = Number.POSITIVE_INFINITY;
  /** Answers of the last second. */
  let answered: number[] = [];
  let waking = false;

  const depart = (): Departure => {
    underWay += 1;
    const leftMs = wall.nowMs();
    const end = (): void => {
      underWay -= 1;
      letGo();
    };
    return {
      arrived(taken) {
        const nowMs = wall.nowMs();
        // A clock that was set back meanwhile says nothing of the way.
        if (taken && nowMs >= leftMs) {
          trips += 1;
          shortestMs = Math.min(shortestMs, nowMs - leftMs);
        }
        answered.push(nowMs);
        end();
      },
      unused: end,
    };
  };

  const letGo = (): void => {
    const nowMs = wall.nowMs();
    const takenMs = SECOND_MS - (trips < perSecond ? 0 : shortestMs);
    // What lies ahead is of a clock that went back.
    answered = answered.filter((ms) => ms > nowMs - takenMs && ms <= nowMs);
    while (underWay + answered.length < perSecond) {
      const next = waiting.urgent.shift() ?? waiting.rest.shift();
      if (next === undefined) return;
      next(depart());
    }
    if (waking || answered.length === 0 || waiting.urgent.length + waiting.rest.length === 0) return;
    waking = true;
    void deps.pause(Math.min(...answered) + takenMs - nowMs).then(() => {
      waking = false;
      letGo();
    });
  };

  return {
    next: (urgent) =>
      new Promise((resolve) => {
        (urgent ? waiting.urgent : waiting.rest).push(resolve);
        letGo();
      }),
  };
}

type Waiting = (departure: Departure) => void;
