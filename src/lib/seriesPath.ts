/** The page of a series: that of a session, told apart by its query, so that visitors load no address more. */
export function seriesPath(id: string): string {
  return `/sessions/${encodeURIComponent(id)}?${seriesQuery}`;
}

export const seriesQuery = "series";
