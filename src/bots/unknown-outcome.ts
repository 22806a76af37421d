/** When nobody recorded an answer, the platform is asked this long after the attempt what became of it (spec: api.md, Demo; reliability.md B3). */
export const ASK_AFTER_MS = 30_000;
