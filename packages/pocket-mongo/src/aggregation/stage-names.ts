/** Stages that MongoDB has and this server has not. */
export const STAGES_MISSING_HERE: ReadonlySet<string> = new Set(
  `bucket bucketAuto changeStreamSplitLargeEvent collStats currentOp densify documents facet fill geoNear graphLookup
  indexStats listLocalSessions listSampledQueries listSearchIndexes listSessions merge out planCacheStats querySettings
  queryStats rankFusion redact sample scoreFusion search searchMeta setWindowFields shardedDataDistribution sortByCount
  unionWith vectorSearch`
    .split(/\s+/)
    .map((name) => `$${name}`),
);
