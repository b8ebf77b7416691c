import { api } from "./api.ts";

/** The items of an answer that has them all. */
export async function readList<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const { data } = await api.get<{ data: T[] }>(path, { signal });
  return data;
}
