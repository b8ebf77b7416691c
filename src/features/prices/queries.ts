import { queryOptions } from "@tanstack/react-query";
import type {
  PackagePurchase,
  Quote,
  QuoteProgrammeRequest,
  QuoteRequest,
  QuoteTogether,
  QuoteTogetherRequest,
} from "#contract/offers.ts";
import type { Programme } from "#contract/programmes.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

const quotesKey = ["quotes"];

/** What a session costs the signed-in person now. Fails with the API's sentence if a code or a package can't be used. */
export const quoteQuery = (userId: string, mentorId: string, request: QuoteRequest) =>
  queryOptions({
    queryKey: [...quotesKey, userId, mentorId, request],
    queryFn: ({ signal }) =>
      api.post<Quote>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/quote`, request, { signal }),
  });

/** What several sessions cost together. */
export const quoteTogetherQuery = (userId: string, mentorId: string, request: QuoteTogetherRequest) =>
  queryOptions({
    queryKey: [...quotesKey, userId, mentorId, request],
    queryFn: ({ signal }) =>
      api.post<QuoteTogether>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/quote/together`, request, {
        signal,
      }),
  });

/** What all sessions of a programme cost together. */
export const quoteProgrammeQuery = (
  userId: string,
  { id, expert_id }: Pick<Programme, "id" | "expert_id">,
  request: QuoteProgrammeRequest,
) =>
  queryOptions({
    queryKey: [...quotesKey, userId, id, request],
    queryFn: ({ signal }) =>
      api.post<QuoteTogether>(
        `/api/v1/mentors/${encodeURIComponent(expert_id)}/programmes/${encodeURIComponent(id)}/quote`,
        request,
        { signal },
      ),
  });

export const allQuotes = { queryKey: quotesKey };

/** The packages that the signed-in person has bought. */
export const purchasesQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "packages"],
    queryFn: ({ signal }) => readList<PackagePurchase>("/api/v1/me/packages", signal),
  });
