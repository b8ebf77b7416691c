import { api } from "./api.ts";

/** Fetches a list that has a single page. */
export async function readList<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const { data } = await api.get<{ data: T[] }>(path, { signal });
  return data;
}
