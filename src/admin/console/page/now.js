import { useData } from './data.js';
import { isDemo } from './session.js';

/** The present moment of the service: in a demo its movable clock; null until that is known. */
export function useNow() {
  const clock = useData(isDemo ? '/demo/clock' : null);
  if (!isDemo) return new Date();
  return clock.data === undefined ? null : new Date(clock.data.now);
}
