import { queryOptions } from "@tanstack/react-query";
import type { PackagePurchase, SessionPackage } from "#contract/offers.ts";
import { api } from "@/lib/api.ts";
import { readList } from "@/lib/readList.ts";

/** What a mentor offers, for everyone. */
export const offeredPackagesQuery = (mentorId: string) =>
  queryOptions({
    queryKey: ["offered-packages", mentorId],
    queryFn: ({ signal }) =>
      readList<SessionPackage>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/packages`, signal),
  });

/** The purchase that was begun before, if there is one on the same terms. Throws ApiProblem. */
export function beginPurchase(packageId: string): Promise<PackagePurchase> {
  return api.post(`/api/v1/packages/${encodeURIComponent(packageId)}/purchases`);
}
