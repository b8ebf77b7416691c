import { queryOptions } from "@tanstack/react-query";
import type { DocumentSummary, MoneyDocument } from "#contract/documents.ts";
import type { BillingDetails, TaxSettings } from "#contract/tax.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { billingPath, taxPath } from "./api.ts";

/** What documents can be about; those of a package are apart from those of its sessions. */
export type DocumentSubject =
  | { bookingId: string; purchaseId?: never }
  | { purchaseId: string; bookingId?: never };

/** Below a booking's key: what changes a booking may have issued a document. Newest first; there are few. */
export const documentsQuery = ({ bookingId, purchaseId }: DocumentSubject) =>
  queryOptions({
    queryKey:
      bookingId === undefined
        ? [...queryKeys.own, "package-documents", purchaseId]
        : [...queryKeys.booking(bookingId), "documents"],
    queryFn: ({ signal }) =>
      api.get<{ data: DocumentSummary[] }>("/api/v1/documents", {
        query: { booking_id: bookingId, package_purchase_id: purchaseId, limit: 50 },
        signal,
      }),
  });

/** A document never changes. */
export const documentQuery = (userId: string, id: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "document", id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      api.get<MoneyDocument>(`/api/v1/documents/${encodeURIComponent(id)}`, { signal }),
  });

export const billingQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "billing"],
    queryFn: ({ signal }) => api.get<BillingDetails>(billingPath, { signal }),
  });

export const taxQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.own, userId, "tax"],
    queryFn: ({ signal }) => api.get<TaxSettings>(taxPath, { signal }),
  });
