/** Calls of the API about one's own data. Each throws ApiProblem when it is refused. */
import type { DeleteAccount } from "#contract/personalData.ts";
import { api } from "@/lib/api.ts";
import { saveFile } from "@/lib/saveFile.ts";

const files = {
  json: { path: "/api/v1/me/data", name: "matepeak-data.json" },
  csv: { path: "/api/v1/me/data.zip", name: "matepeak-data.zip" },
} as const;
export type DataFormat = keyof typeof files;

/** A large download may take a while, ms. */
const longestDownload = 5 * 60_000;

/** Saves everything stored about the person as a file of the browser. */
export async function downloadData(format: DataFormat): Promise<void> {
  const { path, name } = files[format];
  saveFile(await api.file(path, { timeout: longestDownload }), name);
}

export function deleteAccount(proof: DeleteAccount): Promise<unknown> {
  return api.post("/api/v1/me/delete", proof);
}
